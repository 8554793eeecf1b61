//! A machine with a clock that a test moves, and a store of one record.

use super::super::{
    Carried, Chore, Decision, Effect, FlightId, Input, Machine, Moment, News, Step, Then, Verdict,
    persisted,
};
use crate::{
    Tokens,
    error::{ExpiredReason, RefreshError, RefreshErrorKind},
    session::{
        Ask, Convention, Denied, Event, Options, RefreshFailure, Refused, Swap,
        store::{Access, Record, SignIn},
    },
};
use http::StatusCode;
use std::time::{Duration, SystemTime};

pub(super) const SECOND: Duration = Duration::from_secs(1);

/// Makes the record hold another access token, that of its pair.
pub(super) fn give(record: &mut Record, token: &str) {
    let access = Access {
        token: token.into(),
        serial: record.serial,
        ..record.access[0].clone()
    };
    record
        .access
        .retain(|other| other.partition != access.partition);
    record.access.push(access);
}

pub(super) struct Bench {
    pub(super) machine: Machine,
    pub(super) now: Moment,
    pub(super) held: Option<Record>,
    version: u64,
    sign_ins: u128,
    pub(super) started: Vec<FlightId>,
    pub(super) woken: Vec<(FlightId, Verdict)>,
    pub(super) events: Vec<Event>,
    pub(super) warnings: Vec<&'static str>,
    pub(super) news: Vec<News>,
}

impl Bench {
    /// Signed in with A1 and R1, for an hour; renewed by an endpoint of the API.
    pub(super) fn new() -> Self {
        Self::with(Options::default())
    }

    pub(super) fn with(options: Options) -> Self {
        let mut bench = Self::empty(options);
        bench.sign_in(pair("1"));
        bench.events.clear();
        bench
    }

    pub(super) fn empty(options: Options) -> Self {
        Self::bound(options, Convention::Endpoint)
    }

    /// A service that acts for itself.
    pub(super) fn service() -> Self {
        Self::service_with(Options::default())
    }

    pub(super) fn service_with(options: Options) -> Self {
        let mut bench = Self::bound(options, Convention::ClientCredentials);
        bench.effects();
        bench
    }

