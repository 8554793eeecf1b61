//! What may go wrong next, as long as the run may have accidents.

use super::{
    calls::ask,
    server::Answer,
    setting::Accident,
    world::{Doing, Got, Place, World, name, parts},
};
use crate::session::{machine::Carried, store::SignIn};

impl World {
    fn happens(&self, accident: Accident, worlds: &mut Vec<World>, event: impl FnOnce(&mut World)) {
        worlds.push(self.after(|world| {
            world.left -= 1;
            world.happened |= 1 << accident as u32;
            event(world);
        }));
    }

    pub(super) fn has_happened(&self, accidents: &[Accident]) -> bool {
        accidents
            .iter()
            .any(|accident| self.happened & (1 << *accident as u32) != 0)
    }

    pub(super) fn accidents(&self, worlds: &mut Vec<World>) {
        for accident in self.setting.accidents {
            match accident {
                Accident::Cancel => self.cancels(worlds),
                Accident::SignOut | Accident::SignIn => self.people(*accident, worlds),
                Accident::Lose | Accident::Unavailable | Accident::ServerError => {
                    self.answers(*accident, worlds);
                }
                Accident::Refuse | Accident::StoreFails | Accident::TaskDies => {
                    self.tasks_fail(*accident, worlds);
                }
                Accident::Pause => {
                    for then in self.deadlines() {
                        let later = self.later(then);
                        later.happens(Accident::Pause, worlds, |_| {});
                    }
                }
                Accident::Crash => {
                    for at in 0..self.processes.len() {
                        let holds =
                            |at| self.store.holder.is_some_and(|holder| holder.process == at);
                        self.happens(Accident::Crash, worlds, |world| world.crash(at, true));
                        if holds(at) {
                            self.happens(Accident::Crash, worlds, |world| world.crash(at, false));
                        }
                    }
                }
                Accident::Dead => self.deaths(worlds),
            }
        }
    }

    /// I8: whoever waits may go away, and nothing changes for the flight.
    fn cancels(&self, worlds: &mut Vec<World>) {
        for (which, call) in self.calls.iter().enumerate() {
            if let Place::Parked { .. } = call.place {
                self.happens(Accident::Cancel, worlds, |world| {
                    let at = call.process;
                    world.say(|| format!("{}: call {which} goes away", name(at)));
                    world.process(at).machine.unpark(&ask());
                    world.calls[which].place = Place::Done;
                    world.effects(at);
                    world.forget(at);
                });
            }
        }
    }

    fn people(&self, accident: Accident, worlds: &mut Vec<World>) {
        for at in 0..self.processes.len() {
            let user = self.processes[at]
                .machine
                .pair
                .as_ref()
                .map(|pair| pair.sign_in);
            if accident == Accident::SignOut && user.is_none() {
                continue;
            }
            self.happens(accident, worlds, |world| {
                if let Some(SignIn(user)) = user {
                    world.server().users[user as usize].left = true;
                }
                if accident == Accident::SignOut {
                    world.say(|| format!("{}: someone signs out", name(at)));
                    world.process(at).machine.sign_out();
                } else {
                    world.say(|| format!("{}: someone else signs in", name(at)));
                    let now = world.moment();
                    let user = world.server().sign_in(2, now.monotonic);
                    let tokens = world.tokens(user, 2);
                    world
                        .process(at)
                        .machine
                        .sign_in(&tokens, SignIn(user as u128), &now);
                }
                world.effects(at);
            });
        }
    }

    fn answers(&self, accident: Accident, worlds: &mut Vec<World>) {
        for which in 0..self.server.posts.len() {
            let post = &self.server.posts[which];
            let Some((at, flight)) = post.by else {
                continue;
            };
            let waits = |task: &super::world::Task| task.id.0 == flight;
            let Some(task) = self.processes[at].tasks.iter().position(waits) else {
                continue;
            };
            match accident {
                Accident::Lose => self.happens(accident, worlds, |world| {
                    world.say(|| format!("{}: flight {flight} loses its connection", name(at)));
                    world.answered(at, task, None);
                }),
                Accident::Unavailable if post.answer.is_none() => {
                    self.happens(accident, worlds, |world| {
                        world.say(|| "the server answers 503".to_owned());
                        world.server().posts[which].answer = Some(Answer::Unavailable);
                    });
                }
                Accident::ServerError if post.answer.is_none() => {
                    for spent in [true, false] {
                        self.happens(accident, worlds, |world| {
                            if spent {
                                world.handles(which);
                            }
                            world.say(|| format!("the server answers 500, spent: {spent}"));
                            world.server().posts[which].answer = Some(Answer::Error);
                        });
                    }
                }
                _ => {}
            }
        }
    }

