//! What a flight's task does next. Each thing done outside is one step, and telling the machine of
//! it is another: whatever can come between them does.

use super::{
    FlightId,
    server::{Answer, Known},
    world::{Doing, Got, World, name, not_sent},
};
use crate::session::{
    RefreshFailure, Refused, StoreError,
    machine::{Input, Step},
};
use http::StatusCode;
use std::time::Duration;

impl World {
    pub(super) fn task_goes_on(&self, at: usize, which: usize, worlds: &mut Vec<World>) {
        let task = &self.processes[at].tasks[which];
        let id = task.id;
        match task.doing.clone() {
            Doing::Got(got) => worlds.push(self.after(|world| {
                world.say(|| format!("{}: flight {} {}", name(at), id.0, heard(&got)));
                let input = match got {
                    Got::Begin => Input::Begin,
                    Got::Locked => Input::Locked,
                    Got::Loaded(record) => Input::Loaded(record.map(|record| *record)),
                    Got::Swapped(swap) => Input::Swapped(swap),
                    Got::NotSent => Input::Answered(Err(not_sent())),
                    Got::Broken => Input::Broken(StoreError::new("a store that fails")),
                };
                world.advance(at, which, input);
            })),
            Doing::Settle { until } => {
                if self.processes[at].chores.is_empty() {
                    worlds.push(self.after(|world| {
                        world.say(|| format!("{}: flight {} asks for the lock", name(at), id.0));
                        world.advance(at, which, Input::Settled);
                    }));
                } else {
                    self.maybe_late(at, which, until, worlds);
                }
            }
            Doing::Lock { until } => {
                let mut world = self.clone();
                if world.lock(at, id) {
                    world.say(|| format!("{}: flight {} gets the lock", name(at), id.0));
                    world.got(at, which, Got::Locked);
                    worlds.push(world);
                } else {
                    self.maybe_late(at, which, until, worlds);
                }
            }
            Doing::Load { until } => {
                worlds.push(self.after(|world| {
                    world.say(|| format!("{}: flight {} reads the store", name(at), id.0));
                    let record = world.store.record.clone().map(Box::new);
                    world.got(at, which, Got::Loaded(record));
                }));
                self.maybe_late(at, which, until, worlds);
            }
            Doing::Swap {
                expected,
                record,
                until,
            } => {
                let done = self.after(|world| {
                    let swap = world.swap(expected, &record);
                    world.say(|| format!("{}: flight {} writes: {swap:?}", name(at), id.0));
                    world.got(at, which, Got::Swapped(swap));
                });
                done.maybe_late(at, which, until, worlds);
                worlds.push(done);
                self.maybe_late(at, which, until, worlds);
            }
            Doing::Pause { until } => {
                if self.now >= until {
                    worlds.push(self.after(|world| {
                        world.say(|| format!("{}: flight {} begins again", name(at), id.0));
                        world.advance(at, which, Input::Begin);
                    }));
                }
            }
            Doing::Post { token, until } => {
                worlds.push(self.after(|world| world.send(at, which, &token, until)));
            }
            Doing::Waiting { until } => self.answer_comes(at, which, until, worlds),
        }
    }

    /// The token passes the gate, if it does.
    fn send(&mut self, at: usize, which: usize, token: &str, until: Duration) {
        let id = self.processes[at].tasks[which].id;
        let now = self.moment();
        match self.process(at).machine.gate(id, &now) {
            Ok(()) => {
                self.say(|| format!("{}: flight {} sends {token}", name(at), id.0));
                self.presents(at, id.0, token, until);
                self.process(at).tasks[which].doing = Doing::Waiting { until };
            }
            Err(closed) => {
                self.say(|| format!("{}: flight {}: the gate is shut, {closed}", name(at), id.0));
                self.got(at, which, Got::NotSent);
            }
        }
    }

    fn answer_comes(&self, at: usize, which: usize, until: Duration, worlds: &mut Vec<World>) {
        let id = self.processes[at].tasks[which].id;
        let post = self.post_of(at, id);
        if let Some(answer) = post.and_then(|post| self.server.posts[post].answer) {
            worlds.push(self.after(|world| {
                world.say(|| format!("{}: flight {} is answered: {answer:?}", name(at), id.0));
                world.answered(at, which, Some(answer));
            }));
        }
        if self.now >= until {
            worlds.push(self.after(|world| {
                world.say(|| format!("{}: flight {} waits no longer", name(at), id.0));
                if let Some(post) = world.post_of(at, id) {
                    // What the server has not seen by the deadline it never does.
                    world.server().posts.remove(post);
                }
                world.advance(at, which, Input::Late);
            }));
        }
    }

