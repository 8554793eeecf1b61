//! Rule 4: a flight, step by step.
//!
//! A flight is a task of its own. It asks what to do next, does it, and comes back with what
//! happened: lock → reload → marker → POST → persist. What to make of a record is in `judge`, of
//! an answer in `answer`, and how a flight ends is in `settle`.

use super::{Chore, Machine, Moment, Pair, outcome::Meaning};
use crate::{
    Secret, Tokens,
    error::RefreshErrorKind,
    session::{
        GateClosed, RefreshFailure, StoreError, Swap,
        store::{Marker, Record, Serial},
    },
};
use std::{sync::Arc, time::Duration};

/// Names a flight for as long as the session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FlightId(pub(crate) u64);

/// Why a flight was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// A 401.
    Refused,
    /// The clock.
    Expired,
    /// The clock, in good time.
    Proactive,
    /// A 402: the flight only looks whether there is a newer pair.
    Dead,
}

impl Cause {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "401",
            Self::Expired => "token expired",
            Self::Proactive => "token due",
            Self::Dead => "402",
        }
    }
}

/// How far a flight is, as far as the refresh token is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Locking,
    NotSent,
    Sent,
    Persisting,
}

/// What the flight waits for.
#[derive(Clone, Debug)]
pub(super) enum Doing {
    /// That nothing is to be written that belongs to no flight.
    Settling,
    /// The lock.
    Locking,
    /// The record, after the lock could not be had.
    Unguarded,
    /// The record, under the lock.
    Judging,
    /// The marker's way into the store.
    Marking,
    /// The answer.
    Posting,
    /// The record, after an answer by which the token is, or may be, dead.
    Doubting(Meaning, Reported),
    /// The new pair's way into the store.
    Persisting(Box<Pair>),
}

/// A failure as it is told to callers.
#[derive(Clone, Debug)]
pub(super) struct Reported {
    pub(super) kind: RefreshErrorKind,
    pub(super) source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

#[derive(Clone, Debug)]
pub(super) struct Flight {
    pub(super) id: FlightId,
    pub(super) epoch: u64,
    pub(super) base_generation: u64,
    pub(super) cause: Cause,
    pub(super) phase: Phase,
    pub(super) doing: Doing,
    /// When what it does now should be done.
    pub(super) deadline: Duration,
    /// When it gives up waiting for the lock and for markers of others.
    pub(super) patience: Duration,
    pub(super) lease_until: Duration,
    /// The marker it waited for already.
    pub(super) waited_for: Option<Marker>,
    /// The marker it found, and would leave if its own presentation proves to be none.
    pub(super) before: Option<Marker>,
    /// The marker it wrote: whose token it spends, and which attempt that is.
    pub(super) marker: Option<Marker>,
    /// The refresh token it spends, once there is a marker for it.
    pub(super) token: Option<Secret>,
    /// Whether the gate was passed by that token.
    pub(super) passed: bool,
    /// Whether it has started over with a newer refresh token.
    pub(super) restarted: bool,
    /// Settled by someone else, because it was silent past its deadline.
    pub(super) abandoned: bool,
}

impl Flight {
    pub(super) fn new(
        id: FlightId,
        epoch: u64,
        base_generation: u64,
        cause: Cause,
        patience: Duration,
    ) -> Self {
        Self {
            id,
            epoch,
            base_generation,
            cause,
            phase: Phase::Locking,
            doing: Doing::Settling,
            deadline: patience,
            patience,
            lease_until: Duration::ZERO,
            waited_for: None,
            before: None,
            marker: None,
            token: None,
            passed: false,
            restarted: false,
            abandoned: false,
        }
    }

    /// The pair whose refresh token it spends.
    pub(super) fn spent(&self) -> Serial {
        self.marker.map(|marker| marker.serial).unwrap_or_default()
    }
}

/// What the flight's task does next. `until` is the monotonic clock's; past it comes
/// [`Input::Late`].
#[derive(Debug)]
pub(crate) enum Step {
    /// Wait until nothing is to be written that belongs to no flight.
    Settle { until: Duration },
    /// Take the store's lock.
    Lock { until: Duration },
    /// Read the record.
    Load { until: Duration },
    /// Write the record, if its version is still the expected one.
    Swap {
        expected: u64,
        record: Record,
        until: Duration,
    },
    /// Give the lock back, wait, begin again.
    Pause { until: Duration },
    /// Present the refresh token.
    Post {
        token: Secret,
        timeout: Duration,
        until: Duration,
    },
    /// End.
    Done,
}

/// What became of the last step.
#[derive(Debug)]
pub(crate) enum Input {
    /// It is the first one, or the pause is over.
    Begin,
    Settled,
    Locked,
    Loaded(Option<Record>),
    Swapped(Swap),
    Answered(Result<Tokens, RefreshFailure>),
    /// The step took too long and was given up.
    Late,
    Broken(StoreError),
}

impl Machine {
    /// What the flight does next.
    pub(crate) fn advance(&mut self, id: FlightId, input: Input, now: &Moment) -> Step {
        let at = self.flights.iter().position(|flight| flight.id == id);
        let Some(mut flight) = at.map(|at| self.flights.swap_remove(at)) else {
            self.discard(input);
            return Step::Done;
        };
        let step = self.next(&mut flight, input, now);
        match step {
            Step::Done => self.discard(flight),
            _ => self.flights.push(flight),
        }
        step
    }

