//! The default store: this process's memory.

use super::{Expected, Lease, Record, StoreError, Swap, TokenStore};
use crate::session::{BoxFuture, Clock, SystemClock, race::race};
use std::{
    fmt,
    future::ready,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::{Notify, watch};

/// Keeps the record in memory; it ends with the process.
///
/// Clones share one record, so that several sessions of one process can behave as several
/// processes would.
#[derive(Clone)]
pub struct MemoryStore {
    inner: Arc<Inner>,
}

struct Inner {
    content: Mutex<Content>,
    clock: Arc<dyn Clock>,
    changed: watch::Sender<u64>,
    released: Notify,
}

#[derive(Default)]
struct Content {
    record: Option<Record>,
    /// The highest version that was ever given, records that are gone included.
    version: u64,
    holder: Option<Holder>,
    holders: u64,
}

#[derive(Clone, Copy)]
struct Holder {
    number: u64,
    until: Duration,
}

impl MemoryStore {
    /// An empty store by the operating system's clock.
    pub fn new() -> Self {
        Self::with_clock(SystemClock::new())
    }

    /// An empty store whose leases lapse by `clock`.
    pub fn with_clock(clock: impl Clock) -> Self {
        Self {
            inner: Arc::new(Inner {
                content: Mutex::default(),
                clock: Arc::new(clock),
                changed: watch::Sender::new(0),
                released: Notify::new(),
            }),
        }
    }

    fn write(&self, expected: Expected, record: Record) -> Swap {
        let version = {
            let mut content = self.inner.lock();
            let held = content.record.as_ref().map(Record::version);
            if matches!(expected, Expected::Version(version) if held != Some(version)) {
                return Swap::Lost;
            }
            content.version += 1;
            content.record = Some(record.with_version(content.version));
            content.version
        };
        self.inner.tell();
        Swap::Done(version)
    }

    fn remove(&self, version: u64) -> bool {
        let removed = {
            let mut content = self.inner.lock();
            let held = content.record.as_ref().map(Record::version);
            if held == Some(version) {
                content.record.take()
            } else {
                None
            }
        };
        if removed.is_some() {
            self.inner.tell();
        }
        removed.is_some()
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self) {
        self.changed.send_modify(|changes| *changes += 1);
    }

    /// The number of the new holder, or when the present one's lease lapses.
    fn take(&self, lease: Duration) -> Result<u64, Duration> {
        let now = self.clock.monotonic();
        let mut content = self.lock();
        match content.holder {
            Some(holder) if holder.until > now => Err(holder.until),
            _ => {
                content.holders += 1;
                let number = content.holders;
                content.holder = Some(Holder {
                    number,
                    until: now.saturating_add(lease),
                });
                Ok(number)
            }
        }
    }

    async fn take_or_wait(self: Arc<Self>, lease: Duration) -> Lease {
        loop {
            let released = self.released.notified();
            match self.take(lease) {
                Ok(number) => {
                    return Lease::new(Held {
                        inner: self.clone(),
                        number,
                    });
                }
                Err(until) => {
                    let until = self.clock.sleep_until(until);
                    race(pin!(released), pin!(until)).await;
                }
            }
        }
    }
}

/// Gives the lock back, unless its lease lapsed and someone else has it.
struct Held {
    inner: Arc<Inner>,
    number: u64,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mine = {
            let mut content = self.inner.lock();
            content
                .holder
                .take_if(|holder| holder.number == self.number)
        };
        if mine.is_some() {
            self.inner.released.notify_waiters();
        }
    }
}

impl TokenStore for MemoryStore {
    fn load(&self) -> BoxFuture<'_, Result<Option<Record>, StoreError>> {
        let record = self.inner.lock().record.clone();
        Box::pin(ready(Ok(record)))
    }

    fn compare_and_swap(
        &self,
        expected: Expected,
        record: Record,
    ) -> BoxFuture<'_, Result<Swap, StoreError>> {
        Box::pin(ready(Ok(self.write(expected, record))))
    }

    fn lock(&self, lease: Duration) -> BoxFuture<'_, Result<Lease, StoreError>> {
        let inner = self.inner.clone();
        Box::pin(async move { Ok(inner.take_or_wait(lease).await) })
    }

    fn clear(&self, version: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(ready(Ok(self.remove(version))))
    }

    fn watch(&self) -> Option<BoxFuture<'static, ()>> {
        let mut changes = self.inner.changed.subscribe();
        Some(Box::pin(async move { drop(changes.changed().await) }))
    }

    fn outlives_process(&self) -> bool {
        false
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryStore")
    }
}
