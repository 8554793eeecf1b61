//! Rule 4: what a flight makes of the record it finds.

use super::{
    Cause, Machine, Moment, Pair,
    flight::{Doing, Flight, Phase, Reported, Step},
    outcome::{Meaning, Outcome},
};
use crate::{
    error::RefreshErrorKind,
    session::{
        StoreError,
        store::{Doubt, Marker, Record, Serial},
    },
};
use std::sync::Arc;

impl Machine {
    /// The record under the lock: adopt, wait, refresh, or hold still.
    pub(super) fn judge(
        &mut self,
        flight: &mut Flight,
        record: Option<Record>,
        now: &Moment,
    ) -> Step {
        // Rule 4: another sign-in, or none, supersedes this one.
        let Some(record) = self.ours(record, now) else {
            return Step::Done;
        };
        // Also what came by another way since the flight began.
        self.adopt(&record, now);
        let newer = self.generation > flight.base_generation;
        // Rule 4: adopt without network what is newer and not about to end.
        if newer && !(self.can_refresh() && self.is_over(self.options.clock_skew, now)) {
            return self.commit_adopted(flight, now);
        }
        // Rule 3: after a 402 the same pair means that the session is over.
        // Rule "Grants": it is another pair where another partition has renewed the grant since.
        if flight.cause == Cause::Dead && !newer && self.is_whole() {
            return self.reject(flight);
        }
        // A marker in a record that is older than the pair in use speaks of another token.
        let current = self
            .pair
            .as_ref()
            .is_some_and(|pair| pair.serial == record.serial);
        match record.live_marker().filter(|_| current) {
            // Service: what was presented is not spent, so nothing stands in the way.
            marker if self.is_service() => self.present(flight, &record, marker.copied(), now),
            Some(marker) => self.marker_found(flight, &record, *marker, now),
            None => self.present(flight, &record, None, now),
        }
    }

    /// Rule 4: a marker says that someone may have spent the token.
    fn marker_found(
        &mut self,
        flight: &mut Flight,
        record: &Record,
        marker: Marker,
        now: &Moment,
    ) -> Step {
        // Rule 4: before its deadline the answer may come yet: wait and reload. Once, since the
        // calendars of two hosts may be far apart.
        let left = marker.deadline.duration_since(now.wall).unwrap_or_default();
        if !left.is_zero() && flight.waited_for != Some(marker) {
            let longest = self
                .options
                .refresh_timeout
                .saturating_add(self.options.clock_skew);
            let until = now.monotonic.saturating_add(left.min(longest));
            flight.waited_for = Some(marker);
            flight.phase = Phase::Locking;
            flight.doing = Doing::Settling;
            flight.patience = until.saturating_add(self.options.patience());
            flight.deadline = flight.patience;
            return Step::Pause { until };
        }
        // Rule 4: after it the token counts as sent by someone who is gone.
        match self.may_present(&marker, now) {
            true => self.present(flight, record, Some(marker), now),
            false => self.hold(flight, &marker, now),
        }
    }

    /// Writes the marker, before the token is sent.
    fn present(
        &mut self,
        flight: &mut Flight,
        record: &Record,
        before: Option<Marker>,
        now: &Moment,
    ) -> Step {
        let Some(pair) = &self.pair else {
            return Step::Done;
        };
        let deadline = now
            .wall
            .checked_add(self.options.refresh_timeout)
            .unwrap_or(now.wall);
        let marker = Marker {
            serial: pair.serial,
            attempt: before.map_or(0, |before| before.attempt).saturating_add(1),
            sent_at: before.map_or(now.wall, |before| before.sent_at),
            deadline,
            doubt: Doubt::Unanswered,
        };
        // Where our pair never reached the store, it does now, with the marker.
        let marked = Record {
            marker: Some(marker),
            ..pair.added_to(record, self.partition.as_ref())
        };
        flight.token.clone_from(&pair.refresh);
        flight.before = before;
        flight.marker = Some(marker);
        flight.doing = Doing::Marking;
        flight.deadline = now.monotonic.saturating_add(self.options.persist_timeout);
        Step::Swap {
            expected: record.version,
            record: marked,
            until: flight.deadline,
        }
    }

