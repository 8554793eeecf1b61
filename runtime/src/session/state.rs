//! What a session is doing, for those who look from outside.

use crate::error::ExpiredReason;
use std::time::SystemTime;

/// What a session is doing; it may do something else a moment later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionState {
    /// Nobody is signed in.
    SignedOut,
    /// Signed in.
    Active,
    /// Signed in, and new tokens are being fetched.
    Refreshing,
    /// Signed in; the last refresh failed and the next one is not due yet.
    Backoff {
        /// When it is due.
        retry_at: SystemTime,
    },
    /// Only signing in helps.
    Expired {
        /// Why.
        reason: ExpiredReason,
    },
}
