//! The session's decisions: pure and synchronous.
//!
//! Facts go in (a call wants to be sent, an answer came, the store said this), a decision comes
//! out, and beside it a list of effects for the shell to carry out. There is no clock here, no
//! chance, no I/O and no foreign code: each method runs inside one short critical section.
//!
//! Each rule of the protocol is one line or one short block behind a comment `Rule …`, so that it
//! can be taken out by itself to see which test notices.

mod account;
mod admit;
mod age;
mod answer;
mod backoff;
mod flight;
mod grant;
mod judge;
mod marks;
mod outcome;
mod pair;
mod refused;
mod reuse;
mod service;
mod settle;
mod storm;
#[cfg(test)]
mod tests;

pub(crate) use age::Moment;
pub(crate) use flight::{FlightId, Input, Step};
pub(crate) use grant::News;
pub(crate) use judge::persisted;
pub(crate) use pair::{Held, Pair};
pub(crate) use refused::Carried;

use super::{
    Ask, Convention, Denied, Event, Options, Power, StoreError,
    store::{Marker, Record, Serial, SignIn},
    trace::{Moved, StateName},
};
use crate::error::{ExpiredReason, RefreshError};
use flight::{Cause, Flight};
use marks::Marks;
use std::{any::Any, collections::VecDeque, sync::Arc, time::Duration};
use storm::Storm;

/// How many sign-ins of the past are remembered, so that none comes back from the store.
const RETIRED: usize = 16;

/// One session, or one partition of it.
#[derive(Debug)]
pub(crate) struct Machine {
    options: Options,
    /// Whose access token this is about; none is the session itself.
    partition: Option<Arc<str>>,
    state: State,
    /// Who is signed in; grows with each sign-in and sign-out.
    epoch: u64,
    /// Which pair; grows with each pair, over all epochs.
    generation: u64,
    pair: Option<Pair>,
    /// Why the last look at the store failed, if it did (rule 8).
    unread: Option<StoreError>,
    /// False for a fixed token, whatever refresher is at hand.
    renewable: bool,
    /// How the refresher's refusals are read; none while there is no refresher.
    convention: Option<Convention>,
    /// Whether the store outlives the process.
    outlives: bool,
    /// Flights whose task may still be running, the current one among them.
    flights: Vec<Flight>,
    flights_begun: u64,
    /// Failures since the last pair: the exponent of the backoff.
    failures: u32,
    /// No flight starts only because of `refresh_after` before that.
    quiet_until: Duration,
    /// Whether a 401 came to the current pair and nothing but 401s since.
    refused: bool,
    marks: Marks,
    storm: Storm,
    parked: usize,
    parked_bytes: usize,
    retired: VecDeque<SignIn>,
    /// Whether an expiry that makes no sense was diagnosed.
    warned: bool,
    effects: Vec<Effect>,
}

#[derive(Clone, Debug)]
enum State {
    SignedOut {
        reason: ExpiredReason,
    },
    Active,
    Refreshing {
        flight: FlightId,
    },
    Backoff {
        until: Duration,
        error: RefreshError,
    },
    Expired {
        reason: ExpiredReason,
    },
}

impl State {
    fn name(&self) -> StateName {
        match self {
            Self::SignedOut { .. } => StateName::SignedOut,
            Self::Active => StateName::Active,
            Self::Refreshing { .. } => StateName::Refreshing,
            Self::Backoff { .. } => StateName::Backoff,
            Self::Expired { .. } => StateName::Expired,
        }
    }
}

/// What a call does next.
#[derive(Debug)]
pub(crate) enum Decision {
    /// Be sent with the current pair.
    Carry,
    /// Be sent without a token.
    Bare,
    /// Fail.
    Deny(Denied),
    /// Wait for the flight's end, until `limit` at most, and ask [`Machine::woken`].
    Park {
        flight: FlightId,
        then: Then,
        limit: Duration,
        epoch: u64,
    },
}

/// What a waiting call wants once the flight has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// To be sent for the first time.
    Send,
    /// To be sent again.
    Replay,
    /// To fail with its own 401, which no replay can follow.
    Unauthorized,
}

/// How a flight ended for those who wait for it.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    Committed,
    Failed(Denied),
}

