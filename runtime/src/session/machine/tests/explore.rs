//! Every order of events, within bounds: three calls, one that goes away, answers that are late or
//! lost, tasks that die, someone who signs out and someone else who signs in.
//!
//! The server rotates refresh tokens and revokes the family when a spent one is presented. In each
//! state that can be reached the protocol's invariants are checked; a state in which nothing can
//! happen any more must leave no call waiting.

mod accidents;
mod tasks;

use super::super::{
    Carried, Chore, Decision, Effect, FlightId, Input, Machine, Moment, Step, Then, Verdict,
    displaces,
};
use super::bench::SECOND;
use crate::{
    Tokens,
    session::{
        Ask, Convention, Options, RefreshFailure, Refused, Swap,
        store::{Record, SignIn},
    },
};
use http::StatusCode;
use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    time::{Duration, SystemTime},
};

/// What may go wrong, and how often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Budget {
    cancels: u8,
    losses: u8,
    deaths: u8,
    sign_outs: u8,
    sign_ins: u8,
    jumps: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Call {
    New,
    /// At the server, or its answer on the way: with which pair, as whom, accepted or not.
    Sent {
        epoch: u64,
        generation: u64,
        accepted: bool,
        sends: u8,
    },
    Parked {
        flight: FlightId,
        then: u8,
        limit: Duration,
        epoch: u64,
        sends: u8,
    },
    Done,
}

#[derive(Clone, Debug)]
enum Task {
    /// What it has to do next.
    Step(Todo),
    /// The token is at the server; the answer on its way back. None: a spent token came.
    Answering {
        brings: Option<u32>,
        epoch: u64,
        until: Duration,
    },
}

#[derive(Clone, Debug)]
enum Todo {
    Begin,
    Settle,
    Lock,
    Load,
    Swap(u64, Box<Record>),
    Post(String, Duration),
    Pause(Duration),
}

/// Knows one user per sign-in, and the number of the pair that is good for them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Server {
    good: Vec<(u32, bool)>,
    /// How often each refresh token was presented.
    presented: Vec<(String, u8)>,
}

struct World {
    machine: Machine,
    store: Option<Record>,
    version: u64,
    lock: Option<FlightId>,
    tasks: Vec<(FlightId, Task)>,
    verdicts: HashMap<FlightId, Verdict>,
    calls: [Call; 3],
    server: Server,
    now: Moment,
    left: Budget,
    /// Whether an answer was lost or a task died after it had sent: only then may a token be
    /// presented twice.
    doubt: bool,
}

impl Clone for World {
    fn clone(&self) -> Self {
        Self {
            machine: fork(&self.machine),
            store: self.store.clone(),
            version: self.version,
            lock: self.lock,
            tasks: self.tasks.clone(),
            verdicts: self.verdicts.clone(),
            calls: self.calls,
            server: self.server.clone(),
            now: self.now,
            left: self.left,
            doubt: self.doubt,
        }
    }
}

/// A machine whose effects are carried out, twice.
fn fork(machine: &Machine) -> Machine {
    assert!(machine.effects.is_empty());
    Machine {
        options: machine.options.clone(),
        state: machine.state.clone(),
        pair: machine.pair.clone(),
        flights: machine.flights.clone(),
        marks: machine.marks.clone(),
        storm: machine.storm.clone(),
        retired: machine.retired.clone(),
        effects: Vec::new(),
        ..*machine
    }
}

fn ask() -> Ask {
    Ask {
        endpoint: 7,
        ..Ask::default()
    }
}

