//! The lock of a refresh as a lease: the operating system's lock, which lapses in time.

use super::{
    Lease, StoreError,
    os_lock::{OsLock, PAUSE},
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// Tries until the lock is free; whoever stops waiting has not taken it.
pub(super) async fn leased(
    lease: Duration,
    take: impl Fn() -> Result<Option<OsLock>, StoreError> + Send + Sync + 'static,
) -> Result<Lease, StoreError> {
    let take = Arc::new(take);
    loop {
        let take = take.clone();
        // A lock that comes too late for its caller is dropped with the task's result.
        let taken = tokio::task::spawn_blocking(move || take()).await;
        let taken = taken.unwrap_or_else(|error| {
            Err(StoreError::because(
                "the runtime ended under the wait for a lock",
                error,
            ))
        });
        if let Some(lock) = taken? {
            return Ok(Lease::new(Leased::new(lock, lease)));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The refresh lock, given back when this is dropped or the lease lapses. In a process that is
/// stopped it does neither: then others wait up to their deadline, and refresh nothing.
struct Leased {
    lock: Arc<Mutex<Option<OsLock>>>,
    lapse: tokio::task::AbortHandle,
}

impl Leased {
    fn new(lock: OsLock, lease: Duration) -> Self {
        let lock = Arc::new(Mutex::new(Some(lock)));
        let held = lock.clone();
        let lapse = tokio::spawn(async move {
            tokio::time::sleep(lease).await;
            give_back(&held);
        });
        Self {
            lock,
            lapse: lapse.abort_handle(),
        }
    }
}

impl Drop for Leased {
    fn drop(&mut self) {
        self.lapse.abort();
        give_back(&self.lock);
    }
}

fn give_back(lock: &Mutex<Option<OsLock>>) {
    drop(lock.lock().unwrap_or_else(PoisonError::into_inner).take());
}
