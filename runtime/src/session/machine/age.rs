//! A pair of tokens and how old it is.

use super::{Effect, Machine, State};
use crate::{
    Secret, Tokens,
    session::{
        Credential, Snapshot,
        snapshot::{Calendar, Fresh},
        store::{Marker, Record, Serial, SignIn},
    },
    tokens::Expiry,
};
use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

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

/// What one answer gave: an access token, and what renews it.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) sign_in: SignIn,
    pub(crate) serial: Serial,
    pub(crate) access: Arc<Credential>,
    pub(crate) refresh: Option<Secret>,
    /// False once a refresh brought no new refresh token: such servers do not rotate.
    pub(crate) rotates: bool,
    pub(crate) obtained_at: SystemTime,
    pub(crate) lifetime: Option<Duration>,
    /// The same end by the monotonic clock.
    ends: Option<Duration>,
    /// The moment it came here, whose chance it keeps: asking twice gives one answer.
    found_at: Moment,
}

impl Pair {
    /// Fresh from an answer. The warning, if any, is about an expiry that makes no sense.
    pub(crate) fn arrived(
        tokens: &Tokens,
        sign_in: SignIn,
        now: &Moment,
    ) -> (Self, Option<&'static str>) {
        // Rule "Time": an absolute expiry becomes a lifetime on arrival.
        let lifetime = match tokens.expiry() {
            Expiry::Unknown => Ok(None),
            Expiry::Unreadable => Err("an access token's lifetime makes no sense and is ignored"),
            Expiry::In(lifetime) => Ok(Some(lifetime)),
            Expiry::At(moment) => match moment.duration_since(now.wall) {
                Ok(left) if !left.is_zero() => Ok(Some(left)),
                _ => Err("an access token came expired by this machine's clock; is it wrong?"),
            },
        };
        let record = Record {
            version: 0,
            sign_in,
            serial: Serial::default(),
            access: tokens.access().clone(),
            refresh: tokens.refresh().cloned(),
            rotates: true,
            obtained_at: now.wall,
            lifetime: lifetime.unwrap_or_default(),
            marker: None,
        };
        (Self::found(&record, now), lifetime.err())
    }

    /// As the store has it.
    pub(crate) fn found(record: &Record, now: &Moment) -> Self {
        // Rule "Time": obtained in the future makes the expiry unknown.
        let age = now.wall.duration_since(record.obtained_at).ok();
        let lifetime = record.lifetime.filter(|_| age.is_some());
        let left = lifetime.map(|lifetime| lifetime.saturating_sub(age.unwrap_or_default()));
        Self {
            sign_in: record.sign_in,
            serial: record.serial,
            access: Arc::new(Credential::new(record.access.clone())),
            refresh: record.refresh.clone(),
            rotates: record.rotates,
            obtained_at: record.obtained_at,
            lifetime,
            ends: left.and_then(|left| now.monotonic.checked_add(left)),
            found_at: *now,
        }
    }

    /// As the user gave it.
    pub(crate) fn tokens(&self) -> Tokens {
        let mut tokens = Tokens::new(self.access.secret().clone());
        if let Some(refresh) = &self.refresh {
            tokens = tokens.refresh_token(refresh.clone());
        }
        let end = self
            .lifetime
            .and_then(|lifetime| self.obtained_at.checked_add(lifetime));
        match end {
            Some(end) => tokens.expires_at(end),
            None => tokens,
        }
    }

    /// As the store should have it.
    pub(crate) fn record(&self, marker: Option<Marker>) -> Record {
        Record {
            version: 0,
            sign_in: self.sign_in,
            serial: self.serial,
            access: self.access.secret().clone(),
            refresh: self.refresh.clone(),
            rotates: self.rotates,
            obtained_at: self.obtained_at,
            lifetime: self.lifetime,
            marker,
        }
    }

    /// Whether it came so recently that its end is no reason to refuse it.
    pub(super) fn is_young(&self, limit: Duration, now: &Moment) -> bool {
        let limit = self
            .lifetime
            .map_or(limit, |lifetime| limit.min(lifetime / 2));
        now.monotonic.saturating_sub(self.found_at.monotonic) < limit
    }

    /// Whether the token is over, or will be within `margin`, by either clock.
    pub(super) fn over(&self, margin: Duration, now: &Moment) -> bool {
        self.passed(|lifetime| margin.min(lifetime / 2), now)
    }

    /// Whether it is time to renew the token while it still serves.
    pub(super) fn due(&self, refresh_before: Duration, now: &Moment) -> bool {
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

impl Machine {
    /// What readers may use without asking; none if each of them has to ask.
    pub(crate) fn snapshot(&self) -> Option<Snapshot> {
        let pair = self.pair()?;
        let lifetime = pair.lifetime.unwrap_or_default();
        let fresh = match &self.state {
            _ if !self.can_refresh() => None,
            State::Refreshing { .. } => pair.fresh(Duration::ZERO),
            State::Backoff { until, .. } => pair.fresh(Duration::ZERO).map(|mut fresh| {
                fresh.monotonic = fresh.monotonic.min(*until);
                fresh
            }),
            _ => pair
                .fresh(pair.lead(lifetime, self.options.refresh_before))
                .map(|mut fresh| {
                    if self.quiet_until > fresh.monotonic {
                        fresh = pair.fresh(Duration::ZERO).unwrap_or(fresh);
                        fresh.monotonic = fresh.monotonic.min(self.quiet_until);
                    }
                    fresh
                }),
        };
        Some(Snapshot {
            epoch: self.epoch,
            generation: self.generation,
            credential: pair.access.clone(),
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
