//! What the session answers instead of the API.

use crate::Answer;
use std::{error, fmt, sync::Arc};

/// The session is over, or has not begun: only signing in helps.
///
/// ```
/// use perennial::{ExpiredReason, SessionExpired};
///
/// let over = SessionExpired::new(ExpiredReason::SignedOut);
/// assert_eq!(over.reason(), ExpiredReason::SignedOut);
/// assert!(over.answer().is_none());
/// ```
#[derive(Clone)]
pub struct SessionExpired(Arc<(ExpiredReason, Option<Answer>)>);

impl SessionExpired {
    /// An expiry that no answer brought.
    pub fn new(reason: ExpiredReason) -> Self {
        Self(Arc::new((reason, None)))
    }

    /// An expiry that `answer` brought.
    pub fn answered(reason: ExpiredReason, answer: Answer) -> Self {
        Self(Arc::new((reason, Some(answer))))
    }

    /// Why it is over.
    pub fn reason(&self) -> ExpiredReason {
        self.0.0
    }

    /// The answer that ended it for this call; none if the call was not sent.
    pub fn answer(&self) -> Option<&Answer> {
        self.0.1.as_ref()
    }
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExpiredReason {
    /// The server refused the refresh token.
    Rejected,
    /// The refresh token may have been spent by an answer that was lost.
    Uncertain,
    /// Someone signed out.
    SignedOut,
    /// Nobody has signed in, here or, by the store's word, elsewhere. Where the store cannot be
    /// asked, calls fail with [`RefreshErrorKind::Store`](crate::RefreshErrorKind::Store) instead.
    NeverSignedIn,
}

impl ExpiredReason {
    /// The name as traces have it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Uncertain => "uncertain",
            Self::SignedOut => "signed out",
            Self::NeverSignedIn => "never signed in",
        }
    }
}

impl fmt::Display for ExpiredReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rejected => "the server refused the refresh token",
            Self::Uncertain => "the refresh token may have been spent by an answer that was lost",
            Self::SignedOut => "signed out",
            Self::NeverSignedIn => "never signed in",
        })
    }
}

impl fmt::Debug for SessionExpired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("SessionExpired");
        debug
            .field("reason", &self.reason())
            .field("answer", &self.answer())
            .finish()
    }
}

impl fmt::Display for SessionExpired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the session is over: {}", self.reason())
    }
}

impl error::Error for SessionExpired {}

/// Another sign-in took the place of the one this call was sent for.
///
/// The call was refused with the old identity and is not sent again with the new one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionChanged {}

impl SessionChanged {
    /// For mocks.
    pub fn new() -> Self {
        Self {}
    }
}

impl fmt::Display for SessionChanged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another sign-in took the place of the one this call was sent for")
    }
}

impl error::Error for SessionChanged {}

/// The server refused the credentials, and the session is kept.
///
/// ```
/// use perennial::{Answer, StatusCode, Unauthorized};
///
/// let refused = Unauthorized::new(true, Answer::new(StatusCode::UNAUTHORIZED, "no"));
/// assert_eq!(refused.answer().body, "no");
/// assert!(refused.replayable());
/// ```
#[derive(Clone)]
pub struct Unauthorized(Box<(bool, Answer)>);

impl Unauthorized {
    /// A refusal; `replayable` says whether the request could be sent again.
    pub fn new(replayable: bool, answer: Answer) -> Self {
        Self(Box::new((replayable, answer)))
    }

    /// Whether the request could be sent again: `false` for a body that can be read only once.
    pub fn replayable(&self) -> bool {
        self.0.0
    }

    /// The refusal as it came; its body is cut at 64 KiB.
    pub fn answer(&self) -> &Answer {
        &self.0.1
    }
}

impl fmt::Debug for Unauthorized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Unauthorized");
        debug
            .field("replayable", &self.replayable())
            .field("answer", self.answer())
            .finish()
    }
}

impl fmt::Display for Unauthorized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the credentials were refused ({})",
            self.answer().reason()
        )
    }
}

impl error::Error for Unauthorized {}
