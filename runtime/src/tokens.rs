//! What a sign-in or a refresh gives.

use crate::Secret;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;
use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// An access token, with what renews it and how long it lives.
///
/// Types of one's own convert into it: `impl From<LoginAnswer> for Tokens`. An expiry that is not
/// positive or cannot be read counts as unknown, and then only the server's 401 tells that the
/// token is over.
///
/// ```
/// use perennial::Tokens;
/// use std::time::Duration;
///
/// let tokens = Tokens::new("access").refresh_token("refresh").expires_in(Duration::from_secs(3600));
/// assert_eq!(tokens.access().expose(), "access");
/// assert!(!format!("{tokens:?}").contains("refresh\""));
/// ```
#[derive(Clone, Debug)]
pub struct Tokens {
    access: Secret,
    refresh: Option<Secret>,
    expiry: Expiry,
}

/// How long an access token lives, as the answer said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expiry {
    /// Nothing was said.
    Unknown,
    /// Something was said that makes no sense; a diagnostic is due.
    Unreadable,
    /// Counted from the arrival of the answer.
    In(Duration),
    /// By the server's calendar; becomes a lifetime on arrival.
    At(SystemTime),
}

impl Tokens {
    /// An access token that cannot be renewed and whose expiry is unknown.
    pub fn new(access: impl Into<Secret>) -> Self {
        Self {
            access: access.into(),
            refresh: None,
            expiry: Expiry::Unknown,
        }
    }

    /// Adds the refresh token. An empty one counts as none.
    pub fn refresh_token(mut self, refresh: impl Into<Secret>) -> Self {
        self.refresh = Some(refresh.into()).filter(|refresh| !refresh.is_empty());
        self
    }

    pub(crate) fn without_refresh_token(mut self) -> Self {
        self.refresh = None;
        self
    }

    /// Sets the lifetime, counted from now. Zero counts as unknown.
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.expiry = if lifetime.is_zero() {
            Expiry::Unreadable
        } else {
            Expiry::In(lifetime)
        };
        self
    }

    /// Sets the lifetime in seconds. Zero, negative and not a number count as unknown.
    pub fn expires_in_seconds(self, seconds: f64) -> Self {
        match Duration::try_from_secs_f64(seconds) {
            Ok(lifetime) => self.expires_in(lifetime),
            // More seconds than a `Duration` holds are for ever; the rest is nonsense.
            Err(_) if seconds > 0.0 => self.expires_in(Duration::MAX),
            Err(_) => self.expires_in(Duration::ZERO),
        }
    }

    /// Sets the moment of expiry. It becomes a lifetime when the session takes the tokens, so
    /// that a clock which is wrong all the time does no harm.
    pub fn expires_at(mut self, moment: SystemTime) -> Self {
        self.expiry = Expiry::At(moment);
        self
    }

    /// Sets the moment of expiry in seconds since 1970 (the `exp` of a JSON Web Token).
    pub fn expires_at_unix(self, seconds: f64) -> Self {
        match Duration::try_from_secs_f64(seconds)
            .ok()
            .and_then(|at| UNIX_EPOCH.checked_add(at))
        {
            Some(moment) => self.expires_at(moment),
            None => self.expires_in(Duration::ZERO),
        }
    }

    /// The access token.
    pub fn access(&self) -> &Secret {
        &self.access
    }

    /// The refresh token, if there is one.
    pub fn refresh(&self) -> Option<&Secret> {
        self.refresh.as_ref()
    }

    pub(crate) fn expiry(&self) -> Expiry {
        self.expiry
    }
}

impl From<Secret> for Tokens {
    fn from(access: Secret) -> Self {
        Self::new(access)
    }
}

impl From<String> for Tokens {
    fn from(access: String) -> Self {
        Self::new(access)
    }
}

impl From<&str> for Tokens {
    fn from(access: &str) -> Self {
        Self::new(access)
    }
}

/// The answer of an OAuth2 token endpoint (RFC 6749, section 5.1), read leniently.
///
/// Only `access_token` must be there. `expires_in` may be a number or a text; one that makes no
/// sense is ignored, as are members that are not known.
///
/// ```
/// use perennial::{OAuth2Tokens, Tokens};
///
/// let answer = r#"{"access_token": "A2", "refresh_token": "R2", "expires_in": "3600"}"#;
/// let tokens: Tokens = serde_json::from_str::<OAuth2Tokens>(answer)?.into();
/// assert_eq!(tokens.refresh().map(|token| token.expose()), Some("R2"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct OAuth2Tokens {
    tokens: Tokens,
    scope: Option<String>,
    token_type: Option<String>,
}

