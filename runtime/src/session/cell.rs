//! Where those who wait for a flight find its end.

use super::{
    machine::Verdict,
    sync::{Mutex, Notify},
};
use std::sync::PoisonError;

/// One flight's end: set once inside the critical section, told outside of it.
#[derive(Default)]
pub(super) struct Cell {
    verdict: Mutex<Option<Verdict>>,
    settled: Notify,
}

impl Cell {
    /// Sets the end; the first one stays.
    pub(super) fn settle(&self, verdict: Verdict) {
        let mut held = self.verdict.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_none() {
            *held = Some(verdict);
        }
    }

    /// Wakes everyone, in the order in which they came.
    pub(super) fn wake(&self) {
        self.settled.notify_waiters();
    }

    pub(super) fn verdict(&self) -> Option<Verdict> {
        let held = self.verdict.lock().unwrap_or_else(PoisonError::into_inner);
        held.clone()
    }

    pub(super) async fn wait(&self) -> Verdict {
        loop {
            // Asked for before the look, so that an end in between is not missed.
            let settled = self.settled.notified();
            if let Some(verdict) = self.verdict() {
                return verdict;
            }
            settled.await;
        }
    }
}