/// What the shell has to carry out after a decision, in this order.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Readers are to see the current pair.
    Publish,
    /// A flight's task is to be started.
    Start(FlightId),
    /// Those who wait for a flight are to be woken, outside the critical section.
    Wake(FlightId, Verdict),
    /// The grant's other partitions are to be told.
    Share(News),
    /// Subscribers are to be told.
    Tell(Event),
    /// The state has changed.
    Moved(Moved),
    /// Something is to be written to the store, in order.
    Chore(Chore),
    /// Someone should look at this.
    Warn(&'static str),
    /// To be dropped outside: what came from foreign code may run foreign code as it goes.
    Discard(Box<dyn Any + Send>),
}

/// A write that belongs to no flight.
#[derive(Clone, Debug)]
pub(crate) enum Chore {
    /// A sign-in: over whatever is there.
    Write(Record),
    /// The removal of a sign-in's record, or of one pair of it.
    Clear {
        sign_in: SignIn,
        only: Option<Serial>,
    },
    /// A pair that is in use already and that the store did not take.
    Persist { won: Record, spent: Serial },
    /// The removal of one write, if nothing was written since.
    Undo { version: u64 },
    /// What became of a presentation.
    Mark {
        sign_in: SignIn,
        serial: Serial,
        attempt: u32,
        marker: Option<Marker>,
    },
}

impl Machine {
    /// Nobody is signed in.
    pub(crate) fn new(options: Options, renewable: bool, outlives: bool) -> Self {
        Self {
            options,
            partition: None,
            state: State::SignedOut {
                reason: ExpiredReason::NeverSignedIn,
            },
            epoch: 0,
            generation: 0,
            pair: None,
            unread: None,
            renewable,
            convention: None,
            outlives,
            flights: Vec::new(),
            flights_begun: 0,
            failures: 0,
            quiet_until: Duration::ZERO,
            refused: false,
            marks: Marks::default(),
            storm: Storm::default(),
            parked: 0,
            parked_bytes: 0,
            retired: VecDeque::new(),
            warned: false,
            effects: Vec::new(),
        }
    }

    /// There is a refresher now.
    pub(crate) fn bind(&mut self, convention: Convention) {
        self.convention = Some(convention);
        self.effects.push(Effect::Publish);
        self.stand_in();
    }

    /// Who is signed in: another number, another sign-in.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// What the session can do about a dead token.
    pub(crate) fn power(&self) -> Power {
        let without = self
            .pair
            .as_ref()
            .is_some_and(|pair| pair.refresh.is_none());
        match self.convention {
            Some(_) if !self.renewable => Power::None,
            Some(Convention::ClientCredentials) => Power::OAuth2,
            Some(_) if without => Power::None,
            Some(Convention::Endpoint) => Power::Endpoint,
            Some(Convention::OAuth2) => Power::OAuth2,
            None => Power::None,
        }
    }

    /// Whether [`accepted`](Self::accepted) would learn anything.
    pub(crate) fn curious(&self) -> bool {
        self.refused || !self.marks.is_empty()
    }

    /// Whether a flight that still matters is under way.
    pub(crate) fn busy(&self) -> Option<FlightId> {
        self.flights
            .iter()
            .find(|flight| !flight.abandoned)
            .map(|flight| flight.id)
    }

    pub(crate) fn pair(&self) -> Option<&Pair> {
        self.over()
            .is_none()
            .then_some(self.pair.as_ref())
            .flatten()
    }

    /// For those who look from outside.
    pub(crate) fn look(&self, now: &Moment) -> super::SessionState {
        use super::SessionState as Seen;
        match &self.state {
            State::SignedOut { .. } => Seen::SignedOut,
            State::Refreshing { .. } => Seen::Refreshing,
            State::Backoff { until, .. } if now.monotonic < *until => Seen::Backoff {
                retry_at: now.wall_at(*until),
            },
            State::Active | State::Backoff { .. } => Seen::Active,
            State::Expired { reason } => Seen::Expired { reason: *reason },
        }
    }