    fn next(&mut self, flight: &mut Flight, input: Input, now: &Moment) -> Step {
        if !self.matters(flight) {
            // Rule 6: if it had persisted, it undoes its own version only.
            if let (Doing::Persisting(_), Input::Swapped(Swap::Done(version))) =
                (&flight.doing, &input)
            {
                self.chore(Chore::Undo { version: *version });
            }
            self.discard(input);
            return Step::Done;
        }
        match input {
            Input::Begin => {
                flight.doing = Doing::Settling;
                Step::Settle {
                    until: flight.patience,
                }
            }
            Input::Settled => {
                flight.doing = Doing::Locking;
                Step::Lock {
                    until: flight.patience,
                }
            }
            Input::Locked => {
                flight.lease_until = now.monotonic.saturating_add(self.options.lease);
                self.load(flight, Doing::Judging, now)
            }
            Input::Loaded(record) => self.loaded(flight, record, now),
            Input::Swapped(swap) => self.swapped(flight, swap, now),
            Input::Answered(answer) => self.answered(flight, answer, now),
            Input::Late => self.late(flight, now),
            Input::Broken(error) => self.broken(flight, error, now),
        }
    }

    /// Rules 6 and I5: a flight whose epoch is over discards what it has; nothing commits across
    /// epochs. One that was given up by those who waited goes on only for the answer to what it
    /// has sent.
    fn matters(&self, flight: &Flight) -> bool {
        let late = flight.passed && matches!(flight.doing, Doing::Posting | Doing::Persisting(_));
        flight.epoch == self.epoch && (!flight.abandoned || late)
    }

    /// Asks for the record, to do `next` with it.
    pub(super) fn load(&mut self, flight: &mut Flight, next: Doing, now: &Moment) -> Step {
        flight.doing = next;
        flight.deadline = now.monotonic.saturating_add(self.options.persist_timeout);
        Step::Load {
            until: flight.deadline,
        }
    }

    fn loaded(&mut self, flight: &mut Flight, record: Option<Record>, now: &Moment) -> Step {
        match std::mem::replace(&mut flight.doing, Doing::Judging) {
            Doing::Unguarded => self.unguarded(flight, record, now),
            Doing::Doubting(meaning, why) => self.doubt(flight, record, meaning, why, now),
            Doing::Persisting(won) => self.persist(flight, record, won, now),
            _ => self.judge(flight, record, now),
        }
    }

    fn swapped(&mut self, flight: &mut Flight, swap: Swap, now: &Moment) -> Step {
        match (std::mem::replace(&mut flight.doing, Doing::Judging), swap) {
            (Doing::Persisting(won), Swap::Done(_)) => self.commit(flight, *won, true, now),
            (Doing::Persisting(won), Swap::Lost) => self.load(flight, Doing::Persisting(won), now),
            (_, Swap::Done(_)) => self.post(flight, now),
            (_, Swap::Lost) => self.load(flight, Doing::Judging, now),
        }
    }

    /// Presents the token, if there is time left for that and for the persist.
    fn post(&mut self, flight: &mut Flight, now: &Moment) -> Step {
        let newest = self.pair.as_ref().map(|pair| pair.serial);
        // Rule "Grants": the marker speaks of one token; meanwhile there may be another.
        if newest != Some(flight.spent()) {
            return self.load(flight, Doing::Judging, now);
        }
        // Service: there is none, and none is needed.
        let nothing = self.is_service().then(|| Secret::new(""));
        let token = flight.token.clone().or(nothing);
        // Rule I2: the marker says until when the answer may come, and others go by it; what the
        // marker's way into the store took is time that the POST has not.
        let promised = flight.marker.map(|marker| marker.deadline);
        let left = promised.and_then(|until| until.duration_since(now.wall).ok());
        let timeout = left.unwrap_or_default().min(self.options.refresh_timeout);
        let until = now.monotonic.saturating_add(timeout);
        // Rule "The refresh request": both timeouts must fit into what is left of the lease.
        let fits = until.saturating_add(self.options.persist_timeout) < flight.lease_until;
        let (Some(token), true) = (token, fits && !timeout.is_zero()) else {
            return self.fail_unsent(flight, RefreshErrorKind::Deadline, None, now);
        };
        flight.phase = Phase::NotSent;
        flight.doing = Doing::Posting;
        flight.deadline = until;
        Step::Post {
            token,
            timeout,
            until,
        }
    }

    /// Begins again, lock and all, because there is a refresh token that this flight has not
    /// presented.
    pub(super) fn start_over(&mut self, flight: &mut Flight, now: &Moment) -> Step {
        let base = flight.base_generation;
        let patience = now.monotonic.saturating_add(self.options.patience());
        *flight = Flight {
            restarted: true,
            abandoned: flight.abandoned,
            ..Flight::new(flight.id, flight.epoch, base, flight.cause, patience)
        };
        Step::Pause {
            until: now.monotonic,
        }
    }

    /// The body's first poll: the last check before the token leaves the process.
    pub(crate) fn gate(&mut self, id: FlightId, now: &Moment) -> Result<(), GateClosed> {
        let (epoch, current) = (self.epoch, self.current_flight());
        let Some(flight) = self.flights.iter_mut().find(|flight| flight.id == id) else {
            return Err(GateClosed::Overtaken);
        };
        // Rule "gate": the epoch, and the flight that the session waits for.
        if flight.epoch != epoch || current != Some(id) {
            return Err(GateClosed::Overtaken);
        }
        // Rule "gate": the deadline and the lease.
        if now.monotonic >= flight.deadline || now.monotonic >= flight.lease_until {
            return Err(GateClosed::Late);
        }
        // Rule "gate": the token in use. A newer one may have been seen in the store since the
        // marker was written.
        if self.pair.as_ref().map(|pair| pair.serial) != flight.marker.map(|marker| marker.serial) {
            return Err(GateClosed::Overtaken);
        }
        // Rule I2: a flight presents its token once.
        if flight.passed {
            return Err(GateClosed::Passed);
        }
        flight.passed = true;
        flight.phase = Phase::Sent;
        Ok(())
    }
}
