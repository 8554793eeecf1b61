//! What is sent again when it failed.

use super::{At, Status};

/// `retry(max = 2, on = [connect, 503])`, or `retry = none`.
#[derive(Clone, Debug, PartialEq)]
pub enum Retry {
    /// `none`: nothing is tried again, whatever the trait says.
    Never,
    /// So often, and after which failures.
    On {
        /// `max = 2`: how often after the first time.
        max: At<u32>,
        /// `on = [connect, 503, "5XX"]`.
        on: Vec<At<Failure>>,
    },
}

/// A failure that may be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// `connect`: no connection could be made, so nothing was sent.
    Connect,
    /// An answer with one of these statuses.
    Status(Status),
}
