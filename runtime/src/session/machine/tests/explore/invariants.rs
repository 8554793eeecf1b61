//! What must hold in every state, and between each two.

use super::{
    setting::Accident,
    world::{Place, World, access, seen_by_readers},
};
use crate::{
    error::ExpiredReason,
    session::{Denied, Reuse, machine::State},
};
use std::rc::Rc;

impl World {
    /// Checks this world, and what happened since `before`.
    pub(super) fn check(&mut self, before: &World) {
        for at in 0..self.processes.len() {
            let (old, new) = (before.processes[at].clone(), self.processes[at].clone());
            if Rc::ptr_eq(&old, &new) {
                continue;
            }
            let (was, is) = (&old.machine, &new.machine);
            self.require(
                new.published == seen_by_readers(is),
                "readers see another pair than the session has",
            );
            if let Some(pair) = &is.pair {
                let user = access(pair).map(|(user, _)| user as u128);
                let same = user.is_none_or(|user| pair.sign_in.0 == user);
                self.require(same, "I5: committed across epochs");
            }
            let restarted = new.user.is_none() && old.user.is_some();
            if !restarted {
                self.require(
                    was.generation <= is.generation,
                    "I5: a generation goes back",
                );
                if let (true, Some(was), Some(is)) = (was.epoch == is.epoch, &was.pair, &is.pair) {
                    self.require(
                        was.serial <= is.serial,
                        "I5: an older pair displaces a newer one",
                    );
                }
            }
            self.ends(at);
        }
        for call in self.calls.clone() {
            if let Place::Parked { flight, .. } = call.place {
                let process = &self.processes[call.process];
                let settled = process.verdicts.iter().any(|(id, _)| id.0 == flight);
                let flies = process.tasks.iter().any(|task| task.id.0 == flight);
                self.require(settled || flies, "I3: a call waits, and its flight is gone");
            }
        }
    }

    /// I7: nothing but the server's word, or a person's, ends a session.
    fn ends(&mut self, at: usize) {
        let process = &self.processes[at];
        let Some(user) = process.user else { return };
        let known = &self.server.users[user];
        let over = known.left || !known.alive;
        let allowed = match process.machine.state {
            State::Expired {
                reason: ExpiredReason::Uncertain,
            } => !matches!(self.setting.reuse, Reuse::LastResort),
            State::Expired { .. } | State::SignedOut { .. } => over,
            _ => true,
        };
        self.require(allowed, "I7: a session ends that nobody has ended");
    }

    /// Notes who is signed in in process `at`.
    pub(super) fn note_user(&mut self, at: usize) {
        let process = &self.processes[at];
        let Some(user) = process
            .machine
            .pair
            .as_ref()
            .map(|pair| pair.sign_in.0 as usize)
        else {
            return;
        };
        if process.user == Some(user) {
            return;
        }
        if let Some(old) = process.user {
            let known = &self.server.users[old];
            let over = known.left || !known.alive;
            self.require(over, "I7: an account displaces one that nobody has left");
        }
        self.process(at).user = Some(user);
    }

    /// Whether a call may fail like this.
    pub(super) fn denied(&mut self, at: usize, first: bool, denied: &Denied) {
        use Accident as A;
        let outages = [
            A::Lose,
            A::Refuse,
            A::Unavailable,
            A::ServerError,
            A::Pause,
            A::TaskDies,
            A::Crash,
            A::StoreFails,
        ];
        let people = [A::SignOut, A::SignIn, A::Dead];
        let outage = self.has_happened(&outages);
        let change = self.has_happened(&people);
        let right = match denied {
            Denied::Refresh(_) => outage,
            Denied::Changed => change,
            Denied::Unauthorized { .. } => outage || change,
            // The server or a person has ended it, or nobody was signed in when it started.
            Denied::Expired(_) => {
                let ended = self.processes[at].user.is_none_or(|user| {
                    let known = &self.server.users[user];
                    known.left || !known.alive
                });
                ended || self.setting.reuse == Reuse::Never
            }
        };
        self.require(right, "a call fails although nothing went wrong");
        let now = self.moment();
        let machine = &self.processes[at].machine;
        let serves = first
            && matches!(denied, Denied::Refresh(_))
            && machine.serves(&now)
            && machine
                .pair()
                .and_then(access)
                .is_some_and(|(user, number)| self.accepts(at, user, number));
        self.require(!serves, "I7: an error displaces a valid token");
    }

    /// What must hold once nothing can happen any more.
    pub(super) fn end(&mut self) {
        for at in 0..self.processes.len() {
            let process = self.processes[at].clone();
            self.require(process.chores.is_empty(), "something is never written");
            let Some(pair) = process.machine.pair() else {
                continue;
            };
            let user = &self.server.users[pair.sign_in.0 as usize];
            if user.left || !user.alive {
                continue;
            }
            let kept = self.store.record.as_ref().is_some_and(|record| {
                record.sign_in == pair.sign_in && record.serial >= pair.serial
            });
            self.require(kept, "the pair in use is not in the store");
        }
        let record = self
            .store
            .record
            .as_ref()
            .map(|record| record.sign_in.0 as usize);
        if let Some(user) = record {
            let left = self.server.users[user].left && !self.has_happened(&[Accident::Crash]);
            self.require(!left, "rule 6: signed out, and still in the store");
        }
    }
}