impl OAuth2Tokens {
    /// The pair and its expiry.
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// The scopes that were granted, separated by spaces, if the answer names them.
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// How the access token is used, most often `Bearer`.
    pub fn token_type(&self) -> Option<&str> {
        self.token_type.as_deref()
    }
}

impl From<OAuth2Tokens> for Tokens {
    fn from(answer: OAuth2Tokens) -> Self {
        answer.tokens
    }
}

impl fmt::Debug for OAuth2Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth2Tokens")
            .field("tokens", &self.tokens)
            .field("scope", &self.scope)
            .field("token_type", &self.token_type)
            .finish()
    }
}

impl<'de> Deserialize<'de> for OAuth2Tokens {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Never through an error of serde's own: it would repeat the value it did not like.
        let Value::Object(mut answer) = Value::deserialize(deserializer)? else {
            return Err(de::Error::custom("expected an object with an access token"));
        };
        let mut text = |member: &str| match answer.remove(member) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            _ => None,
        };
        let access =
            text("access_token").ok_or_else(|| de::Error::custom("no `access_token` in it"))?;
        let mut tokens = Tokens::new(access);
        if let Some(refresh) = text("refresh_token") {
            tokens = tokens.refresh_token(refresh);
        }
        let (scope, token_type) = (text("scope"), text("token_type"));
        tokens = match answer.get("expires_in") {
            None | Some(Value::Null) => tokens,
            Some(said) => tokens.expires_in_seconds(seconds(said).unwrap_or(f64::NAN)),
        };
        Ok(Self {
            tokens,
            scope,
            token_type,
        })
    }
}

fn seconds(said: &Value) -> Option<f64> {
    match said {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expiry(answer: &str) -> Expiry {
        let answer = format!(r#"{{"access_token":"A2","refresh_token":"R2"{answer}}}"#);
        let tokens = Tokens::from(serde_json::from_str::<OAuth2Tokens>(&answer).unwrap());
        assert_eq!(tokens.access().expose(), "A2");
        assert_eq!(tokens.refresh().map(Secret::expose), Some("R2"));
        tokens.expiry()
    }

    #[test]
    fn every_spelling_of_the_lifetime_keeps_the_pair() {
        let hour = Expiry::In(Duration::from_secs(3600));
        assert_eq!(expiry(r#","expires_in":3600"#), hour);
        assert_eq!(expiry(r#","expires_in":"3600""#), hour);
        assert_eq!(expiry(r#","expires_in":3600.0,"extra":{"a":[1]}"#), hour);
        assert_eq!(expiry(""), Expiry::Unknown);
        assert_eq!(expiry(r#","expires_in":null"#), Expiry::Unknown);
        assert_eq!(expiry(r#","expires_in":-1"#), Expiry::Unreadable);
        assert_eq!(expiry(r#","expires_in":0"#), Expiry::Unreadable);
        assert_eq!(expiry(r#","expires_in":"soon""#), Expiry::Unreadable);
        assert_eq!(expiry(r#","expires_in":[]"#), Expiry::Unreadable);
        assert_eq!(
            expiry(r#","expires_in":1e12"#),
            Expiry::In(Duration::from_secs(10u64.pow(12)))
        );
        assert_eq!(expiry(r#","expires_in":1e300"#), Expiry::In(Duration::MAX));
    }

    #[test]
    fn an_answer_without_access_token_says_so_and_no_more() {
        for answer in [
            r#"{"access_token":"","x":"S"}"#,
            r#"{"access_token":7}"#,
            r#"["S"]"#,
        ] {
            let error = serde_json::from_str::<OAuth2Tokens>(answer)
                .unwrap_err()
                .to_string();
            assert!(error.contains("access"), "{error}");
            assert!(!error.contains('S') && !error.contains('7'), "{error}");
        }
    }

    #[test]
    fn an_absolute_moment_is_kept_as_such() {
        let at = Expiry::At(UNIX_EPOCH + Duration::from_secs(5));
        assert_eq!(Tokens::new("A").expires_at_unix(5.0).expiry(), at);
        assert_eq!(
            Tokens::new("A").expires_at_unix(-5.0).expiry(),
            Expiry::Unreadable
        );
    }
}
