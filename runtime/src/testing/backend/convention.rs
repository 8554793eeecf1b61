//! How the back end speaks: where the token stands, and how refusals are dressed.

use super::canned::Canned;
use super::grants::Pair;
use super::record::Request;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// How a back end names tokens and says no.
///
/// ```
/// use perennial::testing::{Backend, Convention};
///
/// let backend = Backend::plan(Convention::Envelope { refusals: 400 }).start();
/// assert_eq!(backend.convention(), Convention::Envelope { refusals: 400 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Convention {
    /// `Authorization: Bearer`, tokens as OAuth2 names them, HTTP status 401 and 402; a dead
    /// refresh token is a 402, too.
    Status,
    /// The same with a dead refresh token answered `400 invalid_grant` (RFC 6749, section 5.2).
    OAuth2,
    /// A header called `token`, and `{code, msg, data}` under this HTTP status for refusals.
    Envelope {
        /// The HTTP status of refusals: 400 or 200.
        refusals: u16,
    },
}

impl Convention {
    pub(super) fn place(self) -> Place {
        match self {
            Self::Status | Self::OAuth2 => Place::Header("authorization", "Bearer "),
            Self::Envelope { .. } => Place::Header("token", ""),
        }
    }

    /// The members of a pair, as the convention names them.
    fn names(self) -> [&'static str; 3] {
        match self {
            Self::Status | Self::OAuth2 => ["access_token", "refresh_token", "expires_in"],
            Self::Envelope { .. } => ["token", "refreshToken", "expiresIn"],
        }
    }

    pub(super) fn refresh_token(self, request: &Request) -> Option<String> {
        let [_, name, _] = self.names();
        let query = request.query.as_deref().unwrap_or_default().as_bytes();
        let json = || {
            let value: Value = serde_json::from_slice(&request.body).ok()?;
            Some(value.get(name)?.as_str()?.to_owned())
        };
        field(query, name)
            .or_else(|| field(&request.body, name))
            .or_else(json)
    }

    /// An answer that carries `data`.
    #[must_use]
    pub fn success(self, data: &Value) -> Canned {
        match self {
            Self::Status | Self::OAuth2 => Canned::json(200, data),
            Self::Envelope { .. } => {
                Canned::json(200, &json!({ "code": 200, "msg": "success", "data": data }))
            }
        }
    }

    /// "The access token has expired": 401.
    #[must_use]
    pub fn expired(self) -> Canned {
        let answer = self.refusal(401, "the token has expired");
        match self {
            Self::Status | Self::OAuth2 => {
                answer.header("www-authenticate", "Bearer error=\"invalid_token\"")
            }
            Self::Envelope { .. } => answer,
        }
    }

    /// "The session is over": 402.
    #[must_use]
    pub fn over(self) -> Canned {
        self.refusal(402, "please sign in again")
    }

    /// "This refresh token is dead": 402, or `400 invalid_grant`.
    #[must_use]
    pub fn rejected(self) -> Canned {
        match self {
            Self::OAuth2 => Canned::json(400, &json!({ "error": "invalid_grant" })),
            Self::Status | Self::Envelope { .. } => self.over(),
        }
    }

    /// Any refusal.
    #[must_use]
    pub fn refusal(self, code: u16, message: &str) -> Canned {
        match self {
            Self::Status | Self::OAuth2 => Canned::json(code, &json!({ "message": message })),
            Self::Envelope { refusals } => Canned::json(
                refusals,
                &json!({ "code": code, "msg": message, "data": null }),
            ),
        }
    }

    /// The answer to a sign-in or a refresh that gave out this pair.
    #[must_use]
    pub fn pair(self, pair: &Pair) -> Canned {
        let [access, refresh, expires] = self.names();
        let mut data = Map::new();
        data.insert(access.to_owned(), json!(pair.access));
        if !pair.refresh.is_empty() {
            data.insert(refresh.to_owned(), json!(pair.refresh));
        }
        if let Some(lifetime) = pair.expires_in {
            data.insert(expires.to_owned(), json!(lifetime.as_secs()));
        }
        if !matches!(self, Self::Envelope { .. }) {
            data.insert("token_type".to_owned(), json!("Bearer"));
        }
        self.success(&Value::Object(data))
    }
}

/// Where a request carries its access token.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// A header of this name, behind this prefix.
    Header(&'static str, &'static str),
    /// A parameter of the query.
    Query(&'static str),
    /// A cookie.
    Cookie(&'static str),
}

impl Place {
    pub(super) fn token(self, request: &Request) -> Option<String> {
        let header = |name| request.headers.get(name)?.to_str().ok();
        match self {
            Self::Header(name, prefix) => Some(header(name)?.strip_prefix(prefix)?.to_owned()),
            Self::Query(name) => field(request.query.as_deref()?.as_bytes(), name),
            Self::Cookie(name) => header("cookie")?.split("; ").find_map(|cookie| {
                let (key, value) = cookie.split_once('=')?;
                (key == name).then(|| value.to_owned())
            }),
        }
    }
}

/// One field of a form or a query.
pub(super) fn field(form: &[u8], name: &str) -> Option<String> {
    url::form_urlencoded::parse(form)
        .find(|(key, _)| key == name)
        .map(|(_, value)| Cow::into_owned(value))
}
