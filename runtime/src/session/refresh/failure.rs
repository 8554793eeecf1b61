//! How a refresh can fail, as far as the refresher knows.

use super::RetryAfter;
use http::{HeaderMap, StatusCode, header};
use std::{error, fmt};

type Source = Box<dyn error::Error + Send + Sync>;

/// What became of a refresh token that was to be spent.
#[derive(Debug)]
#[non_exhaustive]
pub enum RefreshFailure {
    /// It never left the process.
    NotSent(Source),
    /// It may have arrived, and no whole answer came back.
    Unanswered(Source),
    /// The server answered, and not with tokens.
    Answered(Refused),
    /// The server answered 2xx without an access token that can be read.
    Unreadable(Source),
}

impl RefreshFailure {
    /// It never left the process.
    pub fn not_sent(source: impl Into<Source>) -> Self {
        Self::NotSent(source.into())
    }

    /// It may have arrived, and no whole answer came back.
    pub fn unanswered(source: impl Into<Source>) -> Self {
        Self::Unanswered(source.into())
    }

    /// The server answered 2xx without an access token that can be read.
    pub fn unreadable(source: impl Into<Source>) -> Self {
        Self::Unreadable(source.into())
    }
}

impl fmt::Display for RefreshFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(_) => f.write_str("the refresh token was not sent"),
            Self::Unanswered(_) => f.write_str("the refresh token was sent and not answered"),
            Self::Answered(refused) => refused.fmt(f),
            Self::Unreadable(_) => f.write_str("the answer holds no access token"),
        }
    }
}

impl error::Error for RefreshFailure {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::NotSent(source) | Self::Unanswered(source) | Self::Unreadable(source) => {
                Some(source.as_ref())
            }
            Self::Answered(_) => None,
        }
    }
}

impl From<Refused> for RefreshFailure {
    fn from(refused: Refused) -> Self {
        Self::Answered(refused)
    }
}

/// A refresh answered with something else than tokens; the body is not kept.
#[derive(Clone, Debug)]
pub struct Refused {
    pub(crate) status: StatusCode,
    pub(crate) code: Option<i64>,
    pub(crate) oauth_error: Option<String>,
    pub(crate) retry_after: Option<RetryAfter>,
}

impl Refused {
    /// An answer with this HTTP status.
    pub fn new(status: StatusCode) -> Self {
        Self {
            status,
            code: None,
            oauth_error: None,
            retry_after: None,
        }
    }

    /// Adds the code of the API's envelope.
    pub fn code(mut self, code: i64) -> Self {
        self.code = Some(code);
        self
    }

    /// Adds the `error` member of an OAuth2 error answer (RFC 6749, section 5.2).
    pub fn oauth_error(mut self, error: impl Into<String>) -> Self {
        self.oauth_error = Some(error.into());
        self
    }

    /// Takes `Retry-After` from the headers, if it is there and can be read.
    pub fn headers(mut self, headers: &HeaderMap) -> Self {
        self.retry_after = headers
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(RetryAfter::parse);
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the refresh was answered with {}", self.status)?;
        if let Some(code) = self.code {
            write!(f, ", code {code}")?;
        }
        // The server's own words may hold anything; only the standard ones are repeated.
        match self.oauth_error.as_deref() {
            Some(error) if OAUTH_ERRORS.contains(&error) => write!(f, ", {error}"),
            _ => Ok(()),
        }
    }
}

impl error::Error for Refused {}

/// RFC 6749, section 5.2. Other words under the same name are a back end's own.
pub(crate) const OAUTH_ERRORS: [&str; 8] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    // Of the authorization endpoint (section 4.1.2.1), but token endpoints use them, too.
    "temporarily_unavailable",
    "server_error",
];
