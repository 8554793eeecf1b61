//! All that can happen next.

use super::{
    BASE,
    calls::SILENCE,
    store::{Holder, NOBODY},
    world::{Doing, Look, Place, World, name},
};
use std::{rc::Rc, time::Duration};

impl World {
    /// A copy in which `event` happens.
    pub(super) fn after(&self, event: impl FnOnce(&mut World)) -> World {
        let mut world = self.clone();
        event(&mut world);
        world
    }

    /// Every world that may come next; none if all is over.
    pub(super) fn next(&self) -> Vec<World> {
        let mut worlds = Vec::new();
        for which in 0..self.calls.len() {
            self.call_goes_on(which, &mut worlds);
        }
        for at in 0..self.processes.len() {
            for which in 0..self.processes[at].tasks.len() {
                self.task_goes_on(at, which, &mut worlds);
            }
            self.process_goes_on(at, &mut worlds);
        }
        for which in 0..self.server.posts.len() {
            let post = &self.server.posts[which];
            if post.answer.is_none() && self.now < post.until {
                worlds.push(self.after(|world| {
                    let answer = world.handles(which);
                    world.say(|| format!("the server answers: {answer:?}"));
                    if world.server.posts[which].by.is_none() {
                        world.server().posts.remove(which);
                    }
                }));
            }
        }
        if worlds.is_empty() && !self.is_over() {
            match self.deadlines().first() {
                Some(next) => worlds.push(self.later(*next)),
                None => worlds.push(self.after(|world| {
                    world.require(false, "I3: something waits for ever");
                })),
            }
        }
        if self.left > 0 {
            self.accidents(&mut worlds);
        }
        worlds
    }

    fn process_goes_on(&self, at: usize, worlds: &mut Vec<World>) {
        let process = &self.processes[at];
        if !process.chores.is_empty() {
            worlds.push(self.after(|world| {
                world.chore(at);
            }));
        }
        // Rule 8: a watch, or a look while nobody is signed in; not while there is something to
        // write, which is newer.
        if let Some(Look { found, epoch }) = process.looked.clone() {
            worlds.push(self.after(|world| {
                world.say(|| format!("{}: learns what the look found", name(at)));
                let now = world.moment();
                let process = world.process(at);
                process.looked = None;
                // What was written here since, or who signed in or out, is newer.
                if process.chores.is_empty() && process.machine.epoch == epoch {
                    process.machine.seen(found, &now);
                } else {
                    process.unseen = true;
                }
                world.effects(at);
            }));
        } else if process.unseen
            && process.chores.is_empty()
            && (self.setting.watch || process.machine.over().is_some())
            && (!self.is_over() || process.user.is_some())
        {
            worlds.push(self.after(|world| {
                world.say(|| format!("{}: looks at the store", name(at)));
                let found = world.store.record.clone();
                let process = world.process(at);
                process.unseen = false;
                process.looked = Some(Look {
                    found,
                    epoch: process.machine.epoch,
                });
            }));
        }
    }

    /// Whether all calls and tasks have ended.
    pub(super) fn is_over(&self) -> bool {
        self.calls.iter().all(|call| call.place == Place::Done)
            && self
                .processes
                .iter()
                .all(|process| process.tasks.is_empty())
    }

    /// Time passes up to `then`.
    pub(super) fn later(&self, then: Duration) -> World {
        self.after(|world| {
            let passes = (then - world.now).as_secs_f32();
            world.say(|| format!("{passes} s pass"));
            world.now = then;
            // What nobody listens for and the server has not seen by now it never does.
            if world
                .server
                .posts
                .iter()
                .any(|post| post.by.is_none() && post.until <= then)
            {
                world
                    .server()
                    .posts
                    .retain(|post| post.by.is_some() || post.until > then);
            }
        })
    }

    /// The moments to come at which something is over.
    pub(super) fn deadlines(&self) -> Vec<Duration> {
        let mut all = Vec::new();
        for call in &self.calls {
            if let Place::Parked { limit, .. } = call.place {
                all.push(limit);
            }
        }
        for process in &self.processes {
            let machine = &process.machine;
            for task in &process.tasks {
                match task.doing {
                    Doing::Settle { until }
                    | Doing::Lock { until }
                    | Doing::Load { until }
                    | Doing::Swap { until, .. }
                    | Doing::Pause { until }
                    | Doing::Post { until, .. }
                    | Doing::Waiting { until } => all.push(until),
                    Doing::Got(_) => {}
                }
            }
            all.extend(
                machine
                    .flights
                    .iter()
                    .map(|flight| flight.deadline + SILENCE),
            );
            if let super::State::Backoff { until, .. } = &machine.state {
                all.push(*until);
            }
            let end = machine.pair.as_ref().and_then(|pair| {
                let held = pair.access.as_ref()?;
                let end = held.obtained_at.checked_add(held.lifetime?)?;
                end.duration_since(BASE).ok()
            });
            all.extend(end);
            all.extend(end.map(|end| end.saturating_sub(machine.options.refresh_before)));
        }
        let marker = self.store.record.as_ref().and_then(|record| record.marker);
        if let Some(marker) = marker {
            let timeout = self.processes[0].machine.options.refresh_timeout;
            let both = [marker.deadline, marker.sent_at + timeout];
            all.extend(both.iter().filter_map(|at| at.duration_since(BASE).ok()));
        }
        all.extend(self.store.holder.map(|holder| holder.until));
        all.retain(|at| *at > self.now);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The process dies, and starts again with nothing but the store.
    pub(super) fn crash(&mut self, at: usize, lock_is_free: bool) {
        self.say(|| {
            let lock = if lock_is_free {
                "its lock is free"
            } else {
                "its lock stays"
            };
            format!("{} dies and starts again; {lock}", name(at))
        });
        let server = self.server();
        server
            .posts
            .retain(|post| post.by.is_none_or(|(by, _)| by != at) || post.answer.is_none());
        for post in &mut server.posts {
            post.by = post.by.filter(|(by, _)| *by != at);
        }
        for call in &mut self.calls {
            if call.process == at && call.place != Place::New {
                call.place = Place::Done;
            }
        }
        if let Some(holder) = self.store().holder.take_if(|holder| holder.process == at) {
            self.store().holder = (!lock_is_free).then_some(Holder {
                process: NOBODY,
                ..holder
            });
        }
        self.processes[at] = Rc::new(super::world::Process::started(self.setting, at));
    }
}
