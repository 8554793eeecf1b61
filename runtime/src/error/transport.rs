//! No answer, or only a part of one.

use std::{error, fmt};

type Source = Box<dyn error::Error + Send + Sync>;

/// No answer came, or only a part of one.
///
/// ```
/// use perennial::{TransportError, TransportKind};
///
/// let cause = std::io::Error::other("the cable is out");
/// let error = TransportError::new(TransportKind::Connect, cause);
/// assert_eq!(error.kind(), TransportKind::Connect);
/// assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the cable is out");
/// ```
#[derive(Debug)]
pub struct TransportError(Box<(TransportKind, Option<Source>)>);

/// Where the transport failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportKind {
    /// No connection could be made.
    Connect,
    /// Time ran out.
    Timeout,
    /// The request's body could not be read, or the answer's broke off.
    Body,
    /// A redirect could not be followed.
    Redirect,
    /// The connection broke before an answer came, or something else did.
    Broken,
}

impl TransportError {
    /// A failure with its cause.
    pub fn new(kind: TransportKind, source: impl Into<Source>) -> Self {
        Self(Box::new((kind, Some(source.into()))))
    }

    /// Time ran out for the call as a whole.
    pub fn timeout() -> Self {
        Self(Box::new((TransportKind::Timeout, None)))
    }

    /// Takes over what the HTTP client says, without the URL: its query may hold a secret.
    pub(crate) fn from_http(error: reqwest::Error) -> Self {
        let kind = match () {
            () if error.is_timeout() => TransportKind::Timeout,
            () if error.is_connect() => TransportKind::Connect,
            () if is_body(&error) => TransportKind::Body,
            () => TransportKind::Broken,
        };
        Self::new(kind, error.without_url())
    }

    /// Where it failed.
    pub fn kind(&self) -> TransportKind {
        self.0.0
    }
}

/// A request's own stream that fails is told only further down, as the cause of a broken exchange.
fn is_body(error: &reqwest::Error) -> bool {
    let mut next: Option<&dyn error::Error> = Some(error);
    while let Some(error) = next {
        match error.downcast_ref::<reqwest::Error>() {
            Some(error) if error.is_body() || error.is_decode() => return true,
            _ => next = error.source(),
        }
    }
    false
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind() {
            TransportKind::Connect => "no connection to the server",
            TransportKind::Timeout => "no answer in time",
            TransportKind::Body => "the body broke off",
            TransportKind::Redirect => "the redirect cannot be followed",
            TransportKind::Broken => "the exchange with the server broke",
        })
    }
}

impl error::Error for TransportError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.1.as_deref().map(|source| source as _)
    }
}
