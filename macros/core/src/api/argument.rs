//! Arguments of endpoints, and where they go.

use super::{At, Case};
use syn::{Attribute, Expr, Ident, Type, ext::IdentExt};

/// An argument of an endpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Attributes other than the kind: `cfg` and lint levels.
    pub attrs: Vec<Attribute>,
    /// Where it goes.
    pub kind: At<Kind>,
    /// Its name.
    pub ident: Ident,
    /// Its type as written.
    pub ty: Type,
}

impl Argument {
    /// An argument without further attributes.
    pub fn new(kind: Kind, ident: Ident, ty: Type) -> Self {
        Self {
            attrs: Vec::new(),
            kind: kind.into(),
            ident,
            ty,
        }
    }

    /// Whether it comes and goes with a `cfg`.
    pub fn is_conditional(&self) -> bool {
        self.attrs.iter().any(|attr| attr.path().is_ident("cfg"))
    }

    /// The name on the wire, for kinds that have one: what was written, else the argument's own.
    pub fn wire_name(&self, case: Option<Case>) -> Option<String> {
        let (name, case) = match &self.kind.value {
            Kind::Query { name, .. } | Kind::Cookie { name } | Kind::Field { name, .. } => {
                (name, case)
            }
            Kind::Header { name } => (name, Some(Case::Kebab)),
            _ => return None,
        };
        let own = || self.ident.unraw().to_string();
        Some(match name {
            Some(name) => name.value.clone(),
            None => case.map_or_else(own, |case| case.apply(&own())),
        })
    }

    /// What `None` sends, if it sends something.
    pub fn default(&self) -> Option<&Expr> {
        match &self.kind.value {
            Kind::Query { default, .. } => default.as_ref(),
            _ => None,
        }
    }
}

/// Where an argument goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// No attribute, or `#[path]`: the placeholder of the same name.
    Path,
    /// `#[url]`: the whole URL, resolved against the base.
    Url,
    /// `#[query]`: one parameter.
    Query {
        /// The name, where it is not the argument's.
        name: Option<At<String>>,
        /// How a value of several parts is written.
        style: Style,
        /// What `None` sends.
        default: Option<Expr>,
    },
    /// `#[query(flatten)]`: each member is a parameter.
    Queries,
    /// `#[params]`: a struct with `#[derive(Params)]`.
    Params,
    /// `#[header]`.
    Header {
        /// The name, where it is not the argument's with dashes.
        name: Option<At<String>>,
    },
    /// `#[cookie]`.
    Cookie {
        /// The name, where it is not the argument's.
        name: Option<At<String>>,
    },
    /// `#[json]`: the whole body.
    Json,
    /// `#[form]`: the whole body.
    Form {
        /// How members of several parts are written.
        style: Style,
    },
    /// `#[field]`: one field of a form.
    Field {
        /// The name, where it is not the argument's.
        name: Option<At<String>>,
        /// How a value of several parts is written.
        style: Style,
    },
    /// `#[body(mime = "text/csv")]`: bytes, text or a stream.
    Body {
        /// The media type, where it is not the type's own.
        mime: Option<At<String>>,
    },
}

impl Kind {
    /// `#[query]` under the argument's own name.
    pub fn query() -> Self {
        Kind::Query {
            name: None,
            style: Style::default(),
            default: None,
        }
    }

    /// Whether it is the body or a part of it.
    pub fn is_body(&self) -> bool {
        matches!(
            self,
            Kind::Json | Kind::Form { .. } | Kind::Field { .. } | Kind::Body { .. }
        )
    }
}

/// How a value of several parts is written (OpenAPI 3.1, section 4.8.12.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// `form`: the name is repeated.
    #[default]
    Form,
    /// `csv`: joined by commas.
    Csv,
    /// `space`: joined by spaces.
    Space,
    /// `pipe`: joined by `|`.
    Pipe,
    /// `deepObject`: `name[member]=value`.
    DeepObject,
}

impl Style {
    /// Each style and how it is written.
    pub const ALL: [(&'static str, Style); 5] = [
        ("form", Style::Form),
        ("csv", Style::Csv),
        ("space", Style::Space),
        ("pipe", Style::Pipe),
        ("deepObject", Style::DeepObject),
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, style)| *style == self)
            .map_or("", |(word, _)| word)
    }
}
