//! How the back end speaks: which header carries the token, and how refusals are dressed.

use super::canned::Canned;
use super::grants::Pair;
use super::ledger::Request;
use http::HeaderMap;
use serde_json::{Value, json};
use std::borrow::Cow;

/// One of the two conventions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Convention {
    /// `Authorization: Bearer`, HTTP status 401 and 402, tokens as OAuth2 names them.
    Status,
    /// A header called `token`, and `{code, msg, data}` under this HTTP status for refusals.
    Envelope {
        /// The HTTP status of refusals: 400 or 200.
        refusals: u16,
    },
}

impl Convention {
    pub(super) fn header(self) -> (&'static str, &'static str) {
        match self {
            Self::Status => ("authorization", "Bearer "),
            Self::Envelope { .. } => ("token", ""),
        }
    }

    pub(super) fn refresh_token(self, request: &Request) -> Option<String> {
        let name = match self {
            Self::Status => "refresh_token",
            Self::Envelope { .. } => "refreshToken",
        };
        let query = request.query.as_deref().unwrap_or_default().as_bytes();
        let found = |text: &[u8]| {
            let mut pairs = url::form_urlencoded::parse(text);
            pairs
                .find(|(key, _)| key == name)
                .map(|(_, value)| Cow::into_owned(value))
        };
        let json = || {
            let value: Value = serde_json::from_slice(&request.body).ok()?;
            Some(value.get(name)?.as_str()?.to_owned())
        };
        found(query).or_else(|| found(&request.body)).or_else(json)
    }

    /// An answer that carries `data`.
    #[must_use]
    pub fn success(self, data: &Value) -> Canned {
        match self {
            Self::Status => Canned::json(200, data),
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
            Self::Status => answer.header("www-authenticate", "Bearer error=\"invalid_token\""),
            Self::Envelope { .. } => answer,
        }
    }

    /// "The session is over": 402.
    #[must_use]
    pub fn over(self) -> Canned {
        self.refusal(402, "please sign in again")
    }

    /// Any refusal.
    #[must_use]
    pub fn refusal(self, code: u16, message: &str) -> Canned {
        match self {
            Self::Status => Canned::json(code, &json!({ "message": message })),
            Self::Envelope { refusals } => Canned::json(
                refusals,
                &json!({ "code": code, "msg": message, "data": null }),
            ),
        }
    }

    pub(super) fn pair(self, pair: &Pair, lifetime: Option<u64>) -> Canned {
        let (access, refresh, expires) = match self {
            Self::Status => ("access_token", "refresh_token", "expires_in"),
            Self::Envelope { .. } => ("token", "refreshToken", "expiresIn"),
        };
        let mut data = serde_json::Map::new();
        data.insert(access.to_owned(), json!(pair.access));
        if !pair.refresh.is_empty() {
            data.insert(refresh.to_owned(), json!(pair.refresh));
        }
        if let Some(seconds) = lifetime {
            data.insert(expires.to_owned(), json!(seconds));
        }
        if self == Self::Status {
            data.insert("token_type".to_owned(), json!("Bearer"));
        }
        self.success(&Value::Object(data))
    }
}

/// The token in a header of this name and prefix.
pub(super) fn token_in(headers: &HeaderMap, (name, prefix): (&str, &str)) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.strip_prefix(prefix)?.to_owned())
}
