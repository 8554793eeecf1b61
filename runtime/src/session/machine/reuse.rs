//! Rule 5: when a refresh token that may have been spent is presented again.

use super::{Machine, Moment};
use crate::session::{
    Reuse,
    store::{Doubt, Marker},
};
use std::time::Duration;

impl Machine {
    /// Whether the token that `marker` speaks of may be presented once more.
    pub(super) fn may_present(&self, marker: &Marker, now: &Moment) -> bool {
        match (marker.doubt, self.options.reuse) {
            // Rule 5: after a server error, at most `suspect_retries` times.
            (Doubt::Suspect, _) => marker.attempt <= self.options.suspect_retries,
            // Rule 5: LastResort only when no usable access token is left, and past the deadline
            // of the first POST: a broken connection does not stop a server that is still at it.
            (Doubt::Unanswered, Reuse::LastResort) => {
                let age = now.wall.duration_since(marker.sent_at);
                // A calendar that went back must not hold the session for ever.
                let early = age.is_ok_and(|age| age < self.options.refresh_timeout);
                !self.serves(now) && !early
            }
            (Doubt::Unanswered, Reuse::Window { lasts, times }) => {
                // Measured from the first time it was sent; a calendar that went back tells nothing.
                let age = now.wall.duration_since(marker.sent_at);
                marker.attempt <= times && age.is_ok_and(|age| age <= lasts)
            }
            (Doubt::Unanswered, Reuse::WhileSuccessorUnused) => true,
            (Doubt::Unanswered, Reuse::Never) => false,
        }
    }

    /// Whether no passage of time will allow another presentation.
    pub(super) fn is_hopeless(&self, marker: &Marker, now: &Moment) -> bool {
        let policy = matches!(self.options.reuse, Reuse::Never | Reuse::Window { .. });
        // Rule 5: a server error never ends the session.
        policy && marker.doubt == Doubt::Unanswered && !self.may_present(marker, now)
    }

    /// Whether the access token serves still: not expired, and not refused by all who saw it.
    pub(super) fn serves(&self, now: &Moment) -> bool {
        !self.refused && !self.is_over(Duration::ZERO, now)
    }
}
