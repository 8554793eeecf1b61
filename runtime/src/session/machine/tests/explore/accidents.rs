//! What may go wrong next, as long as the budget lasts.

use super::*;

impl World {
    pub(super) fn later(&self, seconds: u64) -> World {
        let mut world = self.clone();
        world.now = at(self.now, self.now.monotonic + Duration::from_secs(seconds));
        // Whoever waits looks at the flight.
        for call in self.calls {
            if let Call::Parked { flight, .. } = call {
                let now = world.now;
                world.machine.overdue(flight, &now);
                world.effects();
            }
        }
        let late = |task: &Task| matches!(task, Task::Answering { .. });
        world.doubt |= world.tasks.iter().any(|(_, task)| late(task));
        world
    }

    pub(super) fn accidents(&self) -> Vec<World> {
        let mut worlds = Vec::new();
        let left = self.left;
        let spend = |budget: Budget, change: &dyn Fn(&mut World)| {
            let mut world = self.clone();
            world.left = budget;
            change(&mut world);
            world.effects();
            world
        };
        if let Some(cancels) = left.cancels.checked_sub(1) {
            for (number, call) in self.calls.iter().enumerate() {
                if matches!(call, Call::Parked { .. }) {
                    worlds.push(spend(Budget { cancels, ..left }, &|world| {
                        world.machine.unpark(&ask());
                        world.calls[number] = Call::Done;
                    }));
                }
            }
        }
        for (number, (id, task)) in self.tasks.iter().enumerate() {
            let answering = matches!(task, Task::Answering { .. });
            if let Some(losses) = left.losses.checked_sub(1).filter(|_| answering) {
                worlds.push(spend(Budget { losses, ..left }, &|world| {
                    world.doubt = true;
                    let lost = RefreshFailure::unanswered("connection reset");
                    world.advance(number, Input::Answered(Err(lost)));
                }));
            }
            if let Some(deaths) = left.deaths.checked_sub(1) {
                worlds.push(spend(Budget { deaths, ..left }, &|world| {
                    world.doubt |= answering;
                    world.tasks.remove(number);
                    let now = world.now;
                    world.machine.abandon(*id, &now);
                    world.release(*id);
                }));
            }
        }
        if let Some(sign_outs) = left.sign_outs.checked_sub(1) {
            worlds.push(spend(Budget { sign_outs, ..left }, &|world| {
                world.machine.sign_out()
            }));
        }
        if let Some(sign_ins) = left.sign_ins.checked_sub(1) {
            worlds.push(spend(Budget { sign_ins, ..left }, &|world| {
                world.server.good.push((2, true));
                let (user, now) = (world.user(), world.now);
                world
                    .machine
                    .sign_in(&tokens(user, 2), SignIn(user as u128), &now);
            }));
        }
        if let Some(jumps) = left.jumps.checked_sub(1) {
            let mut world = self.later(17);
            world.left.jumps = jumps;
            worlds.push(world);
        }
        worlds
    }
}