impl World {
    /// Signed in with a pair whose access token the server has just let expire.
    fn new(left: Budget) -> Self {
        let options = Options {
            storm_commits: 9,
            ..Options::default()
        };
        let mut machine = Machine::new(options, true, false);
        machine.bind(Convention::Endpoint);
        let now = Moment {
            wall: SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000),
            monotonic: SECOND,
            chance: 0,
        };
        let mut world = Self {
            machine,
            store: None,
            version: 0,
            lock: None,
            tasks: Vec::new(),
            verdicts: HashMap::new(),
            calls: [Call::New; 3],
            server: Server {
                good: vec![(1, true)],
                presented: Vec::new(),
            },
            now,
            left,
            doubt: false,
        };
        world.machine.sign_in(&tokens(0, 1), SignIn(0), &now);
        world.effects();
        // Access token 1 is over, its refresh token is good.
        world
    }

    fn user(&self) -> usize {
        self.server.good.len() - 1
    }

    fn effects(&mut self) {
        for effect in self.machine.take_effects() {
            match effect {
                Effect::Start(flight) => self.tasks.push((flight, Task::Step(Todo::Begin))),
                Effect::Wake(flight, verdict) => {
                    // I3: nobody is woken twice with different ends.
                    assert!(
                        self.verdicts.insert(flight, verdict).is_none(),
                        "woken twice"
                    );
                }
                Effect::Chore(chore) => self.attend(chore),
                _ => {}
            }
        }
    }

    fn attend(&mut self, chore: Chore) {
        let held = self.store.clone();
        match (chore, held) {
            (Chore::Write(record), _) => self.write(record),
            (Chore::Clear { sign_in, only }, Some(held)) => {
                if held.sign_in == sign_in && only.is_none_or(|serial| held.serial == serial) {
                    self.store = None;
                }
            }
            (Chore::Persist { won, spent }, Some(held)) => {
                if held.sign_in == won.sign_in && displaces(&won, &held, spent) {
                    self.write(won);
                }
            }
            (Chore::Undo { version }, Some(held)) => {
                if held.version == version {
                    self.store = None;
                }
            }
            (
                Chore::Mark {
                    sign_in,
                    serial,
                    attempt,
                    marker,
                },
                Some(mut held),
            ) => {
                let known = held.live_marker().map(|known| known.attempt);
                if held.sign_in == sign_in && held.serial == serial && known == Some(attempt) {
                    held.marker = marker;
                    self.write(held);
                }
            }
            (_, None) => {}
        }
    }

    fn write(&mut self, record: Record) {
        self.version += 1;
        self.store = Some(record.with_version(self.version));
    }

    /// All that can happen next.
    fn next(&self) -> Vec<World> {
        let mut worlds = Vec::new();
        for number in 0..self.calls.len() {
            worlds.extend(self.call_goes_on(number));
        }
        for number in 0..self.tasks.len() {
            worlds.extend(self.task_goes_on(number));
        }
        worlds.extend(self.accidents());
        if worlds.is_empty() && self.calls.iter().any(|call| !matches!(call, Call::Done)) {
            worlds.push(self.later(40));
        }
        worlds
    }

    fn call_goes_on(&self, number: usize) -> Vec<World> {
        let mut world = self.clone();
        let now = world.now;
        match self.calls[number] {
            Call::New => {
                // The order among calls that have not begun does not matter.
                if self.calls[..number].contains(&Call::New) {
                    return vec![];
                }
                let decision = world.machine.admit(&ask(), &now);
                world.follow(number, decision, 0, None);
            }
            Call::Sent {
                epoch,
                generation,
                accepted,
                sends,
            } => {
                let carried = Carried { epoch, generation };
                if accepted {
                    world.machine.accepted(7, carried);
                    world.calls[number] = Call::Done;
                } else {
                    let decision = world.machine.on_401(&ask(), carried, sends > 1, &now);
                    world.follow(number, decision, sends, Some(epoch));
                }
            }
            Call::Parked {
                flight,
                then,
                limit,
                epoch,
                sends,
            } => {
                let verdict = self.verdicts.get(&flight).cloned();
                if verdict.is_none() && now.monotonic < limit {
                    return vec![];
                }
                let then = if then == 0 { Then::Send } else { Then::Replay };
                world.machine.unpark(&ask());
                let decision = world.machine.woken(&ask(), then, epoch, verdict, &now);
                world.follow(number, decision, sends, Some(epoch));
            }
            Call::Done => return vec![],
        }
        world.effects();
        vec![world]
    }

    fn follow(&mut self, number: usize, decision: Decision, sends: u8, was: Option<u64>) {
        self.effects();
        self.calls[number] = match decision {
            Decision::Carry => {
                let snapshot = self.machine.snapshot().expect("carried");
                // I6: a replay uses the same identity.
                assert!(
                    was.is_none_or(|was| was == snapshot.epoch),
                    "sent as someone else"
                );
                // I4: at most one replay.
                assert!(sends < 2, "a third send");
                let text = snapshot.credential.secret().expose().to_owned();
                Call::Sent {
                    epoch: snapshot.epoch,
                    generation: snapshot.generation,
                    accepted: self.accepts(&text),
                    sends: sends + 1,
                }
            }
            Decision::Park {
                flight,
                then,
                limit,
                epoch,
            } => {
                // I3: whom a call waits for is there.
                assert!(
                    self.tasks.iter().any(|(id, _)| *id == flight),
                    "waits for nobody"
                );
                let then = u8::from(then == Then::Replay);
                Call::Parked {
                    flight,
                    then,
                    limit,
                    epoch,
                    sends,
                }
            }
            Decision::Bare | Decision::Deny(_) => Call::Done,
        };
    }

    /// The first pair of the first user is over from the start; later ones are good until
    /// rotated.
    fn accepts(&self, token: &str) -> bool {
        let user = self.user();
        let (good, alive) = self.server.good[user];
        alive && good > 1 && token == format!("A{user}-{good}")
    }

    fn check(&self) {
        // I5: whose epoch it is, their tokens are used.
        if let (Some(pair), user) = (self.machine.pair(), self.user()) {
            let text = pair
                .access
                .as_ref()
                .expect("one partition")
                .token
                .secret()
                .expose();
            assert!(
                text.starts_with(&format!("A{user}-")),
                "{text} for user {user}"
            );
            if let Some(held) = &self.store {
                assert_eq!(held.sign_in, pair.sign_in, "the store is someone else's");
            }
        } else if matches!(self.machine.state, super::super::State::SignedOut { .. }) {
            // Rule 6: nothing comes back. Flights that are over undo what they wrote.
            let settled = self.tasks.is_empty();
            assert!(
                !settled || self.store.is_none(),
                "signed out, and still in the store"
            );
        }
        // I2: a family dies only where a token may have been spent for nothing.
        assert!(self.doubt || self.server.good.iter().all(|(_, alive)| *alive));
    }

    fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let secrets = |pair: &super::super::Pair| {
            let refresh = pair
                .refresh
                .as_ref()
                .map(|refresh| refresh.expose().to_owned());
            let access = pair.access.as_ref();
            let access = access.map(|held| held.token.secret().expose().to_owned());
            (access, refresh)
        };
        self.machine.pair.as_ref().map(secrets).hash(&mut hasher);
        format!("{:?}", self.machine).hash(&mut hasher);
        format!("{:?}{:?}", self.store, self.tasks).hash(&mut hasher);
        (&self.calls, &self.server, self.lock, self.left, self.doubt).hash(&mut hasher);
        self.now.monotonic.hash(&mut hasher);
        let mut verdicts: Vec<_> = self.verdicts.keys().map(|id| id.0).collect();
        verdicts.sort_unstable();
        verdicts.hash(&mut hasher);
        hasher.finish()
    }
}

