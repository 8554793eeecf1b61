//! Which worlds are the same.
//!
//! Flights, epochs, generations and versions count from where they are: how many there were
//! before changes nothing that can still happen.

use super::{
    Flight, Machine, State,
    world::{Call, Doing, Got, Place, Process, World},
};
use crate::session::{
    machine::{Chore, FlightId, Pair},
    store::Record,
};
use std::{
    fmt::{self, Debug, Write},
    hash::{DefaultHasher, Hash, Hasher},
};

impl World {
    pub(super) fn fingerprint(&self) -> u64 {
        let mut print = Print(DefaultHasher::new());
        let version = self.store.record.as_ref().map(Record::version);
        for process in &self.processes {
            print.process(process, version);
        }
        // Calls of one process are alike.
        let mut calls: Vec<Call> = self.calls.iter().map(|call| self.counted(call)).collect();
        calls.sort_unstable();
        calls.hash(&mut print.0);
        print.record(self.store.record.as_ref(), version);
        let holder = self.store.holder.map(|holder| {
            let process = self.processes.get(holder.process);
            let flight = process.map(|its| its.machine.flights_begun - holder.flight.0);
            (holder.process, flight, holder.until)
        });
        holder.hash(&mut print.0);
        let mut server = (*self.server).clone();
        for post in &mut server.posts {
            post.by = post
                .by
                .map(|(at, flight)| (at, self.processes[at].machine.flights_begun - flight));
        }
        server.hash(&mut print.0);
        (self.now, self.left, self.happened).hash(&mut print.0);
        print.0.finish()
    }

    fn counted(&self, call: &Call) -> Call {
        let machine = &self.processes[call.process].machine;
        let place = match call.place {
            Place::Sent {
                epoch,
                generation,
                user,
                number,
                good,
            } => Place::Sent {
                epoch: machine.epoch - epoch,
                generation: machine.generation - generation,
                user,
                number,
                good,
            },
            Place::Parked {
                flight,
                then,
                limit,
                epoch,
            } => Place::Parked {
                flight: machine.flights_begun - flight,
                then,
                limit,
                epoch: machine.epoch - epoch,
            },
            other => other,
        };
        Call { place, ..*call }
    }
}

struct Print(DefaultHasher);

/// What `Debug` says goes straight into the hash.
impl Write for Print {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

impl Print {
    fn debug(&mut self, what: &impl Debug) {
        write!(self, "{what:?}").expect("a hash takes everything");
    }

    fn process(&mut self, process: &Process, version: Option<u64>) {
        let Process {
            machine,
            chores,
            tasks,
            verdicts,
            looked,
            unseen,
            published,
            user,
        } = process;
        self.machine(machine);
        chores.len().hash(&mut self.0);
        for chore in chores {
            self.chore(chore, version);
        }
        tasks.len().hash(&mut self.0);
        for task in tasks {
            (machine.flights_begun - task.id.0).hash(&mut self.0);
            self.doing(&task.doing, version);
        }
        for (id, verdict) in verdicts {
            (machine.flights_begun - id.0).hash(&mut self.0);
            std::mem::discriminant(verdict).hash(&mut self.0);
        }
        looked.is_some().hash(&mut self.0);
        if let Some(look) = looked {
            (machine.epoch - look.epoch).hash(&mut self.0);
            self.record(look.found.as_ref(), version);
        }
        let published = published
            .map(|(epoch, generation)| (machine.epoch - epoch, machine.generation - generation));
        (unseen, published, user).hash(&mut self.0);
    }

    /// A new member of the machine has to be looked at here: whether it tells worlds apart.
    fn machine(&mut self, machine: &Machine) {
        let Machine {
            options: _,
            partition: _,
            state,
            epoch,
            generation,
            pair,
            unread,
            renewable: _,
            convention: _,
            outlives: _,
            flights,
            flights_begun,
            failures,
            quiet_until,
            refused,
            marks,
            storm: _,
            parked,
            parked_bytes: _,
            retired,
            warned: _,
            effects: _,
        } = machine;
        std::mem::discriminant(state).hash(&mut self.0);
        match state {
            State::Refreshing { flight } => (flights_begun - flight.0).hash(&mut self.0),
            State::Backoff { until, error: _ } => until.hash(&mut self.0),
            State::SignedOut { reason } | State::Expired { reason } => self.debug(reason),
            State::Active => {}
        }
        self.pair(pair.as_ref());
        unread.is_some().hash(&mut self.0);
        flights.len().hash(&mut self.0);
        let mut flights: Vec<&Flight> = flights.iter().collect();
        flights.sort_unstable_by_key(|flight| flight.id.0);
        for flight in flights {
            let counted = Flight {
                id: FlightId(flights_begun - flight.id.0),
                epoch: epoch - flight.epoch,
                base_generation: generation - flight.base_generation,
                ..flight.clone()
            };
            self.debug(&counted);
        }
        (failures, quiet_until, refused, parked).hash(&mut self.0);
        if !marks.is_empty() {
            self.debug(marks);
        }
        for sign_in in retired {
            sign_in.hash(&mut self.0);
        }
    }

    fn pair(&mut self, pair: Option<&Pair>) {
        pair.is_some().hash(&mut self.0);
        if let Some(pair) = pair {
            (pair.serial, pair.sign_in, pair.rotates).hash(&mut self.0);
            pair.refresh
                .as_ref()
                .map(|token| token.expose())
                .hash(&mut self.0);
            let held = pair.access.as_ref();
            held.map(|held| (held.token.secret().expose(), held.serial))
                .hash(&mut self.0);
            held.map(|held| (held.obtained_at, held.lifetime))
                .hash(&mut self.0);
        }
    }

    fn record(&mut self, record: Option<&Record>, version: Option<u64>) {
        record.is_some().hash(&mut self.0);
        if let Some(record) = record {
            (Some(record.version) == version).hash(&mut self.0);
            self.debug(&record.clone().with_version(0));
        }
    }

    fn chore(&mut self, chore: &Chore, current: Option<u64>) {
        std::mem::discriminant(chore).hash(&mut self.0);
        match chore {
            Chore::Undo { version } => (Some(*version) == current).hash(&mut self.0),
            other => self.debug(other),
        }
    }

    fn doing(&mut self, doing: &Doing, version: Option<u64>) {
        std::mem::discriminant(doing).hash(&mut self.0);
        match doing {
            Doing::Swap {
                expected,
                record,
                until,
            } => {
                (Some(*expected) == version, until).hash(&mut self.0);
                self.record(Some(record), None);
            }
            Doing::Got(Got::Loaded(Some(record))) => self.record(Some(record), version),
            Doing::Got(Got::Swapped(swap)) => self.swap(*swap, version),
            other => self.debug(other),
        }
    }

    fn swap(&mut self, swap: crate::session::Swap, current: Option<u64>) {
        match swap {
            crate::session::Swap::Done(version) => (Some(version) == current).hash(&mut self.0),
            crate::session::Swap::Lost => false.hash(&mut self.0),
        }
    }
}
