//! No usable token came, and the session is kept.

use crate::RefreshFailure;
use http::StatusCode;
use std::{error, fmt, sync::Arc, time::SystemTime};

/// No usable token could be had; the session is kept, and a later call may succeed.
///
/// All calls that waited for one renewal share its cause.
///
/// ```
/// use perennial::{RefreshError, RefreshErrorKind};
///
/// let error = RefreshError::new(RefreshErrorKind::Throttled);
/// assert_eq!(error.kind(), RefreshErrorKind::Throttled);
/// assert_eq!(error.retry_at(), None);
/// ```
#[derive(Clone)]
pub struct RefreshError(Arc<Inner>);

struct Inner {
    kind: RefreshErrorKind,
    retry_at: Option<SystemTime>,
    source: Option<Arc<dyn error::Error + Send + Sync>>,
}

/// What stood in the way of a usable token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefreshErrorKind {
    /// The renewal could not be sent, or its answer did not arrive.
    Transport,
    /// The server refused the renewal without refusing the token.
    Server,
    /// The renewal was answered with something that holds no token.
    Protocol,
    /// A renewal failed a moment ago; the next one is not due yet.
    Throttled,
    /// Renewed tokens are refused again and again.
    Storm,
    /// The wait for a renewal took too long.
    Deadline,
    /// Too many calls, or too many bytes, wait already.
    Parked,
    /// The store could not be read, locked or written, or did not answer: whether anybody is
    /// signed in is not known, or the tokens that are known may not be renewed. The source is a
    /// [`StoreError`](crate::StoreError).
    Store,
}

impl RefreshErrorKind {
    /// The name as traces have it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Server => "server",
            Self::Protocol => "protocol",
            Self::Throttled => "throttled",
            Self::Storm => "storm",
            Self::Deadline => "deadline",
            Self::Parked => "parked",
            Self::Store => "store",
        }
    }
}

impl RefreshError {
    /// An error without a cause of its own.
    pub fn new(kind: RefreshErrorKind) -> Self {
        Self::with(kind, None, None)
    }

    /// An error with the moment from which on another attempt is due, and a cause.
    pub fn with(
        kind: RefreshErrorKind,
        retry_at: Option<SystemTime>,
        source: Option<Arc<dyn error::Error + Send + Sync>>,
    ) -> Self {
        Self(Arc::new(Inner {
            kind,
            retry_at,
            source,
        }))
    }

    /// What stood in the way.
    pub fn kind(&self) -> RefreshErrorKind {
        self.0.kind
    }

    /// The moment from which on another attempt is due, where one is known.
    pub fn retry_at(&self) -> Option<SystemTime> {
        self.0.retry_at
    }

    /// The HTTP status that the renewal was refused with, where it was answered at all.
    pub fn status(&self) -> Option<StatusCode> {
        let mut next = error::Error::source(self);
        while let Some(cause) = next {
            if let Some(RefreshFailure::Answered(refused)) = cause.downcast_ref() {
                return Some(refused.status());
            }
            next = cause.source();
        }
        None
    }
}

impl fmt::Debug for RefreshError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("RefreshError");
        debug
            .field("kind", &self.0.kind)
            .field("retry_at", &self.0.retry_at);
        debug.field("source", &self.0.source).finish()
    }
}

impl fmt::Display for RefreshError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.kind {
            RefreshErrorKind::Transport => "the renewal of the session did not get through",
            RefreshErrorKind::Server => "the server refused to renew the session for now",
            RefreshErrorKind::Protocol => "the renewal of the session brought no token",
            RefreshErrorKind::Throttled => "the session is not renewed again yet",
            RefreshErrorKind::Storm => "renewed tokens are refused again and again",
            RefreshErrorKind::Deadline => "the renewal of the session took too long",
            RefreshErrorKind::Parked => "too many calls wait for the session already",
            RefreshErrorKind::Store => {
                "the session's store failed, which signs nobody out: mend it, or sign in again"
            }
        })
    }
}

impl error::Error for RefreshError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
