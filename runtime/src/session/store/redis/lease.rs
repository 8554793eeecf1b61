//! The lock: a lease that the server lets lapse, given back by its holder alone.

use super::{
    Inner, StoreError, changes, lock,
    script::{self, Locked},
};
use crate::session::race::race;
use std::{pin::pin, sync::Arc, time::Duration};
use tokio::{
    runtime::Handle,
    time::{sleep, timeout},
};

/// How often the lock is asked for, where no word comes that it is free.
const POLL: Duration = Duration::from_millis(500);

/// Holds the lock, or has asked for it without an answer yet: both are given back.
pub(super) struct Held {
    inner: Arc<Inner>,
    /// The name of this holder; nobody else has it.
    holder: String,
    /// The fencing number and the holder, as the server keeps them.
    value: Option<String>,
    asked: bool,
    lease: Duration,
}

impl Held {
    /// Waits for the lock: for the word that it is free, for the end of the other's lease, and a
    /// little at most, whichever comes first.
    pub(super) async fn wait(inner: Arc<Inner>, lease: Duration) -> Result<Self, StoreError> {
        loop {
            let mut freed = inner.changes.freed();
            let mut held = Self::new(inner.clone(), lease);
            let left = match held.ask().await? {
                None => return Ok(held),
                Some(left) => left,
            };
            drop(held);
            changes::listen(&inner);
            // The server counts in milliseconds, and the last one has to be over.
            let pause = left.saturating_add(Duration::from_millis(1)).min(POLL);
            race(pin!(freed.changed()), pin!(sleep(pause))).await;
        }
    }

    fn new(inner: Arc<Inner>, lease: Duration) -> Self {
        inner.locks.send_modify(|locks| *locks += 1);
        Self {
            inner,
            holder: script::nonce(),
            value: None,
            asked: false,
            lease,
        }
    }

    /// None if the lock is ours now; else how long it is someone else's.
    async fn ask(&mut self) -> Result<Option<Duration>, StoreError> {
        self.asked = true;
        let question = self.inner.names.lock(&self.holder, self.lease);
        match script::locked(self.inner.link.run(&question).await?) {
            Locked::Done(value) => {
                lock(&self.inner.held).push(value.clone());
                self.value = Some(value);
                Ok(None)
            }
            Locked::Held(left) => {
                self.asked = false;
                Ok(Some(left))
            }
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(value) = &self.value {
            lock(&self.inner.held).retain(|held| held != value);
        }
        let back = Back(self.inner.clone());
        // Outside a runtime nothing can be sent: then the lease lapses by itself.
        let Some(runtime) = Handle::try_current().ok().filter(|_| self.asked) else {
            return;
        };
        let release = self.inner.names.release(&self.holder);
        let lease = self.lease;
        runtime.spawn(async move {
            // A server that is gone for a moment may come back with the lock in its memory.
            let given_back = async {
                while let Err(error) = back.0.link.run(&release).await {
                    tracing::debug!(%error, "session: a lock is not given back yet");
                    sleep(POLL).await;
                }
            };
            // After its lease it has lapsed by itself.
            drop(timeout(lease, given_back).await);
        });
    }
}

/// A lock on its way back.
struct Back(Arc<Inner>);

impl Drop for Back {
    fn drop(&mut self) {
        self.0
            .locks
            .send_modify(|locks| *locks = locks.saturating_sub(1));
    }
}