    fn bound(options: Options, convention: Convention) -> Self {
        let mut machine = Machine::new(options, true, false);
        machine.bind(convention);
        let now = Moment {
            wall: SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000),
            monotonic: SECOND,
            chance: 0,
        };
        Self {
            machine,
            now,
            held: None,
            version: 0,
            sign_ins: 0,
            started: Vec::new(),
            woken: Vec::new(),
            events: Vec::new(),
            warnings: Vec::new(),
            news: Vec::new(),
        }
    }

    pub(super) fn wait(&mut self, seconds: u64) {
        self.now.wall += Duration::from_secs(seconds);
        self.now.monotonic += Duration::from_secs(seconds);
    }

    pub(super) fn sign_in(&mut self, tokens: Tokens) {
        self.sign_ins += 1;
        let now = self.now;
        self.machine.sign_in(&tokens, SignIn(self.sign_ins), &now);
        self.effects();
    }

    pub(super) fn sign_out(&mut self) {
        self.machine.sign_out();
        self.effects();
    }

    pub(super) fn carried(&self) -> Carried {
        let snapshot = self.machine.snapshot().expect("someone is signed in");
        Carried {
            epoch: snapshot.epoch,
            generation: snapshot.generation,
            taken: false,
        }
    }

    pub(super) fn access(&self) -> Option<String> {
        self.machine
            .pair()
            .and_then(|pair| pair.access.as_ref())
            .map(|held| held.token.secret().expose().to_owned())
    }

    /// The store is the other's.
    pub(super) fn take_store(&mut self, other: &Self) {
        self.held.clone_from(&other.held);
        self.version = other.version;
    }

    /// The access token in the store.
    pub(super) fn stored(&self) -> &str {
        let access = self.held.as_ref().and_then(|held| held.access(None));
        access.map_or("", |access| access.token.expose())
    }

    pub(super) fn admit(&mut self, ask: &Ask) -> Decision {
        let now = self.now;
        let decision = self.machine.admit(ask, &now);
        self.effects();
        decision
    }

    pub(super) fn on_401(&mut self, ask: &Ask, carried: Carried, replayed: bool) -> Decision {
        let now = self.now;
        let decision = self.machine.on_401(ask, carried, replayed, &now);
        self.effects();
        decision
    }

    pub(super) fn on_402(&mut self, ask: &Ask, carried: Carried, replayed: bool) -> Decision {
        let now = self.now;
        let decision = self.machine.on_402(ask, carried, replayed, &now);
        self.effects();
        decision
    }

    /// A first 401 to the current pair; the flight it starts.
    pub(super) fn refused(&mut self) -> FlightId {
        let carried = self.carried();
        match self.on_401(&ask(), carried, false) {
            Decision::Park { flight, .. } => flight,
            other => panic!("{other:?}"),
        }
    }

    /// What a parked call does once the flight's verdict is there.
    pub(super) fn resume(&mut self, flight: FlightId, then: Then) -> Decision {
        let verdict = self.woken.iter().find(|(id, _)| *id == flight);
        let verdict = verdict.map(|(_, verdict)| verdict.clone());
        let epoch = self.carried_or_zero();
        let now = self.now;
        self.machine.woken(&ask(), then, epoch, verdict, &now)
    }

    fn carried_or_zero(&self) -> u64 {
        self.machine.snapshot().map_or(0, |snapshot| snapshot.epoch)
    }

    pub(super) fn step(&mut self, flight: FlightId, input: Input) -> Step {
        let now = self.now;
        let step = self.machine.advance(flight, input, &now);
        self.effects();
        step
    }

    pub(super) fn gate(&mut self, flight: FlightId) -> Result<(), crate::session::GateClosed> {
        let now = self.now;
        self.machine.gate(flight, &now)
    }

    /// Goes on until the flight wants to POST, to pause, or ends.
    pub(super) fn run(&mut self, flight: FlightId, input: Input) -> Step {
        let mut step = self.step(flight, input);
        while !matches!(step, Step::Pause { .. } | Step::Post { .. } | Step::Done) {
            step = self.go_on(flight, step);
        }
        step
    }

    /// Does what the store is asked for, and tells the flight.
    pub(super) fn go_on(&mut self, flight: FlightId, step: Step) -> Step {
        let input = match step {
            Step::Settle { .. } => Input::Settled,
            Step::Lock { .. } => Input::Locked,
            Step::Load { .. } => Input::Loaded(self.held.clone()),
            Step::Swap {
                expected, record, ..
            } => Input::Swapped(self.swap(expected, record)),
            other => panic!("the store has no part in {other:?}"),
        };
        self.step(flight, input)
    }

    /// Up to the answer: lock, reload, marker, gate. The refresh token that is sent.
    pub(super) fn post(&mut self, flight: FlightId) -> String {
        let Step::Post { token, .. } = self.run(flight, Input::Begin) else {
            panic!("no POST");
        };
        self.gate(flight).expect("the gate is open");
        token.expose().to_owned()
    }

    /// From the answer to the end.
    pub(super) fn answer(&mut self, flight: FlightId, answer: Result<Tokens, RefreshFailure>) {
        let end = self.run(flight, Input::Answered(answer));
        assert!(matches!(end, Step::Done), "{end:?}");
    }

    /// A whole flight that brings `tokens`.
    pub(super) fn refresh(&mut self, flight: FlightId, tokens: Tokens) {
        self.post(flight);
        self.answer(flight, Ok(tokens));
    }

    pub(super) fn swap(&mut self, expected: u64, record: Record) -> Swap {
        // Zero is what the machine says where it found nothing.
        let there = self.held.as_ref().map_or(0, Record::version);
        match there == expected {
            true => self.write(record),
            false => Swap::Lost,
        }
    }

    pub(super) fn write(&mut self, record: Record) -> Swap {
        self.version += 1;
        self.held = Some(record.with_version(self.version));
        Swap::Done(self.version)
    }

    pub(super) fn effects(&mut self) {
        for effect in self.machine.take_effects() {
            match effect {
                Effect::Publish | Effect::Moved(_) | Effect::Discard(_) => {}
                Effect::Share(news) => self.news.push(news),
                Effect::Start(flight) => self.started.push(flight),
                Effect::Wake(flight, verdict) => self.woken.push((flight, verdict)),
                Effect::Tell(event) => self.events.push(event),
                Effect::Warn(what) => self.warnings.push(what),
                Effect::Chore(chore) => self.attend(chore),
            }
        }
    }

    fn attend(&mut self, chore: Chore) {
        let Some(mut held) = self.held.clone() else {
            if let Chore::Write(record) = chore {
                self.write(record);
            }
            return;
        };
        match chore {
            Chore::Write(record) => drop(self.write(record)),
            Chore::Clear { sign_in, only } => {
                let meant = only.is_none_or(|serial| held.serial == serial);
                self.held = self
                    .held
                    .take()
                    .filter(|held| held.sign_in != sign_in || !meant);
            }
            Chore::Persist { won, spent } => {
                if let Some(record) = persisted(&won, &held, spent) {
                    self.write(record);
                }
            }
            Chore::Undo { version } => {
                self.held = self.held.take().filter(|held| held.version != version);
            }
            Chore::Mark {
                serial,
                attempt,
                marker,
                ..
            } => {
                let known = held.live_marker().map(|known| known.attempt);
                if held.serial == serial && known == Some(attempt) {
                    held.marker = marker;
                    self.write(held);
                }
            }
        }
    }

    /// The only kind with which waiters of a flight were told that it failed.
    pub(super) fn failure(&self, flight: FlightId) -> RefreshErrorKind {
        self.error(flight).kind()
    }

    /// The only error of which waiters of a flight were told.
    pub(super) fn error(&self, flight: FlightId) -> &RefreshError {
        let ends: Vec<_> = self.woken.iter().filter(|(id, _)| *id == flight).collect();
        match ends.as_slice() {
            [(_, Verdict::Failed(Denied::Refresh(error)))] => error,
            other => panic!("{other:?}"),
        }
    }
}

