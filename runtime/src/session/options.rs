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
    /// The first rule of the protocol that these numbers break, in words.
    pub(crate) fn mistake(&self) -> Option<String> {
        let zero = self.zeros().into_iter().find(|(is, _)| *is);
        zero.map(|(_, what)| format!("{what}, expected more than zero"))
            .or_else(|| self.lease_mistake())
            .or_else(|| self.backoff_mistake())
            .or_else(|| self.status_mistake())
    }

    /// What would never happen, or without a pause, if it were zero.
    fn zeros(&self) -> [(bool, &'static str); 12] {
        let (lasts, times) = match self.reuse {
            Reuse::Window { lasts, times } => (lasts.is_zero(), times == 0),
            _ => (false, false),
        };
        [
            (self.refresh_timeout.is_zero(), "`refresh_timeout` is zero"),
            (self.persist_timeout.is_zero(), "`persist_timeout` is zero"),
            (self.waiter_timeout.is_zero(), "`waiter_timeout` is zero"),
            (
                self.backoff.is_zero(),
                "the first pause of `backoff` is zero",
            ),
            (self.recheck.is_zero(), "`recheck` is zero"),
            (
                self.storm_commits == 0,
                "`storm_window` allows zero refreshes",
            ),
            (
                self.storm_window.is_zero(),
                "`storm_window` lasts zero seconds",
            ),
            (self.max_parked == 0, "`max_parked` is zero"),
            (self.max_parked_bytes == 0, "`max_parked_bytes` is zero"),
            (self.max_replays == Some(0), "`max_replays` is zero"),
            (
                lasts,
                "`lasts` of `Reuse::Window` is zero; `Reuse::Never` presents no token again",
            ),
            (
                times,
                "`times` of `Reuse::Window` is zero; `Reuse::Never` presents no token again",
            ),
        ]
    }

    /// Rule "The refresh request": whoever is refreshing must not lose the lock meanwhile.
    fn lease_mistake(&self) -> Option<String> {
        let (lease, refresh, persist) = (self.lease, self.refresh_timeout, self.persist_timeout);
        (self.patience() >= lease).then(|| {
            format!(
                "`lease` is {lease:?}, expected more than `refresh_timeout` ({refresh:?}) and \
                 `persist_timeout` ({persist:?}) together: the lock would lapse while a refresh is \
                 under way, and another process would spend the same token"
            )
        })
    }

    fn backoff_mistake(&self) -> Option<String> {
        let (first, limit) = (self.backoff, self.backoff_limit);
        (first > limit).then(|| {
            format!("`backoff` starts with {first:?}, expected no more than its limit ({limit:?})")
        })
    }

    /// Rule 5: too many requests, redirects and server errors say nothing of the token.
    fn status_mistake(&self) -> Option<String> {
        let tells = |status: &&StatusCode| status.is_client_error() && status.as_u16() != 429;
        let other = self
            .rejected_statuses
            .iter()
            .find(|status| !tells(status))?;
        Some(format!(
            "`rejected_statuses` has {}, expected client errors other than 429: the session would \
             end while its refresh token is alive",
            other.as_u16()
        ))
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

    /// A change of the defaults, and what is said to it.
    fn check(change: impl FnOnce(&mut Options), expected: &str) {
        let mut options = Options::default();
        change(&mut options);
        let said = options.mistake().unwrap_or_default();
        assert!(said.contains(expected), "{said:?}, expected {expected:?}");
    }

    #[test]
    fn what_breaks_a_rule_is_refused_by_name() {
        const ZERO: Duration = Duration::ZERO;
        let window = |lasts, times| Reuse::Window { lasts, times };
        let second = Duration::from_secs(1);
        check(|o| o.refresh_timeout = ZERO, "`refresh_timeout` is zero");
        check(|o| o.persist_timeout = ZERO, "`persist_timeout` is zero");
        check(|o| o.waiter_timeout = ZERO, "`waiter_timeout` is zero");
        check(|o| o.backoff = ZERO, "`backoff` is zero");
        check(|o| o.recheck = ZERO, "`recheck` is zero");
        check(
            |o| o.storm_commits = 0,
            "`storm_window` allows zero refreshes",
        );
        check(
            |o| o.storm_window = ZERO,
            "`storm_window` lasts zero seconds",
        );
        check(|o| o.max_parked = 0, "`max_parked` is zero");
        check(|o| o.max_parked_bytes = 0, "`max_parked_bytes` is zero");
        check(|o| o.max_replays = Some(0), "`max_replays` is zero");
        check(
            |o| o.reuse = window(ZERO, 1),
            "`lasts` of `Reuse::Window` is zero",
        );
        check(
            |o| o.reuse = window(second, 0),
            "`times` of `Reuse::Window` is zero",
        );
        check(|o| o.lease = ZERO, "`lease` is 0ns, expected more than");
        check(
            |o| o.lease = 20 * second,
            "`lease` is 20s, expected more than `refresh_timeout` (15s) and `persist_timeout` (5s)",
        );
        check(|o| o.refresh_timeout = 25 * second, "`lease` is 30s");
        check(|o| o.persist_timeout = Duration::MAX, "`lease` is 30s");
        check(
            |o| o.backoff = 31 * second,
            "`backoff` starts with 31s, expected no more than its limit (30s)",
        );
        check(|o| o.backoff_limit = ZERO, "`backoff` starts with 500ms");
        for status in [200, 302, 429, 500, 503] {
            let status = StatusCode::from_u16(status).unwrap();
            let said = format!("`rejected_statuses` has {}", status.as_u16());
            check(|o| o.rejected_statuses.push(status), &said);
        }
    }

    #[test]
    fn what_is_only_unusual_is_taken() {
        for change in [
            |o: &mut Options| o.refresh_before = Duration::ZERO,
            |o: &mut Options| o.refresh_before = Duration::MAX,
            |o: &mut Options| o.clock_skew = Duration::ZERO,
            // Longer than most tokens live: half of the lifetime is the most that counts.
            |o: &mut Options| o.clock_skew = Duration::MAX,
            |o: &mut Options| o.lease = Duration::from_nanos(20_000_000_001),
            |o: &mut Options| o.waiter_timeout = Duration::MAX,
            |o: &mut Options| o.suspect_retries = 0,
            |o: &mut Options| o.rejected_statuses.clear(),
            |o: &mut Options| o.reuse = Reuse::Never,
        ] {
            let mut options = Options::default();
            change(&mut options);
            assert_eq!(options.mistake(), None);
        }
    }
}
