//! Where those who wait for a flight find its end.

use super::machine::Verdict;
use std::sync::OnceLock;
use tokio::sync::Notify;

/// One flight's end: set once inside the critical section, told outside of it.
#[derive(Default)]
pub(super) struct Cell {
    verdict: OnceLock<Verdict>,
    settled: Notify,
}

impl Cell {
    /// Sets the end; the first one stays.
    pub(super) fn settle(&self, verdict: Verdict) {
        drop(self.verdict.set(verdict));
    }

    /// Wakes everyone, in the order in which they came.
    pub(super) fn wake(&self) {
        self.settled.notify_waiters();
    }

    pub(super) fn verdict(&self) -> Option<Verdict> {
        self.verdict.get().cloned()
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
