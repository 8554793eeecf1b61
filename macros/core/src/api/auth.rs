//! How a request proves who sends it.

use super::At;
use std::slice;

/// How a request proves who sends it.
#[derive(Clone, Debug, PartialEq)]
pub enum Auth {
    /// `none`: nothing is injected, and a refusal touches no session.
    None,
    /// `bearer`: `Authorization: Bearer …`.
    Bearer,
    /// `basic`: `Authorization: Basic …`.
    Basic,
    /// `header("token")`, `header("token", prefix = "Token ")`.
    Header {
        /// The header's name.
        name: At<String>,
        /// What stands before the token, with its space.
        prefix: Option<String>,
    },
    /// `query("key")`.
    Query(At<String>),
    /// `cookie("sid")`.
    Cookie(At<String>),
    /// `all(bearer, header("X-App-Id"))`: each of them.
    All(Vec<At<Auth>>),
    /// `any(bearer, header("X-Key"), none)`: the first one with a session that is signed in.
    Any(Vec<At<Auth>>),
    /// `optional(bearer)`: signed in, the token is injected; signed out, the call goes bare.
    Optional(Box<Auth>),
}

/// What carries a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A header.
    Header,
    /// A parameter of the query.
    Query,
    /// A cookie.
    Cookie,
}

impl Carrier {
    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Carrier::Header => "header",
            Carrier::Query => "query parameter",
            Carrier::Cookie => "cookie",
        }
    }
}

impl Auth {
    /// The schemes that carry something, of all alternatives.
    pub fn schemes(&self) -> Vec<&Auth> {
        match self {
            Auth::All(inner) | Auth::Any(inner) => inner
                .iter()
                .flat_map(|inner| inner.value.schemes())
                .collect(),
            Auth::Optional(inner) => inner.schemes(),
            Auth::None => Vec::new(),
            one => vec![one],
        }
    }

    /// What carries the token of a single scheme, and its name.
    pub fn carrier(&self) -> Option<(Carrier, &str)> {
        match self {
            Auth::Bearer | Auth::Basic => Some((Carrier::Header, "Authorization")),
            Auth::Header { name, .. } => Some((Carrier::Header, &name.value)),
            Auth::Query(name) => Some((Carrier::Query, &name.value)),
            Auth::Cookie(name) => Some((Carrier::Cookie, &name.value)),
            Auth::None | Auth::All(_) | Auth::Any(_) | Auth::Optional(_) => None,
        }
    }

    /// The single scheme that sends this, if one does; headers are told apart by no case.
    pub fn sender(&self, carrier: Carrier, name: &str) -> Option<&Auth> {
        self.schemes().into_iter().find(|scheme| {
            scheme.carrier().is_some_and(|(other, own)| {
                other == carrier
                    && match carrier {
                        Carrier::Header => own.eq_ignore_ascii_case(name),
                        Carrier::Query | Carrier::Cookie => own == name,
                    }
            })
        })
    }

    /// The alternatives of a choice, in their order; a single one where there is no choice.
    /// `none` among them goes without.
    pub fn alternatives(&self) -> Vec<&Auth> {
        match self {
            Auth::Any(inner) => inner.iter().map(|inner| &inner.value).collect(),
            Auth::Optional(inner) => {
                let mut all = inner.alternatives();
                all.push(&Auth::None);
                all
            }
            one => slice::from_ref(one).iter().collect(),
        }
    }

    /// The word it is written with.
    pub fn word(&self) -> &'static str {
        match self {
            Auth::None => "none",
            Auth::Bearer => "bearer",
            Auth::Basic => "basic",
            Auth::Header { .. } => "header(…)",
            Auth::Query(_) => "query(…)",
            Auth::Cookie(_) => "cookie(…)",
            Auth::All(_) => "all(…)",
            Auth::Any(_) => "any(…)",
            Auth::Optional(_) => "optional(…)",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sends_what() {
        let key = Auth::Query("key".to_owned().into());
        let header = Auth::Header {
            name: "X-Key".to_owned().into(),
            prefix: None,
        };
        let both = Auth::All(vec![Auth::Bearer.into(), key.clone().into()]);
        let auth = Auth::Optional(Box::new(Auth::Any(vec![
            both.into(),
            header.clone().into(),
        ])));
        assert_eq!(auth.schemes(), [&Auth::Bearer, &key, &header]);
        assert_eq!(auth.alternatives().len(), 3);
        assert_eq!(auth.sender(Carrier::Header, "x-key"), Some(&header));
        assert_eq!(auth.sender(Carrier::Query, "key"), Some(&key));
        assert_eq!(auth.sender(Carrier::Query, "Key"), None);
        assert_eq!(auth.sender(Carrier::Cookie, "key"), None);
        assert_eq!(Auth::None.alternatives(), [&Auth::None]);
    }
}