pub(super) fn pair(number: &str) -> Tokens {
    Tokens::new(format!("A{number}"))
        .refresh_token(format!("R{number}"))
        .expires_in(Duration::from_secs(3600))
}

pub(super) fn ask() -> Ask {
    Ask {
        endpoint: 7,
        bytes: 100,
        ..Ask::default()
    }
}

pub(super) fn one_shot() -> Ask {
    Ask {
        one_shot: true,
        ..ask()
    }
}

pub(super) fn lost() -> Result<Tokens, RefreshFailure> {
    Err(RefreshFailure::unanswered("connection reset"))
}

pub(super) fn status(status: u16) -> Result<Tokens, RefreshFailure> {
    Err(Refused::new(StatusCode::from_u16(status).expect("a status")).into())
}

pub(super) fn expired(decision: &Decision) -> Option<ExpiredReason> {
    match decision {
        Decision::Deny(Denied::Expired(reason)) => Some(*reason),
        _ => None,
    }
}

pub(super) fn refresh_error(decision: &Decision) -> Option<RefreshErrorKind> {
    match decision {
        Decision::Deny(Denied::Refresh(error)) => Some(error.kind()),
        _ => None,
    }
}

pub(super) fn unauthorized(decision: &Decision) -> Option<bool> {
    match decision {
        Decision::Deny(Denied::Unauthorized { replayable }) => Some(*replayable),
        _ => None,
    }
}

pub(super) fn carries(decision: &Decision) -> bool {
    matches!(decision, Decision::Carry)
}

pub(super) fn parks(decision: &Decision) -> Option<FlightId> {
    match decision {
        Decision::Park { flight, .. } => Some(*flight),
        _ => None,
    }
}
