//! What a flight's task does next, and what the server makes of it.

use super::*;

impl World {
    pub(super) fn task_goes_on(&self, number: usize) -> Vec<World> {
        let (id, task) = self.tasks[number].clone();
        let mut world = self.clone();
        let input = match task {
            Task::Answering { brings, until, .. } => {
                if self.now.monotonic >= until {
                    Input::Late
                } else {
                    Input::Answered(match brings {
                        Some(pair) => Ok(tokens(self.owner(id), pair)),
                        None => Err(Refused::new(StatusCode::UNAUTHORIZED).into()),
                    })
                }
            }
            Task::Step(Todo::Begin) => Input::Begin,
            Task::Step(Todo::Settle) => Input::Settled,
            Task::Step(Todo::Lock) => {
                if self.lock.is_some() {
                    return vec![];
                }
                world.lock = Some(id);
                Input::Locked
            }
            Task::Step(Todo::Load) => Input::Loaded(self.store.clone()),
            Task::Step(Todo::Swap(expected, record)) => {
                let held = self.store.as_ref().map(|held| held.version);
                if held == Some(expected) {
                    world.write(*record);
                    Input::Swapped(Swap::Done(world.version))
                } else {
                    Input::Swapped(Swap::Lost)
                }
            }
            Task::Step(Todo::Pause(until)) => {
                world.release(id);
                world.now = at(self.now, until.max(self.now.monotonic));
                Input::Begin
            }
            Task::Step(Todo::Post(token, until)) => return self.present(number, &token, until),
        };
        world.advance(number, input);
        vec![world]
    }

    /// The token passes the gate, if it does, and reaches the server.
    pub(super) fn present(&self, number: usize, token: &str, until: Duration) -> Vec<World> {
        let (id, _) = self.tasks[number];
        let mut world = self.clone();
        let now = world.now;
        if let Err(closed) = world.machine.gate(id, &now) {
            world.advance(
                number,
                Input::Answered(Err(RefreshFailure::not_sent(closed))),
            );
            return vec![world];
        }
        let epoch = self.epoch_of(id);
        // I1: at most one POST outstanding per epoch.
        let outstanding = self.tasks.iter().any(|(_, task)| {
            matches!(task, Task::Answering { epoch: other, until, .. }
                if *other == epoch && *until > now.monotonic)
        });
        assert!(!outstanding, "two POSTs at once");
        let brings = world.server.spend(token);
        // I2: no token twice, unless it may have been spent for nothing.
        assert!(
            brings.is_some() || self.doubt,
            "a spent token was presented"
        );
        world.tasks[number].1 = Task::Answering {
            brings,
            epoch,
            until,
        };
        vec![world]
    }

    pub(super) fn epoch_of(&self, id: FlightId) -> u64 {
        let flight = self.machine.flights.iter().find(|flight| flight.id == id);
        flight.map_or(0, |flight| flight.epoch)
    }

    /// Whose flight it is: the sign-in of its marker's token.
    pub(super) fn owner(&self, id: FlightId) -> usize {
        let epoch = self.tasks.iter().find_map(|(task, what)| match what {
            Task::Answering { epoch, .. } if *task == id => Some(*epoch),
            _ => None,
        });
        // The first user's sign-in is the first epoch.
        usize::from(epoch != Some(1))
    }

    pub(super) fn advance(&mut self, number: usize, input: Input) {
        let (id, _) = self.tasks[number];
        let now = self.now;
        let before = self.machine.generation;
        let step = self.machine.advance(id, input, &now);
        // I5: generations only grow.
        assert!(self.machine.generation >= before);
        let todo = match step {
            Step::Settle { .. } => Todo::Settle,
            Step::Lock { .. } => Todo::Lock,
            Step::Load { .. } => Todo::Load,
            Step::Swap {
                expected, record, ..
            } => Todo::Swap(expected, Box::new(record)),
            Step::Pause { until } => Todo::Pause(until),
            Step::Post { token, until, .. } => Todo::Post(token.expose().to_owned(), until),
            Step::Done => {
                self.tasks.remove(number);
                self.release(id);
                return self.effects();
            }
        };
        self.tasks[number].1 = Task::Step(todo);
        self.effects();
    }

    pub(super) fn release(&mut self, id: FlightId) {
        self.lock = self.lock.filter(|holder| *holder != id);
    }
}
