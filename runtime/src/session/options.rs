//! The numbers of a session, and which of them fit together.

use http::StatusCode;
use std::time::Duration;

/// When a refresh token that may have been spent is presented again.
///
/// A rotating server that sees a spent token may revoke everything; a server whose answer was
/// lost may be glad to give it again. Which one it is only its documentation says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reuse {
    /// When no usable access token is left: whoever is there has nothing else to lose.
    #[default]
    LastResort,
    /// For servers that take a spent token for a while.
    Window {
        /// How long after it was first sent.
        lasts: Duration,
        /// How many times at most.
        times: u32,
    },
    /// For servers that take a spent token until its successor has been used.
    WhileSuccessorUnused,
    /// For servers that punish reuse beyond the sign-in itself.
    Never,
}

/// See the methods of [`SessionBuilder`](super::SessionBuilder) for what each one means.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) refresh_before: Duration,
    pub(crate) clock_skew: Duration,
    pub(crate) refresh_timeout: Duration,
    pub(crate) persist_timeout: Duration,
    pub(crate) lease: Duration,
    pub(crate) waiter_timeout: Duration,
    pub(crate) backoff: Duration,
    pub(crate) backoff_limit: Duration,
    pub(crate) storm_commits: usize,
    pub(crate) storm_window: Duration,
    pub(crate) max_parked: usize,
    pub(crate) max_parked_bytes: usize,
    pub(crate) max_replays: Option<usize>,
    pub(crate) recheck: Duration,
    pub(crate) suspect_retries: u32,
    pub(crate) reuse: Reuse,
    pub(crate) rejected_statuses: Vec<StatusCode>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            refresh_before: Duration::from_secs(60),
            clock_skew: Duration::from_secs(5),
            refresh_timeout: Duration::from_secs(15),
            persist_timeout: Duration::from_secs(5),
            lease: Duration::from_secs(30),
            waiter_timeout: Duration::from_secs(30),
            backoff: Duration::from_millis(500),
            backoff_limit: Duration::from_secs(30),
            storm_commits: 3,
            storm_window: Duration::from_secs(30),
            max_parked: 100_000,
            max_parked_bytes: 64 << 20,
            max_replays: None,
            recheck: Duration::from_secs(1),
            suspect_retries: 1,
            reuse: Reuse::default(),
            rejected_statuses: vec![
                StatusCode::BAD_REQUEST,
                StatusCode::UNAUTHORIZED,
                StatusCode::FORBIDDEN,
            ],
        }
    }
}

impl Options {
    /// The first rule that these numbers break, in words.
    pub(crate) fn mistake(&self) -> Option<&'static str> {
        let broken = [
            (
                self.refresh_timeout.saturating_add(self.persist_timeout) >= self.lease,
                "`refresh_timeout` and `persist_timeout` together must be shorter than `lease`",
            ),
            (
                self.refresh_timeout.is_zero(),
                "`refresh_timeout` must not be zero",
            ),
            (
                self.persist_timeout.is_zero(),
                "`persist_timeout` must not be zero",
            ),
            (
                self.waiter_timeout.is_zero(),
                "`waiter_timeout` must not be zero",
            ),
            (self.backoff.is_zero(), "`backoff` must not be zero"),
            (
                self.backoff > self.backoff_limit,
                "`backoff` must not start above its limit",
            ),
            (
                self.storm_commits == 0,
                "`storm_window` must allow one refresh at least",
            ),
            (self.max_parked == 0, "`max_parked` must not be zero"),
            (
                self.max_replays == Some(0),
                "`max_replays` must not be zero",
            ),
        ];
        broken.into_iter().find_map(|(is, what)| is.then_some(what))
    }

    /// The longest that an honest holder keeps the lock, and so the wait for it.
    pub(crate) fn patience(&self) -> Duration {
        self.refresh_timeout.saturating_add(self.persist_timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_break_no_rule() {
        assert_eq!(Options::default().mistake(), None);
    }

    #[test]
    fn the_lease_covers_a_refresh_and_its_persist() {
        let options = Options {
            lease: Duration::from_secs(20),
            ..Options::default()
        };
        assert!(
            options
                .mistake()
                .is_some_and(|mistake| mistake.contains("`lease`"))
        );
    }
}
