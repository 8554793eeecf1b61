//! Rules 2 and 3: after a refusal. And what an acceptance teaches.

use super::{Cause, Decision, Machine, Moment, State, Then};
use crate::session::{Ask, Denied};

/// The (epoch, generation) of the very pair that a request carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Carried {
    pub(crate) epoch: u64,
    pub(crate) generation: u64,
    /// Whether the endpoint is known to have taken that pair before.
    pub(crate) taken: bool,
}

impl Machine {
    /// Rule 2: a 401 to a request that carried `carried`.
    pub(crate) fn on_401(
        &mut self,
        ask: &Ask,
        carried: Carried,
        replayed: bool,
        now: &Moment,
    ) -> Decision {
        let unauthorized = Decision::Deny(Denied::Unauthorized {
            replayable: !ask.one_shot,
        });
        // Rule 2: signed out or expired answers that.
        if let Some(reason) = self.over() {
            return Decision::Deny(Denied::Expired(reason));
        }
        // Rule 2: never replayed as another user.
        if carried.epoch != self.epoch {
            return Decision::Deny(Denied::Changed);
        }
        // Rule 2: at most one replay; a second 401 is the endpoint's own and is remembered.
        if replayed {
            // Rule 2: unless it took that pair before, which has ended then; the next call renews.
            if !carried.taken {
                self.mark(ask.endpoint, carried.generation, now);
            }
            return unauthorized;
        }
        // Rule 1: a session that cannot refresh only injects.
        if !self.can_refresh() {
            return unauthorized;
        }
        let stale = carried.generation < self.generation;
        // Rule 2: a refusal of an older pair is answered with the newer one, by rule 1.
        if stale {
            return if ask.one_shot {
                unauthorized
            } else {
                self.replay(ask, now)
            };
        }
        // Rule 2: an endpoint that refused a new pair refuses on, without a flight.
        if self.is_marked(ask.endpoint, now) {
            return unauthorized;
        }
        self.refused = true;
        let then = if ask.one_shot {
            Then::Unauthorized
        } else {
            Then::Replay
        };
        let flight = match &self.state {
            // Rule 2: join a flight that is under way.
            State::Refreshing { flight } => *flight,
            // A body that cannot be sent again has nothing to gain from another error.
            _ if ask.one_shot && self.held_back(now).is_some() => return unauthorized,
            // Rule 2: backing off, or a storm, fails at once.
            _ => match self.held_back(now) {
                Some(error) => return Decision::Deny(Denied::Refresh(error)),
                None => self.start(Cause::Refused, now),
            },
        };
        self.park(flight, then, ask, now)
    }

    /// Rule 3: a 402 to a request that carried `carried`.
    pub(crate) fn on_402(
        &mut self,
        ask: &Ask,
        carried: Carried,
        replayed: bool,
        now: &Moment,
    ) -> Decision {
        if let Some(reason) = self.over() {
            return Decision::Deny(Denied::Expired(reason));
        }
        if carried.epoch != self.epoch {
            return Decision::Deny(Denied::Changed);
        }
        let again = !replayed && !ask.one_shot;
        // Rule 3: a 402 to an older pair is no news of the session.
        if carried.generation < self.generation {
            return match again {
                true => self.replay(ask, now),
                false => Decision::Deny(Denied::Unauthorized {
                    replayable: !ask.one_shot,
                }),
            };
        }
        let flight = match self.current_flight() {
            // Rule 3: a flight under way decides.
            Some(flight) => flight,
            // Rule 3: else lock and reload; the same pair means that the session is over.
            None => self.start(Cause::Dead, now),
        };
        let then = if again {
            Then::Replay
        } else {
            Then::Unauthorized
        };
        self.park(flight, then, ask, now)
    }

    /// Rule 2: a challenge that no token answers (scope, step-up, nonce) starts nothing.
    pub(crate) fn on_incurable(&mut self, ask: &Ask) -> Decision {
        match self.over() {
            Some(reason) => Decision::Deny(Denied::Expired(reason)),
            None => Decision::Deny(Denied::Unauthorized {
                replayable: !ask.one_shot,
            }),
        }
    }

    /// Any other answer: the endpoint takes this pair.
    pub(crate) fn accepted(&mut self, endpoint: usize, carried: Carried) {
        if carried.epoch != self.epoch {
            return;
        }
        self.marks.accept(endpoint, carried.generation);
        if carried.generation == self.generation {
            self.refused = false;
        }
    }

    /// Sends a call again with the newer pair, or waits for one that is not expired.
    fn replay(&mut self, ask: &Ask, now: &Moment) -> Decision {
        match self.admit(ask, now) {
            Decision::Park {
                flight,
                then: _,
                limit,
                epoch,
            } => Decision::Park {
                flight,
                then: Then::Replay,
                limit,
                epoch,
            },
            decided => decided,
        }
    }
}
