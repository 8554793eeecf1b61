//! The store that the processes share, and the writes that belong to no flight.

use super::world::{World, name};
use crate::session::{
    Swap,
    machine::{Chore, FlightId, persisted},
    store::Record,
};
use std::{rc::Rc, time::Duration};

#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    pub(super) record: Option<Record>,
    pub(super) version: u64,
    pub(super) holder: Option<Holder>,
}

/// A process that is gone, while its lease still runs.
pub(super) const NOBODY: usize = usize::MAX;

/// Who has the lock, at most until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) process: usize,
    pub(super) flight: FlightId,
    pub(super) until: Duration,
}

impl World {
    pub(super) fn store(&mut self) -> &mut Store {
        Rc::make_mut(&mut self.store)
    }

    fn changed(&mut self) {
        for at in 0..self.processes.len() {
            if !self.processes[at].unseen {
                self.process(at).unseen = true;
            }
        }
    }

    fn write(&mut self, record: Record) -> u64 {
        if let Some(held) = &self.store.record {
            let forward = held.sign_in != record.sign_in || held.serial <= record.serial;
            self.require(
                forward,
                "I5: an older pair displaces a newer one in the store",
            );
        }
        let left = self.server.users[record.sign_in.0 as usize].left;
        if let Some(other) = self
            .store
            .record
            .as_ref()
            .map(|held| held.sign_in)
            .filter(|held| *held != record.sign_in)
        {
            // Who signs in where someone is signed in already takes their place.
            self.server().users[other.0 as usize].left = true;
        }
        let known = self.store.record.as_ref().map(|held| held.sign_in);
        // A sign-in that was left before it was written is on its way out again.
        let leaving = |chore: &Chore| match chore {
            Chore::Clear { sign_in, only } => *sign_in == record.sign_in && only.is_none(),
            Chore::Write(_) => true,
            _ => false,
        };
        let mut processes = self.processes.iter();
        let on_its_way = processes.any(|process| process.chores.iter().any(leaving));
        let back = left && known != Some(record.sign_in) && !on_its_way;
        self.require(
            !back,
            "rule 6: a sign-in that was left comes back to the store",
        );
        let store = self.store();
        store.version += 1;
        let version = store.version;
        store.record = Some(record.with_version(version));
        self.changed();
        version
    }

    fn remove(&mut self) {
        self.store().record = None;
        self.changed();
    }

    pub(super) fn swap(&mut self, expected: u64, record: &Record) -> Swap {
        let held = self.store.record.as_ref().map(Record::version);
        if held != Some(expected) {
            return Swap::Lost;
        }
        Swap::Done(self.write(record.clone()))
    }

    pub(super) fn lock(&mut self, process: usize, flight: FlightId) -> bool {
        let now = self.now;
        if self.store.holder.is_some_and(|holder| holder.until > now) {
            return false;
        }
        let until = now + self.processes[process].machine.options.lease;
        self.store().holder = Some(Holder {
            process,
            flight,
            until,
        });
        true
    }

    pub(super) fn unlock(&mut self, process: usize, flight: FlightId) {
        let mine = |holder: &Holder| holder.process == process && holder.flight == flight;
        if self.store.holder.as_ref().is_some_and(mine) {
            self.store().holder = None;
        }
    }

    /// The first chore of process `at` is done. A load and a conditional write that is repeated
    /// until it fits are one step: nothing can be between them that matters.
    pub(super) fn chore(&mut self, at: usize) {
        let Some(chore) = self.process(at).chores.pop_front() else {
            return;
        };
        self.say(|| format!("{}: to the store: {}", name(at), words(&chore)));
        let held = self.store.record.clone();
        match (chore, held) {
            (Chore::Write(record), _) => drop(self.write(record)),
            (Chore::Clear { sign_in, only }, Some(held)) => {
                if held.sign_in == sign_in && only.is_none_or(|serial| held.serial == serial) {
                    self.remove();
                }
            }
            (Chore::Persist { won, spent }, Some(held)) => {
                let ours = held.sign_in == won.sign_in;
                if let Some(record) = ours.then(|| persisted(&won, &held, spent)).flatten() {
                    self.write(record);
                }
            }
            (Chore::Undo { version }, Some(held)) => {
                if held.version == version {
                    self.remove();
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
}

fn words(chore: &Chore) -> &'static str {
    match chore {
        Chore::Write(_) => "the sign-in is written",
        Chore::Clear { only: None, .. } => "the sign-in is removed",
        Chore::Clear { only: Some(_), .. } => "the dead pair is removed",
        Chore::Persist { .. } => "the pair in use is written",
        Chore::Undo { .. } => "a late write is undone",
        Chore::Mark { marker: None, .. } => "the marker is erased",
        Chore::Mark { .. } => "the marker is changed",
    }
}
