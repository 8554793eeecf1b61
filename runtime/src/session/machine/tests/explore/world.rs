//! What a state of the exploration is made of.

use super::{BASE, FlightId, Moment, Verdict, server::Server, setting::Setting, store::Store};
use crate::{
    Tokens,
    session::{
        Convention, Options, RefreshFailure, Swap,
        machine::{Chore, Effect, Machine, Pair, Then},
        store::{Record, SignIn},
    },
};
use std::{collections::VecDeque, rc::Rc, time::Duration};

/// Everything: what happens next depends on nothing else.
#[derive(Clone)]
pub(super) struct World {
    pub(super) setting: &'static Setting,
    pub(super) processes: Vec<Rc<Process>>,
    pub(super) calls: Vec<Call>,
    pub(super) store: Rc<Store>,
    pub(super) server: Rc<Server>,
    pub(super) now: Duration,
    /// How many more accidents may happen.
    pub(super) left: u8,
    /// Which kinds have happened.
    pub(super) happened: u32,
    /// The first invariant that does not hold.
    pub(super) broken: Option<&'static str>,
    /// The last event in words, where someone wants to know.
    pub(super) said: String,
    pub(super) telling: bool,
}

/// One program with a session of its own over the common store.
pub(super) struct Process {
    pub(super) machine: Machine,
    pub(super) chores: VecDeque<Chore>,
    pub(super) tasks: Vec<Task>,
    /// Ends of flights that calls still wait for.
    pub(super) verdicts: Vec<(FlightId, Verdict)>,
    /// What a look at the store found (rule 8), on its way to the machine.
    pub(super) looked: Option<Look>,
    /// Whether the store has changed since the last look.
    pub(super) unseen: bool,
    /// (epoch, generation) as readers see it.
    pub(super) published: Option<(u64, u64)>,
    /// Who was signed in last.
    pub(super) user: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) found: Option<Record>,
    pub(super) epoch: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Call {
    pub(super) process: usize,
    /// Whose token it was sent with first.
    pub(super) user: Option<usize>,
    pub(super) sends: u8,
    pub(super) place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Place {
    New,
    /// At the server, or its answer on the way: with which pair, and whether that was good then.
    Sent {
        epoch: u64,
        generation: u64,
        user: usize,
        number: u32,
        good: bool,
    },
    Parked {
        flight: u64,
        then: Wanted,
        limit: Duration,
        epoch: u64,
    },
    Done,
}

/// [`Then`], with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Wanted {
    Send,
    Replay,
    Unauthorized,
}

impl Wanted {
    pub(super) fn of(then: Then) -> Self {
        match then {
            Then::Send => Self::Send,
            Then::Replay => Self::Replay,
            Then::Unauthorized => Self::Unauthorized,
        }
    }

    pub(super) fn then(self) -> Then {
        match self {
            Self::Send => Then::Send,
            Self::Replay => Then::Replay,
            Self::Unauthorized => Then::Unauthorized,
        }
    }
}

/// A flight's task.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) id: FlightId,
    pub(super) doing: Doing,
}

/// What it does: something outside, or about to tell the machine what came of it.
#[derive(Clone, Debug)]
pub(super) enum Doing {
    Settle {
        until: Duration,
    },
    Lock {
        until: Duration,
    },
    Load {
        until: Duration,
    },
    Swap {
        expected: u64,
        record: Box<Record>,
        until: Duration,
    },
    Pause {
        until: Duration,
    },
    Post {
        token: String,
        until: Duration,
    },
    /// The request is on its way, or at the server, or its answer is on the way back.
    Waiting {
        until: Duration,
    },
    Got(Got),
}

#[derive(Clone, Debug)]
pub(super) enum Got {
    Begin,
    Locked,
    Loaded(Option<Box<Record>>),
    Swapped(Swap),
    NotSent,
    Broken,
}

impl Clone for Process {
    fn clone(&self) -> Self {
        Self {
            machine: fork(&self.machine),
            chores: self.chores.clone(),
            tasks: self.tasks.clone(),
            verdicts: self.verdicts.clone(),
            looked: self.looked.clone(),
            unseen: self.unseen,
            published: self.published,
            user: self.user,
        }
    }
}

/// A machine whose effects are carried out, twice.
fn fork(machine: &Machine) -> Machine {
    assert!(machine.effects.is_empty());
    Machine {
        options: machine.options.clone(),
        state: machine.state.clone(),
        partition: machine.partition.clone(),
        pair: machine.pair.clone(),
        unread: machine.unread.clone(),
        flights: machine.flights.clone(),
        marks: machine.marks.clone(),
        storm: machine.storm.clone(),
        retired: machine.retired.clone(),
        effects: Vec::new(),
        ..*machine
    }
}

impl Process {
    /// Just started: it has not looked at the store yet.
    pub(super) fn started(setting: &Setting, at: usize) -> Self {
        let options = Options {
            reuse: setting.reuse,
            // The window for storms is no matter of orders.
            storm_commits: 9,
            ..Options::default()
        };
        let mut machine = Machine::new(options, true, true);
        if setting.partitions && at > 0 {
            machine.partition = Some("other".into());
        }
        machine.bind(Convention::Endpoint);
        machine.take_effects();
        Self {
            machine,
            chores: VecDeque::new(),
            tasks: Vec::new(),
            verdicts: Vec::new(),
            looked: None,
            unseen: true,
            published: None,
            user: None,
        }
    }
}