    fn tasks_fail(&self, accident: Accident, worlds: &mut Vec<World>) {
        for at in 0..self.processes.len() {
            for (which, task) in self.processes[at].tasks.iter().enumerate() {
                let id = task.id;
                match (accident, &task.doing) {
                    (Accident::Refuse, Doing::Post { .. }) => {
                        self.happens(accident, worlds, |world| {
                            world.say(|| {
                                format!("{}: flight {} finds no connection", name(at), id.0)
                            });
                            world.got(at, which, Got::NotSent);
                        });
                    }
                    (Accident::StoreFails, Doing::Load { .. } | Doing::Lock { .. }) => {
                        self.happens(accident, worlds, |world| {
                            world.say(|| format!("{}: the store fails flight {}", name(at), id.0));
                            world.got(at, which, Got::Broken);
                        });
                    }
                    (
                        Accident::StoreFails,
                        Doing::Swap {
                            expected, record, ..
                        },
                    ) => {
                        for written in [true, false] {
                            self.happens(accident, worlds, |world| {
                                world.say(|| {
                                    format!(
                                        "{}: the store fails flight {}, written: {written}",
                                        name(at),
                                        id.0
                                    )
                                });
                                if written {
                                    world.swap(*expected, record);
                                }
                                world.got(at, which, Got::Broken);
                            });
                        }
                    }
                    (Accident::TaskDies, _) => self.happens(accident, worlds, |world| {
                        world.say(|| format!("{}: the task of flight {} dies", name(at), id.0));
                        world.dies(at, which);
                    }),
                    _ => {}
                }
            }
        }
    }

    fn dies(&mut self, at: usize, which: usize) {
        let id = self.processes[at].tasks[which].id;
        if let Some(post) = self.post_of(at, id) {
            let server = self.server();
            // Nobody listens any more; the server may see the request yet.
            match server.posts[post].answer {
                Some(_) => drop(server.posts.remove(post)),
                None => server.posts[post].by = None,
            }
        }
        self.process(at).tasks.remove(which);
        let now = self.moment();
        self.process(at).machine.abandon(id, &now);
        self.effects(at);
        self.unlock(at, id);
    }

    /// Whether the server's pair is a newer one, which this process has or finds in the store.
    fn knows_newer(&self, at: usize, user: usize, number: u32) -> bool {
        let good = self.server.users[user].good;
        let machine = &self.processes[at].machine;
        let held = machine.pair.as_ref().and_then(|pair| pair.refresh.as_ref());
        let kept = self.store.record.as_ref();
        let kept = kept.and_then(|record| record.refresh.as_ref());
        let mut known = held.into_iter().chain(kept);
        number < good && known.any(|token| parts(token.expose()) == (user, good))
    }

    /// Rule 3: a call is answered with 402: in passing, where there is a newer pair, or truly.
    fn deaths(&self, worlds: &mut Vec<World>) {
        for (which, call) in self.calls.iter().enumerate() {
            let Place::Sent {
                epoch,
                generation,
                user,
                number,
                ..
            } = call.place
            else {
                continue;
            };
            self.happens(Accident::Dead, worlds, |world| {
                let at = call.process;
                world.say(|| format!("{}: call {which} is answered with 402", name(at)));
                if !world.knows_newer(at, user, number) {
                    let known = &mut world.server().users[user];
                    known.alive = false;
                    known.told_dead = true;
                }
                let carried = Carried {
                    epoch,
                    generation,
                    taken: false,
                };
                let now = world.moment();
                let machine = &mut world.process(at).machine;
                let decision = machine.on_402(&ask(), carried, call.sends > 1, &now);
                world.follow(which, decision);
            });
        }
    }
}
