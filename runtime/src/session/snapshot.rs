//! What readers of a session see: immutable, taken in one load, without a lock.

use crate::Secret;
use http::HeaderValue;
use std::{
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

/// The pair in use, as far as requests need it.
pub(crate) struct Snapshot {
    /// Who is signed in.
    pub(crate) epoch: u64,
    /// Which pair of that sign-in.
    pub(crate) generation: u64,
    pub(crate) credential: Arc<Credential>,
    /// Until then the token is injected without asking anybody. None: for ever.
    pub(super) fresh: Option<Fresh>,
    pub(super) calendar: Calendar,
}

/// When the calendar was looked at last, with a good result. Looking costs as much as the rest of an injection, and a
/// jump, or a sleep of the machine, is noticed soon enough a few milliseconds later.
#[derive(Debug)]
pub(super) struct Calendar(AtomicU64);

impl Default for Calendar {
    /// Never looked at: no moment is a little later than the last one there is.
    fn default() -> Self {
        Self(AtomicU64::new(u64::MAX))
    }
}

impl Calendar {
    const TRUSTED: u64 = Duration::from_millis(10).as_nanos() as u64;

    /// Whether `look` says yes, or said so a moment ago.
    ///
    /// `ticks`: whether `now` moves in ticks, so that standing still means nothing.
    pub(super) fn says(&self, now: Duration, ticks: bool, look: impl FnOnce() -> bool) -> bool {
        let now = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX);
        let age = now.checked_sub(self.0.load(Ordering::Relaxed));
        // A monotonic clock that stands still (in a test) says nothing of the other.
        if age.is_some_and(|age| (ticks || age > 0) && age < Self::TRUSTED) {
            return true;
        }
        let yes = look();
        if yes {
            self.0.store(now, Ordering::Relaxed);
        }
        yes
    }
}

/// Until when nothing is to be decided, by either clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fresh {
    pub(super) monotonic: Duration,
    pub(super) wall: Option<SystemTime>,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("epoch", &self.epoch)
            .field("generation", &self.generation)
            .field("fresh", &self.fresh)
            .finish_non_exhaustive()
    }
}

/// An access token, with the headers made from it once.
pub(crate) struct Credential {
    secret: Secret,
    bearer: OnceLock<Option<HeaderValue>>,
    /// The first other prefix that was asked for: an API has one, as a rule.
    other: OnceLock<(Box<str>, Option<HeaderValue>)>,
}

impl Credential {
    pub(crate) fn new(secret: Secret) -> Self {
        Self {
            secret,
            bearer: OnceLock::new(),
            other: OnceLock::new(),
        }
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }

    /// `Bearer` and the token as a sensitive header value.
    ///
    /// None if the token holds what a header cannot carry.
    #[inline]
    pub(crate) fn bearer(&self) -> Option<HeaderValue> {
        // A clone is what is kept: it says at once that it is shared, the first one looks.
        let made = || self.secret.header("Bearer ").as_ref().cloned();
        self.bearer.get_or_init(made).clone()
    }

    /// The same with another prefix.
    pub(crate) fn header(&self, prefix: &str) -> Option<HeaderValue> {
        let (known, value) = self
            .other
            .get_or_init(|| (prefix.into(), self.secret.header(prefix)));
        if **known == *prefix {
            value.clone()
        } else {
            self.secret.header(prefix)
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_made_once_per_prefix() {
        let token = Credential::new(Secret::new("A1"));
        assert_eq!(token.bearer().unwrap(), "Bearer A1");
        assert!(token.bearer().unwrap().is_sensitive());
        assert_eq!(token.header("").unwrap(), "A1");
        assert_eq!(token.header("Token ").unwrap(), "Token A1");
        assert!(token.header("Token ").unwrap().is_sensitive());
        assert!(!format!("{token:?}").contains("A1"));
    }

    #[test]
    fn the_calendar_is_not_asked_again_at_once() {
        let calendar = Calendar::default();
        let at = |micros| Duration::from_micros(micros);
        let asked = std::cell::Cell::new(0);
        let look = |answer| {
            let asked = &asked;
            move || {
                asked.set(asked.get() + 1);
                answer
            }
        };
        assert!(
            !calendar.says(at(1), false, look(false)),
            "a bad answer is not kept"
        );
        assert!(calendar.says(at(2), false, look(true)));
        assert!(
            calendar.says(at(3), false, look(false)),
            "a good one is, for a moment"
        );
        assert_eq!(asked.get(), 2);
        assert!(!calendar.says(at(20_000), false, look(false)));
        assert!(!calendar.says(at(20_000), false, look(false)));
        assert_eq!(asked.get(), 4);

        // A clock that moves in ticks stands still between them.
        let calendar = Calendar::default();
        assert!(!calendar.says(at(4_000), true, look(false)));
        assert!(calendar.says(at(4_000), true, look(true)));
        assert!(calendar.says(at(4_000), true, look(false)));
        assert_eq!(asked.get(), 6);
    }
}