impl World {
    /// All processes know the first user's first pair, which the server takes no longer, or for
    /// as long as tokens live.
    pub(super) fn new(setting: &'static Setting) -> Self {
        let processes = (0..setting.calls.len()).map(|at| Rc::new(Process::started(setting, at)));
        let calls = setting
            .calls
            .iter()
            .enumerate()
            .flat_map(|(process, count)| {
                let call = Call {
                    process,
                    user: None,
                    sends: 0,
                    place: Place::New,
                };
                std::iter::repeat_n(call, usize::from(*count))
            });
        let mut world = Self {
            setting,
            processes: processes.collect(),
            calls: calls.collect(),
            store: Rc::default(),
            server: Rc::new(Server::new(setting)),
            now: Duration::from_secs(1),
            left: setting.at_most,
            happened: 0,
            broken: None,
            said: String::new(),
            telling: false,
        };
        let now = world.moment();
        let first = world.tokens(0, 1);
        world.process(0).machine.sign_in(&first, SignIn(0), &now);
        world.effects(0);
        world.chore(0);
        let record = world.store.record.clone();
        for at in 0..world.processes.len() {
            let process = world.process(at);
            if at > 0 {
                process.machine.seen(record.clone(), &now);
            }
            process.unseen = false;
            world.effects(at);
        }
        world
    }

    pub(super) fn moment(&self) -> Moment {
        Moment {
            wall: BASE + self.now,
            monotonic: self.now,
            chance: 0,
        }
    }

    pub(super) fn process(&mut self, at: usize) -> &mut Process {
        Rc::make_mut(&mut self.processes[at])
    }

    pub(super) fn tokens(&self, user: usize, number: u32) -> Tokens {
        let tokens =
            Tokens::new(format!("A{user}-{number}")).refresh_token(format!("R{user}-{number}"));
        match self.setting.lifetime {
            Some(lifetime) => tokens.expires_in(lifetime),
            None => tokens,
        }
    }

    pub(super) fn require(&mut self, holds: bool, invariant: &'static str) {
        if !holds && self.broken.is_none() {
            self.broken = Some(invariant);
        }
    }

    /// Notes what happened, where a trace is wanted.
    pub(super) fn say(&mut self, words: impl FnOnce() -> String) {
        if self.telling {
            if !self.said.is_empty() {
                self.said.push_str("; ");
            }
            self.said.push_str(&words());
        }
    }

    /// Carries out what the machine of process `at` asks for.
    pub(super) fn effects(&mut self, at: usize) {
        let effects = self.process(at).machine.take_effects();
        for effect in effects {
            let process = self.process(at);
            match effect {
                Effect::Publish => process.published = seen_by_readers(&process.machine),
                Effect::Start(id) => {
                    let doing = Doing::Got(Got::Begin);
                    process.tasks.push(Task { id, doing });
                }
                Effect::Wake(id, verdict) => {
                    let twice = process.verdicts.iter().any(|(known, _)| *known == id);
                    let waits = |call: &Call| {
                        let flight = id.0;
                        call.process == at
                            && matches!(call.place, Place::Parked { flight: its, .. } if its == flight)
                    };
                    // The first end stays (a late answer may bring another); one that nobody
                    // waits for is forgotten.
                    if !twice && self.calls.iter().any(waits) {
                        self.process(at).verdicts.push((id, verdict));
                    }
                }
                Effect::Chore(chore) => process.chores.push_back(chore),
                // There are no other partitions here.
                Effect::Moved(_)
                | Effect::Share(_)
                | Effect::Tell(_)
                | Effect::Warn(_)
                | Effect::Discard(_) => {}
            }
        }
        self.note_user(at);
    }

    /// The end of a wait that nobody waits for any more.
    pub(super) fn forget(&mut self, at: usize) {
        let waited: Vec<u64> = self
            .calls
            .iter()
            .filter(|call| call.process == at)
            .filter_map(|call| match call.place {
                Place::Parked { flight, .. } => Some(flight),
                _ => None,
            })
            .collect();
        if self.processes[at]
            .verdicts
            .iter()
            .any(|(id, _)| !waited.contains(&id.0))
        {
            self.process(at)
                .verdicts
                .retain(|(id, _)| waited.contains(&id.0));
        }
    }
}

pub(super) fn seen_by_readers(machine: &Machine) -> Option<(u64, u64)> {
    machine
        .snapshot()
        .map(|snapshot| (snapshot.epoch, snapshot.generation))
}

pub(super) fn name(process: usize) -> char {
    char::from(b'p' + process as u8)
}

/// Whose access token it is, and its number.
pub(super) fn access(pair: &Pair) -> Option<(usize, u32)> {
    let held = pair.access.as_ref()?;
    Some(parts(held.token.secret().expose()))
}

/// The parts of `A0-2` or `R0-2`.
pub(super) fn parts(token: &str) -> (usize, u32) {
    let (user, number) = token[1..]
        .split_once('-')
        .expect("a token of this exploration");
    (
        user.parse().expect("a user"),
        number.parse().expect("a number"),
    )
}

pub(super) fn not_sent() -> RefreshFailure {
    RefreshFailure::not_sent("connection refused")
}