    pub(super) fn post_of(&self, at: usize, id: FlightId) -> Option<usize> {
        let mut posts = self.server.posts.iter();
        posts.position(|post| post.by == Some((at, id.0)))
    }

    /// The flight hears the answer to its request, or that there will be none.
    pub(super) fn answered(&mut self, at: usize, which: usize, answer: Option<Answer>) {
        let id = self.processes[at].tasks[which].id;
        let Some(post) = self.post_of(at, id) else {
            return;
        };
        let server = self.server();
        let (user, number) = (server.posts[post].user, server.posts[post].number);
        if answer.is_some() || server.posts[post].answer.is_some() {
            server.posts.remove(post);
        } else {
            // The connection is gone; the request may be at the server yet.
            server.posts[post].by = None;
        }
        let refused = |status| Err(Refused::new(status).into());
        let answer = match answer {
            Some(Answer::Tokens(number)) => Ok(self.tokens(user, number)),
            Some(Answer::Rejected) => refused(StatusCode::UNAUTHORIZED),
            Some(Answer::Unavailable) => {
                self.server().closed(user, number, Known::Unspent);
                refused(StatusCode::SERVICE_UNAVAILABLE)
            }
            Some(Answer::Error) => {
                self.server().closed(user, number, Known::Suspect);
                refused(StatusCode::INTERNAL_SERVER_ERROR)
            }
            None => {
                self.server().closed(user, number, Known::Nothing);
                Err(RefreshFailure::unanswered("connection reset"))
            }
        };
        self.advance(at, which, crate::session::machine::Input::Answered(answer));
    }

    /// A step that takes too long, if the time for it is over.
    fn maybe_late(&self, at: usize, which: usize, until: Duration, worlds: &mut Vec<World>) {
        if self.now >= until {
            worlds.push(self.after(|world| {
                let id = world.processes[at].tasks[which].id;
                world.say(|| format!("{}: flight {} waits no longer", name(at), id.0));
                world.advance(at, which, Input::Late);
            }));
        }
    }

    pub(super) fn got(&mut self, at: usize, which: usize, got: Got) {
        self.process(at).tasks[which].doing = Doing::Got(got);
    }

    /// Tells the machine, and follows what it says.
    pub(super) fn advance(&mut self, at: usize, which: usize, input: Input) {
        let id = self.processes[at].tasks[which].id;
        let now = self.moment();
        let step = self.process(at).machine.advance(id, input, &now);
        let doing = match step {
            Step::Settle { until } => Doing::Settle { until },
            Step::Lock { until } => Doing::Lock { until },
            Step::Load { until } => Doing::Load { until },
            Step::Swap {
                expected,
                record,
                until,
            } => Doing::Swap {
                expected,
                record: Box::new(record),
                until,
            },
            Step::Pause { until } => {
                self.unlock(at, id);
                Doing::Pause { until }
            }
            Step::Post { token, until, .. } => Doing::Post {
                token: token.expose().to_owned(),
                until,
            },
            Step::Done => {
                self.process(at).tasks.remove(which);
                self.unlock(at, id);
                return self.effects(at);
            }
        };
        self.process(at).tasks[which].doing = doing;
        self.effects(at);
    }
}

fn heard(got: &Got) -> String {
    match got {
        Got::Begin => "begins".to_owned(),
        Got::Locked => "learns that it has the lock".to_owned(),
        Got::Loaded(None) => "learns that there is no record".to_owned(),
        Got::Loaded(Some(record)) => format!(
            "learns of pair {}.{}{}",
            record.serial.number,
            record.serial.attempt,
            if record.live_marker().is_some() {
                " and a marker"
            } else {
                ""
            }
        ),
        Got::Swapped(swap) => format!("learns that its write is {swap:?}"),
        Got::NotSent => "learns that nothing was sent".to_owned(),
        Got::Broken => "learns that the store failed".to_owned(),
    }
}