    /// Why nobody is signed in, if nobody is.
    fn over(&self) -> Option<ExpiredReason> {
        match self.state {
            State::SignedOut { reason } | State::Expired { reason } => Some(reason),
            State::Active | State::Refreshing { .. } | State::Backoff { .. } => None,
        }
    }

    fn can_refresh(&self) -> bool {
        let token = self
            .pair
            .as_ref()
            .is_some_and(|pair| pair.refresh.is_some());
        self.is_service() || (self.renewable && self.convention.is_some() && token)
    }

    fn current_flight(&self) -> Option<FlightId> {
        match self.state {
            State::Refreshing { flight } => Some(flight),
            _ => None,
        }
    }

    /// Starts a flight; the caller has made sure that none is under way.
    fn start(&mut self, cause: Cause, now: &Moment) -> FlightId {
        self.flights_begun += 1;
        let id = FlightId(self.flights_begun);
        let until = now.monotonic.saturating_add(self.options.patience());
        self.flights
            .push(Flight::new(id, self.epoch, self.generation, cause, until));
        self.turn(State::Refreshing { flight: id });
        self.effects.extend([Effect::Start(id), Effect::Publish]);
        id
    }

    /// The call waits for `flight`, if there is room for it.
    fn park(&mut self, flight: FlightId, then: Then, ask: &Ask, now: &Moment) -> Decision {
        // Rule "Parked requests": caps on number and bytes; beyond them the call fails at once.
        if self.parked >= self.options.max_parked
            || self.parked_bytes.saturating_add(ask.bytes) > self.options.max_parked_bytes
        {
            return Decision::Deny(Denied::Refresh(RefreshError::new(
                crate::error::RefreshErrorKind::Parked,
            )));
        }
        self.parked += 1;
        self.parked_bytes += ask.bytes;
        // Rule I8: a waiter has a deadline of its own, whatever the flight's is.
        let limit = now.monotonic.saturating_add(self.options.waiter_timeout);
        Decision::Park {
            flight,
            then,
            limit,
            epoch: self.epoch,
        }
    }

    /// A call that waited does so no longer, for whatever reason.
    pub(crate) fn unpark(&mut self, ask: &Ask) {
        self.parked = self.parked.saturating_sub(1);
        self.parked_bytes = self.parked_bytes.saturating_sub(ask.bytes);
    }

    /// Every change of state goes through here.
    fn turn(&mut self, state: State) {
        let flight = self.current_flight();
        let old = std::mem::replace(&mut self.state, state);
        self.note(&old, flight);
        if let State::Backoff { error, .. } = old {
            self.discard(error);
        }
    }

    /// Has the change from `old` to the present state traced.
    fn note(&mut self, old: &State, flight: Option<FlightId>) {
        let flight = self.current_flight().or(flight);
        let begun = self.flights.iter().find(|one| Some(one.id) == flight);
        let why = match (&self.state, old) {
            (State::Refreshing { .. }, _) => begun.map_or("", |flight| flight.cause.as_str()),
            (State::Backoff { error, .. }, _) => error.kind().as_str(),
            (State::Expired { reason } | State::SignedOut { reason }, _) => reason.as_str(),
            (State::Active, State::Refreshing { .. }) => "refresh over",
            (State::Active, State::Backoff { .. }) => "newer tokens",
            (State::Active, _) => "signed in",
        };
        let (from, to) = (old.name(), self.state.name());
        if from == to {
            return;
        }
        let (epoch, generation) = (self.epoch, self.generation);
        self.effects.push(Effect::Moved(Moved {
            from,
            to,
            why,
            flight: flight.map(|id| id.0),
            epoch,
            generation,
        }));
    }

    /// Rule "Time": one diagnostic, not one for each pair.
    fn warn_once(&mut self, warning: Option<&'static str>) {
        if let Some(warning) = warning.filter(|_| !self.warned) {
            self.warned = true;
            self.effects.push(Effect::Warn(warning));
        }
    }

    fn discard(&mut self, what: impl Send + 'static) {
        self.effects.push(Effect::Discard(Box::new(what)));
    }

    fn tell(&mut self, event: Event) {
        self.effects.push(Effect::Tell(event));
    }

    fn chore(&mut self, chore: Chore) {
        self.effects.push(Effect::Chore(chore));
    }
}
