//! How a flight ends: for the session, and for those who wait for it.

use super::{
    Cause, Chore, Effect, Machine, Moment, News, Pair, State, Verdict,
    flight::{Doing, Flight, FlightId, Phase, Reported, Step},
    outcome::{Meaning, Outcome},
};
use crate::{
    error::{ExpiredReason, RefreshError, RefreshErrorKind},
    session::{
        Denied, Event, RetryAfter,
        store::{Doubt, Marker},
    },
};
use std::time::Duration;

/// How long past its deadline a flight may be silent before those who wait settle it.
const GRACE: Duration = Duration::from_secs(1);

impl Machine {
    /// The flight has a new pair. `earned`: by a POST of its own.
    pub(super) fn commit(
        &mut self,
        flight: &mut Flight,
        pair: Pair,
        earned: bool,
        now: &Moment,
    ) -> Step {
        let newer = self.take_newer(pair);
        self.share(newer);
        // Rule 2: only commits of flights that a 401 started count for the storm window.
        if earned && flight.cause == Cause::Refused {
            self.storm.note(now.monotonic, self.options.storm_commits);
        }
        // A late answer may find another flight under way, which finds the pair by itself, or a
        // session that is uncertain, which it revives.
        if self
            .current_flight()
            .is_none_or(|current| current == flight.id)
        {
            self.turn(State::Active);
            self.effects.push(Effect::Publish);
        }
        self.effects
            .push(Effect::Wake(flight.id, Verdict::Committed));
        // The store's watch may have brought back what this flight has just written, and told.
        if newer.any() || !earned {
            self.tell(Event::Refreshed);
        }
        Step::Done
    }

    /// The pair in use is newer than the flight; nothing was spent for it.
    pub(super) fn commit_adopted(&mut self, flight: &mut Flight, now: &Moment) -> Step {
        match self.pair.clone() {
            Some(pair) => self.commit(flight, pair, false, now),
            None => Step::Done,
        }
    }

    /// Rule 5: the refresh token is dead, and nobody has another.
    pub(super) fn reject(&mut self, flight: &mut Flight) -> Step {
        if self.current_flight() != Some(flight.id) {
            return Step::Done;
        }
        if let Some(pair) = &self.pair {
            // Rule 3: clear that serial only.
            let (sign_in, serial) = (pair.sign_in, pair.serial);
            self.effects.push(Effect::Share(News::Over {
                sign_in,
                serial,
                reason: ExpiredReason::Rejected,
            }));
            self.chore(Chore::Clear {
                sign_in,
                only: Some(serial),
            });
        }
        self.expire(flight.id, ExpiredReason::Rejected);
        Step::Done
    }

    fn expire(&mut self, flight: FlightId, reason: ExpiredReason) {
        self.turn(State::Expired { reason });
        self.effects.push(Effect::Publish);
        self.effects.push(Effect::Wake(
            flight,
            Verdict::Failed(Denied::Expired(reason)),
        ));
        self.tell(Event::Expired { reason });
    }

    /// The flight brought nothing, and the session is kept (unless nothing is left of it).
    pub(super) fn fail(
        &mut self,
        flight: &mut Flight,
        meaning: Meaning,
        reported: Reported,
        now: &Moment,
    ) -> Step {
        // Others have settled it already; an error is no news.
        if self.current_flight() != Some(flight.id) {
            self.discard(reported);
            return Step::Done;
        }
        // Rule I7: what came by another way since the flight began is what it was started for.
        if self.generation > flight.base_generation && !self.is_over(Duration::ZERO, now) {
            self.discard(reported);
            return self.commit_adopted(flight, now);
        }
        // Rule 5: `Never` and the like are uncertain once no usable access token is left.
        let hopeless = flight
            .marker
            .is_some_and(|marker| self.is_hopeless(&marker, now));
        if meaning.outcome == Outcome::Unknown && hopeless && !self.serves(now) {
            self.discard(reported);
            self.expire(flight.id, ExpiredReason::Uncertain);
            return Step::Done;
        }
        let until = self.pause(meaning.retry_after, now);
        let retry_at = Some(now.wall_at(until));
        let error = RefreshError::with(reported.kind, retry_at, reported.source);
        self.turn(State::Backoff {
            until,
            error: error.clone(),
        });
        self.effects.push(Effect::Publish);
        // Rule I3: all who wait are woken, and share one error.
        self.effects.push(Effect::Wake(
            flight.id,
            Verdict::Failed(Denied::Refresh(error)),
        ));
        self.tell(Event::RefreshFailed {
            kind: reported.kind,
            retry_at,
        });
        Step::Done
    }

