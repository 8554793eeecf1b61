//! How old an access token is, and what that means for those who use it.

use super::{Effect, Held, Machine, Pair, State};
use crate::session::{
    Snapshot,
    snapshot::{Calendar, Fresh},
};
use std::time::{Duration, SystemTime};

/// When something happens, and what chance says to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) wall: SystemTime,
    pub(crate) monotonic: Duration,
    pub(crate) chance: u64,
}

impl Moment {
    /// The share of `span` that chance picks.
    pub(super) fn share(&self, span: Duration) -> Duration {
        span.mul_f64((self.chance >> 11) as f64 / (1u64 << 53) as f64)
    }

    /// What the calendar will say when the monotonic clock says `then`.
    pub(super) fn wall_at(&self, then: Duration) -> SystemTime {
        let wait = then.saturating_sub(self.monotonic);
        self.wall.checked_add(wait).unwrap_or(self.wall)
    }
}

impl Held {
    /// Whether it came so recently that its end is no reason to refuse it.
    pub(super) fn is_young(&self, limit: Duration, now: &Moment) -> bool {
        let limit = self
            .lifetime
            .map_or(limit, |lifetime| limit.min(lifetime / 2));
        now.monotonic.saturating_sub(self.found_at.monotonic) < limit
    }

    /// Whether the token is over, or will be within `margin`, by either clock.
    fn over(&self, margin: Duration, now: &Moment) -> bool {
        self.passed(|lifetime| margin.min(lifetime / 2), now)
    }

    /// Whether it is time to renew the token while it still serves.
    fn due(&self, refresh_before: Duration, now: &Moment) -> bool {
        self.passed(|lifetime| self.lead(lifetime, refresh_before), now)
    }

    /// How long before its end the token is renewed.
    fn lead(&self, lifetime: Duration, refresh_before: Duration) -> Duration {
        // Rule "Time": refresh_after is at least half the lifetime.
        let lead = refresh_before.min(lifetime / 2);
        // Jittered by a quarter of that towards the earlier, but not before the half.
        let room = (lifetime / 2).saturating_sub(lead).min(lead / 4);
        lead + self.found_at.share(room)
    }

    fn passed(&self, lead: impl Fn(Duration) -> Duration, now: &Moment) -> bool {
        let Some(lifetime) = self.lifetime else {
            return false;
        };
        let lead = lead(lifetime);
        let age = now.wall.duration_since(self.obtained_at).ok();
        // Rule "Time": expired means that the calendar or the monotonic clock says so.
        let by_calendar = age.is_some_and(|age| age >= lifetime.saturating_sub(lead));
        let by_clock = self
            .ends
            .is_some_and(|ends| now.monotonic >= ends.saturating_sub(lead));
        by_calendar || by_clock
    }

    /// Until when nothing is to be decided: `lead` before the end.
    fn fresh(&self, lead: Duration) -> Option<Fresh> {
        let (lifetime, ends) = (self.lifetime?, self.ends?);
        let until = self.obtained_at.checked_add(lifetime.saturating_sub(lead));
        Some(Fresh {
            monotonic: ends.saturating_sub(lead),
            wall: until,
        })
    }
}

impl Pair {
    /// Whether there is no access token, or it is over, or will be within `margin`.
    pub(super) fn over(&self, margin: Duration, now: &Moment) -> bool {
        self.access
            .as_ref()
            .is_none_or(|held| held.over(margin, now))
    }

    /// Whether it is time to renew the access token while it still serves.
    pub(super) fn due(&self, refresh_before: Duration, now: &Moment) -> bool {
        self.access
            .as_ref()
            .is_some_and(|held| held.due(refresh_before, now))
    }
}

impl Machine {
    /// What readers may use without asking; none if each of them has to ask.
    pub(crate) fn snapshot(&self) -> Option<Snapshot> {
        let held = self.pair()?.access.as_ref()?;
        let lifetime = held.lifetime.unwrap_or_default();
        let fresh = match &self.state {
            _ if !self.can_refresh() => None,
            State::Refreshing { .. } => held.fresh(Duration::ZERO),
            State::Backoff { until, .. } => held.fresh(Duration::ZERO).map(|mut fresh| {
                fresh.monotonic = fresh.monotonic.min(*until);
                fresh
            }),
            _ => held
                .fresh(held.lead(lifetime, self.options.refresh_before))
                .map(|mut fresh| {
                    if self.quiet_until > fresh.monotonic {
                        fresh = held.fresh(Duration::ZERO).unwrap_or(fresh);
                        fresh.monotonic = fresh.monotonic.min(self.quiet_until);
                    }
                    fresh
                }),
        };
        Some(Snapshot {
            epoch: self.epoch,
            generation: self.generation,
            credential: held.token.clone(),
            fresh,
            calendar: Calendar::default(),
        })
    }

    /// Puts a pair that has just arrived into use, as the next generation.
    pub(super) fn take_up(&mut self, pair: Pair) {
        // Rule I5: generations only grow.
        self.generation += 1;
        self.pair = Some(pair);
        self.failures = 0;
        self.refused = false;
        self.quiet_until = Duration::ZERO;
        self.effects.push(Effect::Publish);
    }
}
