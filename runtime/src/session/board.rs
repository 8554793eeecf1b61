//! What the critical section keeps for other threads: the pair that readers see, and where those
//! who wait for a flight find its end.

use super::{
    cell::Cell,
    machine::{FlightId, Verdict},
    sync::{Arc, Published},
};
use std::collections::HashMap;

pub(super) struct Board<S> {
    /// The last snapshot that was published.
    current: Option<Arc<S>>,
    cells: HashMap<FlightId, Arc<Cell>>,
}

impl<S> Board<S> {
    pub(super) fn new() -> Self {
        Self {
            current: None,
            cells: HashMap::new(),
        }
    }

    pub(super) fn current(&self) -> Option<&Arc<S>> {
        self.current.as_ref()
    }

    /// Shows readers a pair. Within the critical section, so that they never see an older one
    /// after a newer one.
    pub(super) fn publish(&mut self, readers: &Published<S>, snapshot: Option<S>) {
        self.current = snapshot.map(Arc::new);
        readers.store(self.current.clone());
    }

    /// Where the end of a flight will be found. Within the critical section that decided to wait,
    /// so that the flight cannot have ended in between.
    pub(super) fn join(&mut self, flight: FlightId) -> Arc<Cell> {
        self.cells.entry(flight).or_default().clone()
    }

    /// Sets a flight's end, if anybody may wait for it; what is answered is to be woken outside.
    #[must_use]
    pub(super) fn end(&mut self, flight: FlightId, verdict: Verdict) -> Option<Arc<Cell>> {
        let cell = self.cells.remove(&flight)?;
        cell.settle(verdict);
        Some(cell)
    }
}