    /// A token that may have been spent is not presented again for now.
    pub(super) fn hold(&mut self, flight: &mut Flight, marker: &Marker, now: &Moment) -> Step {
        let kind = match marker.doubt {
            Doubt::Unanswered => RefreshErrorKind::Transport,
            Doubt::Suspect => RefreshErrorKind::Server,
        };
        let reported = Reported { kind, source: None };
        if self.serves(now) {
            return self.serve_on(flight, reported, now);
        }
        flight.marker = Some(*marker);
        let (outcome, retry_after) = match marker.doubt {
            Doubt::Unanswered => (Outcome::Unknown, self.first_deadline(marker)),
            Doubt::Suspect => (Outcome::Suspect, None),
        };
        let meaning = Meaning {
            outcome,
            kind,
            retry_after,
        };
        self.fail(flight, meaning, reported, now)
    }

    /// Before that the last resort is not due.
    fn first_deadline(&self, marker: &Marker) -> Option<RetryAfter> {
        let deadline = marker.sent_at.checked_add(self.options.refresh_timeout)?;
        Some(RetryAfter::At(deadline))
    }

    /// Rule 5: a valid access token serves to its end. No POST failed just now, so nothing stands
    /// in the way of one when the token is over or refused.
    fn serve_on(&mut self, flight: &mut Flight, reported: Reported, now: &Moment) -> Step {
        if self.current_flight() == Some(flight.id) {
            self.turn(State::Active);
            self.quiet_until = now.monotonic.saturating_add(self.options.backoff_limit);
            let error = RefreshError::with(reported.kind, None, reported.source);
            self.effects.push(Effect::Publish);
            self.effects.push(Effect::Wake(
                flight.id,
                Verdict::Failed(Denied::Refresh(error)),
            ));
        }
        Step::Done
    }

    /// Rule 7: the flight's task is gone: dropped with its runtime, or panicked.
    pub(crate) fn abandon(&mut self, id: FlightId, now: &Moment) {
        let at = self.flights.iter().position(|flight| flight.id == id);
        if let Some(mut flight) = at.map(|at| self.flights.swap_remove(at)) {
            self.give_up(&mut flight, now);
            self.discard(flight);
        }
    }

    /// Rule 7: a waiter found the flight silent. Answers when to look again.
    pub(crate) fn overdue(&mut self, id: FlightId, now: &Moment) -> Duration {
        let at = self
            .flights
            .iter()
            .position(|flight| flight.id == id && !flight.abandoned);
        let Some(at) = at else { return Duration::MAX };
        let due = self.flights[at].deadline.saturating_add(GRACE);
        if now.monotonic < due {
            return due;
        }
        let mut flight = self.flights.swap_remove(at);
        self.give_up(&mut flight, now);
        // Its task may only be slow: what it has sent may be answered yet.
        flight.abandoned = true;
        self.flights.push(flight);
        Duration::MAX
    }

    /// Rule 7: Transient if not sent, else Unknown.
    fn give_up(&mut self, flight: &mut Flight, now: &Moment) {
        if flight.epoch != self.epoch || flight.abandoned {
            return;
        }
        if let Doing::Persisting(won) = &flight.doing {
            // The answer is here; only the store was slow.
            let won = (**won).clone();
            flight.doing = Doing::Judging;
            self.publish_anyway(flight, won, now);
            return;
        }
        let kind = RefreshErrorKind::Transport;
        match flight.phase {
            Phase::Locking | Phase::NotSent => drop(self.fail_unsent(flight, kind, None, now)),
            Phase::Sent | Phase::Persisting => {
                // The marker stays as it is: the server may still be at it.
                let meaning = Meaning {
                    outcome: Outcome::Unknown,
                    kind,
                    retry_after: None,
                };
                self.fail(flight, meaning, Reported { kind, source: None }, now);
            }
        }
    }
}
