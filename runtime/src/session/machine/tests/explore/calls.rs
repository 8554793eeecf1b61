//! What a call does next.

use super::{
    Verdict,
    world::{Call, Place, Wanted, World, name, parts},
};
use crate::session::{
    Ask, Denied,
    machine::{Carried, Decision, FlightId},
};
use std::time::Duration;

pub(super) fn ask() -> Ask {
    Ask {
        endpoint: 7,
        ..Ask::default()
    }
}

impl World {
    pub(super) fn call_goes_on(&self, which: usize, worlds: &mut Vec<World>) {
        let call = self.calls[which];
        let at = call.process;
        let process = &self.processes[at];
        match call.place {
            Place::New => {
                // Which of several calls that have not begun begins first does not matter.
                let earlier = |other: &Call| other.process == at && other.place == Place::New;
                // While nobody is signed in the store is asked first (rule 8).
                let asks = process.machine.over().is_some() && process.unseen;
                if self.calls[..which].iter().any(earlier) || asks || process.looked.is_some() {
                    return;
                }
                worlds.push(self.after(|world| {
                    let now = world.moment();
                    let decision = world.process(at).machine.admit(&ask(), &now);
                    world.follow(which, decision);
                }));
            }
            Place::Sent {
                epoch,
                generation,
                user,
                number,
                good,
            } => {
                // The most that a refusal can do: nothing is known of the endpoint.
                let carried = Carried {
                    epoch,
                    generation,
                    taken: false,
                };
                let now = self.accepts(at, user, number);
                // The server looked at some moment between the sending and now.
                if good {
                    worlds.push(self.after(|world| {
                        world.say(|| format!("{}: call {which} is answered with 200", name(at)));
                        world.process(at).machine.accepted(7, carried);
                        world.calls[which].place = Place::Done;
                        world.effects(at);
                    }));
                }
                if !now {
                    worlds.push(self.after(|world| world.refused(which, carried)));
                }
            }
            Place::Parked {
                flight,
                then,
                limit,
                epoch,
            } => {
                let id = FlightId(flight);
                let settled = process.verdicts.iter().any(|(known, _)| *known == id);
                let silent = |flight: &&super::Flight| {
                    flight.id == id && !flight.abandoned && self.now >= flight.deadline + SILENCE
                };
                let silent = process.machine.flights.iter().any(|flight| silent(&flight));
                if settled || silent || self.now >= limit {
                    worlds.push(self.after(|world| {
                        world.looks(which, id, then, limit, epoch);
                    }));
                }
            }
            Place::Done => {}
        }
    }

    fn refused(&mut self, which: usize, carried: Carried) {
        let call = self.calls[which];
        let at = call.process;
        let now = self.moment();
        let machine = &mut self.process(at).machine;
        let decision = machine.on_401(&ask(), carried, call.sends > 1, &now);
        self.say(|| format!("{}: call {which} is answered with 401", name(at)));
        self.follow(which, decision);
    }

    /// What a waiting call does when it looks: the end of the flight, or of its patience.
    fn looks(&mut self, which: usize, id: FlightId, then: Wanted, limit: Duration, epoch: u64) {
        let at = self.calls[which].process;
        let now = self.moment();
        self.process(at).machine.overdue(id, &now);
        self.effects(at);
        let verdict = self.verdict(at, id);
        if verdict.is_none() && self.now < limit {
            return;
        }
        self.say(|| {
            let found = match &verdict {
                Some(Verdict::Committed) => "is woken: committed",
                Some(Verdict::Failed(_)) => "is woken: failed",
                None => "has waited long enough",
            };
            format!("{}: call {which} {found}", name(at))
        });
        let then = then.then();
        let machine = &mut self.process(at).machine;
        machine.unpark(&ask());
        let decision = machine.woken(&ask(), then, epoch, verdict, &now);
        self.follow(which, decision);
    }

    fn verdict(&self, at: usize, id: FlightId) -> Option<Verdict> {
        let known = self.processes[at]
            .verdicts
            .iter()
            .find(|(known, _)| *known == id);
        known.map(|(_, verdict)| verdict.clone())
    }

    pub(super) fn follow(&mut self, which: usize, decision: Decision) {
        let call = self.calls[which];
        let at = call.process;
        self.effects(at);
        match decision {
            Decision::Carry => self.carry(which),
            Decision::Park {
                flight,
                then,
                limit,
                epoch,
            } => {
                self.say(|| format!("{}: call {which} waits for flight {}", name(at), flight.0));
                let process = &self.processes[at];
                let flies = process.tasks.iter().any(|task| task.id == flight)
                    && process.machine.current_flight() == Some(flight);
                self.require(flies, "I3: a call waits for a flight that is not there");
                let longest = self.now + self.processes[at].machine.options.waiter_timeout;
                self.require(
                    limit <= longest,
                    "I8: a waiter without a deadline of its own",
                );
                self.calls[which].place = Place::Parked {
                    flight: flight.0,
                    then: Wanted::of(then),
                    limit,
                    epoch,
                };
            }
            Decision::Bare => self.calls[which].place = Place::Done,
            Decision::Deny(denied) => {
                self.say(|| format!("{}: call {which} fails: {}", name(at), words(&denied)));
                self.denied(at, call.sends == 0, &denied);
                self.calls[which].place = Place::Done;
            }
        }
        self.forget(at);
    }

    fn carry(&mut self, which: usize) {
        let call = self.calls[which];
        let at = call.process;
        let Some(snapshot) = self.processes[at].machine.snapshot() else {
            return self.require(false, "a call is to carry a token that is not there");
        };
        let (user, number) = parts(snapshot.credential.secret().expose());
        self.say(|| format!("{}: call {which} is sent with A{user}-{number}", name(at)));
        self.require(
            call.user.is_none_or(|before| before == user),
            "I6: sent again as someone else",
        );
        self.require(call.sends < 2, "I4: a request is sent a third time");
        let left_here = self.server.users[user].left && self.processes[at].user != Some(user);
        self.require(
            !left_here,
            "rule 6: sent as someone who has signed out here",
        );
        self.calls[which] = Call {
            user: Some(user),
            sends: call.sends + 1,
            place: Place::Sent {
                epoch: snapshot.epoch,
                generation: snapshot.generation,
                user,
                number,
                good: self.accepts(at, user, number),
            },
            ..call
        };
    }
}

/// How long a flight may be silent past its deadline before its waiters settle it.
pub(super) const SILENCE: Duration = Duration::from_secs(1);

fn words(denied: &Denied) -> String {
    match denied {
        Denied::Expired(reason) => format!("nobody is signed in ({reason:?})"),
        Denied::Changed => "someone else is signed in".to_owned(),
        Denied::Unauthorized { .. } => "unauthorized".to_owned(),
        Denied::Refresh(error) => format!("no new tokens ({:?})", error.kind()),
    }
}
