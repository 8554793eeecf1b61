//! The runtime's files, and a session that is just large enough to need them.

use crate::sync::{Arc, Mutex, Published};
use board::Board;
use cell::Cell;
use machine::{FlightId, Verdict};
use std::sync::PoisonError;

#[path = "../../../runtime/src/session/board.rs"]
mod board;
#[path = "../../../runtime/src/session/cell.rs"]
mod cell;

mod sync {
    pub(super) use crate::sync::{Arc, Mutex, Notify, Published};
}

mod machine {
    /// Names a flight.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub(crate) struct FlightId(pub(crate) u64);

    /// How a flight ended.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub(crate) enum Verdict {
        Committed,
    }
}

/// (generation, number of the access token), as readers see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub struct Snapshot {
    /// Grows with each pair.
    pub generation: u64,
}

/// A session without decisions to speak of: signed in, and one flight at a time.
pub struct Little {
    readers: Published<Snapshot>,
    core: Mutex<Core>,
}

struct Core {
    board: Board<Snapshot>,
    generation: u64,
    flight: Option<FlightId>,
    begun: u64,
}

/// What a call does after a 401.
pub enum Decision {
    /// There is a newer pair.
    Replay(u64),
    /// It waits for a flight; it has to start it itself if that is new.
    Wait {
        /// The flight's number, where it is new.
        start: Option<u64>,
        /// What [`Little::wait`] waits for.
        end: End,
    },
}

/// Where the end of a flight will be found.
pub struct End(Arc<Cell>);

impl Little {
    /// Signed in with the first pair.
    pub fn new() -> Self {
        let little = Self {
            readers: Published::empty(),
            core: Mutex::new(Core {
                board: Board::new(),
                generation: 1,
                flight: None,
                begun: 0,
            }),
        };
        little.with(|core, readers| {
            let generation = core.generation;
            core.board.publish(readers, Some(Snapshot { generation }));
        });
        little
    }

    /// The hot path: what readers see, without the lock.
    pub fn generation(&self) -> u64 {
        self.readers
            .load_full()
            .map_or(0, |snapshot| snapshot.generation)
    }

    /// Start or join: the critical section after a 401 to `carried`.
    pub fn refused(&self, carried: u64) -> Decision {
        self.with(|core, _| {
            if carried < core.generation {
                return Decision::Replay(core.generation);
            }
            let start = core.flight.is_none().then(|| {
                core.begun += 1;
                core.flight = Some(FlightId(core.begun));
                core.begun
            });
            let flight = core.flight.unwrap_or(FlightId(core.begun));
            let end = End(core.board.join(flight));
            Decision::Wait { start, end }
        })
    }

    /// The critical section of a flight that brings a new pair, and the waking after it.
    pub fn commit(&self, flight: u64) {
        let ended = self.with(|core, readers| {
            core.generation += 1;
            core.flight = None;
            let generation = core.generation;
            core.board.publish(readers, Some(Snapshot { generation }));
            core.board.end(FlightId(flight), Verdict::Committed)
        });
        if let Some(cell) = ended {
            cell.wake();
        }
    }

    /// The pair that a call is sent again with, once its flight has ended.
    pub async fn wait(&self, end: End) -> u64 {
        let Verdict::Committed = end.0.wait().await;
        self.with(|core, _| {
            core.board
                .current()
                .map_or(0, |snapshot| snapshot.generation)
        })
    }

    /// How many flights there were.
    pub fn flights(&self) -> u64 {
        self.with(|core, _| core.begun)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Core, &Published<Snapshot>) -> T) -> T {
        let mut core = self.core.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut core, &self.readers)
    }
}

impl Default for Little {
    fn default() -> Self {
        Self::new()
    }
}