impl Server {
    /// The number of the new pair, or none for a spent token, whose family dies.
    fn spend(&mut self, token: &str) -> Option<u32> {
        let known = self.presented.iter_mut().find(|(text, _)| text == token);
        match known {
            Some((_, count)) => *count += 1,
            None => self.presented.push((token.to_owned(), 1)),
        }
        let (user, number) = token
            .trim_start_matches('R')
            .split_once('-')
            .expect("its shape");
        let (user, number): (usize, u32) = (user.parse().unwrap(), number.parse().unwrap());
        let (good, alive) = &mut self.good[user];
        if *alive && number == *good {
            *good += 1;
            return Some(*good);
        }
        *alive = false;
        None
    }
}

fn tokens(user: usize, number: u32) -> Tokens {
    Tokens::new(format!("A{user}-{number}")).refresh_token(format!("R{user}-{number}"))
}

fn at(now: Moment, monotonic: Duration) -> Moment {
    Moment {
        wall: now.wall + (monotonic - now.monotonic),
        monotonic,
        ..now
    }
}

/// Visits every state that can be reached; answers how many there are.
fn explore(budget: Budget, limit: usize) -> usize {
    let start = World::new(budget);
    let mut seen = HashSet::from([start.fingerprint()]);
    let mut open = vec![start];
    while let Some(world) = open.pop() {
        world.check();
        for next in world.next() {
            if seen.insert(next.fingerprint()) {
                open.push(next);
            }
        }
        assert!(seen.len() <= limit, "more states than {limit}");
    }
    seen.len()
}

#[test]
fn every_order_of_three_calls() {
    assert!(explore(Budget::default(), 10_000) > 100);
}

#[test]
fn every_order_with_calls_that_go_and_answers_that_are_lost() {
    explore(
        Budget {
            cancels: 1,
            losses: 1,
            jumps: 1,
            ..Budget::default()
        },
        100_000,
    );
}

#[test]
fn every_order_with_tasks_that_die() {
    explore(
        Budget {
            deaths: 1,
            losses: 1,
            jumps: 1,
            ..Budget::default()
        },
        100_000,
    );
}

#[test]
fn every_order_with_signing_out_and_in() {
    explore(
        Budget {
            sign_outs: 1,
            sign_ins: 1,
            jumps: 1,
            ..Budget::default()
        },
        100_000,
    );
}