    /// The lock could not be had in time.
    pub(super) fn unguarded(
        &mut self,
        flight: &mut Flight,
        record: Option<Record>,
        now: &Moment,
    ) -> Step {
        let Some(record) = self.ours(record, now) else {
            return Step::Done;
        };
        // Rule 4: adopt or transient; never refresh without the lock.
        let newer = self.adopt(&record, now).access;
        if newer && !self.is_over(self.options.clock_skew, now) {
            return self.commit_adopted(flight, now);
        }
        let patience = self.options.patience();
        let why =
            format!("the store's lock was not free within {patience:?}: another session holds it");
        let (kind, why) = (RefreshErrorKind::Deadline, StoreError::new(why));
        self.fail_unsent(flight, kind, Some(Arc::new(why)), now)
    }

    /// Rule 5: the token is dead, or may be. Someone else may have been faster.
    pub(super) fn doubt(
        &mut self,
        flight: &mut Flight,
        record: Option<Record>,
        meaning: Meaning,
        why: Reported,
        now: &Moment,
    ) -> Step {
        let ours = self.ours(record, now);
        // Rule 5: newer → adopt.
        if let Some(record) = &ours {
            self.adopt(record, now);
        }
        let spent = flight.spent();
        let held = self.pair.as_ref();
        let access = held.and_then(|held| held.access.as_ref());
        let newer = access.is_some_and(|access| access.serial > spent);
        let renewed = held.is_some_and(|held| held.serial > spent);
        match meaning.outcome {
            _ if ours.is_none() => self.discard(why),
            _ if newer => {
                self.discard(why);
                return self.commit_adopted(flight, now);
            }
            // Rule "Grants": what was refused, or is in doubt, another partition has replaced.
            _ if renewed && !flight.restarted => {
                self.discard(why);
                return self.start_over(flight, now);
            }
            Outcome::Rejected if renewed => {
                self.discard(why);
                let kind = RefreshErrorKind::Transport;
                return self.fail_unsent(flight, kind, None, now);
            }
            Outcome::Rejected => {
                self.discard(why);
                return self.reject(flight);
            }
            _ => return self.fail(flight, meaning, why, now),
        }
        Step::Done
    }

    /// Rule 4: the new pair goes in if the record still holds the token just spent, or what a
    /// lower attempt made of it.
    pub(super) fn persist(
        &mut self,
        flight: &mut Flight,
        record: Option<Record>,
        won: Box<Pair>,
        now: &Moment,
    ) -> Step {
        let Some(record) = self.ours(record, now) else {
            return Step::Done;
        };
        let mine = won.record(self.partition.as_ref(), None);
        match persisted(&mine, &record, flight.spent()) {
            Some(replacement) => {
                self.adopt(&record, now);
                flight.deadline = now.monotonic.saturating_add(self.options.persist_timeout);
                let swap = Step::Swap {
                    expected: record.version,
                    record: replacement,
                    until: flight.deadline,
                };
                flight.doing = Doing::Persisting(won);
                swap
            }
            // Rule 4: another pair of the same sign-in → adopt.
            None => {
                self.adopt(&record, now);
                self.commit_adopted(flight, now)
            }
        }
    }

    /// The record if it is of this sign-in; else the session becomes what the store says.
    fn ours(&mut self, record: Option<Record>, now: &Moment) -> Option<Record> {
        let sign_in = self.pair.as_ref().map(|pair| pair.sign_in);
        match record.or_else(|| self.unwritten()) {
            Some(record) if Some(record.sign_in) == sign_in => Some(record),
            other => {
                self.supersede(other, now);
                None
            }
        }
    }
}

/// Rule 4: what the store is to hold once `won` has come, if `record` is to be replaced at all.
pub(crate) fn persisted(won: &Record, record: &Record, spent: Serial) -> Option<Record> {
    let mut merged = record.clone();
    let displaces = displaces(won, record, spent);
    if displaces {
        merged.renew(won);
    } else if record.serial < won.serial {
        // Of another line: its access token is not to be mixed with ours.
        return None;
    }
    let mut newer = false;
    for access in won.access.iter().cloned() {
        newer |= merged.put_newer(access);
    }
    // Rule "Grants": where another partition went on from this pair, its access token is news.
    (displaces || newer).then_some(merged)
}

/// Rule 4: whether `won` replaces `record`.
fn displaces(won: &Record, record: &Record, spent: Serial) -> bool {
    // Rule I5: an older attempt never displaces a newer one.
    let from_lower_attempt =
        record.serial.number == won.serial.number && record.serial.attempt < won.serial.attempt;
    record.serial <= spent || from_lower_attempt
}
