//! What a method injects.

/// What a method injects.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Auth {
    /// Nothing, and no refresh.
    #[default]
    None,
    /// `Authorization: Bearer`.
    Bearer,
    /// Client credentials or a user's, by HTTP basic.
    Basic,
    /// A named header, with what stands before the token.
    Header {
        /// Its name.
        name: String,
        /// What stands before the token.
        prefix: Option<String>,
    },
    /// A parameter of the query.
    Query(String),
    /// A cookie.
    Cookie(String),
    /// Each of these single schemes, two or more.
    All(Vec<Auth>),
    /// The first of these with a live session, two or more; none of them is a choice.
    Any(Vec<Auth>),
    /// The inner one if signed in, else nothing.
    Optional(Box<Auth>),
}

impl Auth {
    /// All of `schemes`.
    pub fn all(mut schemes: Vec<Auth>) -> Self {
        match schemes.len() {
            0 => Auth::None,
            1 => schemes.remove(0),
            _ => Auth::All(schemes),
        }
    }

    /// One of `alternatives`, in their order; `bare` if it may be none of them.
    pub fn any(mut alternatives: Vec<Auth>, bare: bool) -> Self {
        let found = match alternatives.len() {
            0 => return Auth::None,
            1 => alternatives.remove(0),
            _ => Auth::Any(alternatives),
        };
        if bare {
            Auth::Optional(Box::new(found))
        } else {
            found
        }
    }

    /// The single schemes of all alternatives, in their order.
    pub fn schemes(&self) -> Vec<&Auth> {
        match self {
            Auth::None => Vec::new(),
            Auth::All(inner) | Auth::Any(inner) => inner.iter().flat_map(Auth::schemes).collect(),
            Auth::Optional(inner) => inner.schemes(),
            single => vec![single],
        }
    }

    /// What `.session_for(…)` calls a single scheme; client credentials have a method of their own.
    pub fn wire_name(&self) -> Option<&str> {
        match self {
            Auth::Bearer => Some("bearer"),
            Auth::Header { name, .. } | Auth::Query(name) | Auth::Cookie(name) => Some(name),
            Auth::None | Auth::Basic | Auth::All(_) | Auth::Any(_) | Auth::Optional(_) => None,
        }
    }
}
