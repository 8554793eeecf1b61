//! A session in Redis or Valkey, shared by several hosts.

mod changes;
mod lease;
mod link;
mod script;

use super::{
    BoxFuture, Expected, Lease, Marker, Record, StoreError, StoreErrorKind, Swap, TokenStore,
    record::Doubt,
};
use changes::Changes;
use lease::Held;
use link::Link;
use script::{Found, Names};
use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};
use tokio::sync::watch;

/// How long one command may take, connecting included, unless the builder says otherwise.
const DEADLINE: Duration = Duration::from_secs(2);
/// How long a presentation that this process knows nothing of may be under way.
const UNSEEN: Duration = Duration::from_secs(15);

/// Keeps the record in Redis or Valkey, for any number of processes and hosts.
///
/// Needs a tokio runtime with timers and I/O. Connects when it is first used, and again whenever
/// the connection is lost; clones share the connection. Writes are compared and swapped by a
/// script; the lock is a lease with a fencing token that only grows; changes are told by
/// publish and subscribe.
///
/// Beside `key`, the record itself (a hash), there are `{key}:version` and `{key}:fence`, which
/// survive sign-outs, `{key}:lock`, the channel `{key}:changes`, and `{key}:unreadable`, where a
/// sign-in puts what was no record. All are in one slot of a cluster.
///
/// A server that forgets everything, because it has no persistence, gets back what this process
/// last saw of the record; whether its refresh token was spent meanwhile counts as unknown.
///
/// ```
/// use perennial::{RedisStore, Session};
///
/// let store = RedisStore::new("redis://:password@127.0.0.1:6379/", "my-app:ada")?;
/// assert_eq!(format!("{store:?}"), "RedisStore(my-app:ada at 127.0.0.1:6379)");
/// let session = Session::builder().store(store).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RedisStore {
    inner: Arc<Inner>,
}

struct Inner {
    link: Link,
    names: Names,
    changes: Changes,
    /// The locks that are held through this handle; the last one is the latest.
    held: Mutex<Vec<String>>,
    /// How many locks are held or on their way back.
    locks: watch::Sender<usize>,
    /// The number of the latest change this handle knows of.
    seen: AtomicU64,
    /// The record as this handle last saw it.
    last: Mutex<Option<Record>>,
}

impl RedisStore {
    /// A store under `key` of the server at `url`: `redis://[user][:password@]host[:port][/db]`,
    /// or with the scheme `valkey`. Nothing is connected yet.
    ///
    /// For `rediss`, turn a TLS feature of the crate `redis` on.
    ///
    /// # Errors
    /// [`StoreError`] if the URL cannot be read. The URL, which may hold a password, is in no
    /// error and in no `Debug`.
    pub fn new(url: &str, key: impl Into<String>) -> Result<Self, StoreError> {
        let client = ::redis::Client::open(url).map_err(|error| {
            StoreError::because("the URL of the Redis server cannot be read", error)
        })?;
        Ok(Self::with_client(client, key))
    }

    /// The same with a client that has been set up already.
    pub fn with_client(client: ::redis::Client, key: impl Into<String>) -> Self {
        Self::assemble(Link::new(client, DEADLINE), Names::new(key.into()))
    }

    /// How long one command may take, connecting included; after that the store counts as
    /// unavailable. Default: 2 s. Keep it below the session's `persist_timeout`.
    ///
    /// The handle that is given back shares nothing with this one.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Self {
        let link = Link::new(self.inner.link.client().clone(), deadline);
        Self::assemble(link, self.inner.names.clone())
    }

    fn assemble(link: Link, names: Names) -> Self {
        Self {
            inner: Arc::new(Inner {
                link,
                names,
                changes: Changes::default(),
                held: Mutex::default(),
                locks: watch::Sender::new(0),
                seen: AtomicU64::new(0),
                last: Mutex::default(),
            }),
        }
    }
}

impl Inner {
    async fn load(&self) -> Result<Option<Record>, StoreError> {
        let (found, number) = self.look().await?;
        let before = self.saw(number);
        match found {
            Found::Record { version, bytes } => {
                let record = self.read(&bytes)?.with_version(version);
                self.saw(version);
                *lock(&self.last) = Some(record.clone());
                Ok(Some(record))
            }
            // A record that is cleared leaves its number behind: this server has lost its memory.
            Found::Nothing if number < before => self.put_back().await,
            Found::Nothing => {
                *lock(&self.last) = None;
                Ok(None)
            }
        }
    }

    /// What is there, and the number of the latest change.
    async fn look(&self) -> Result<(Found, u64), StoreError> {
        let reply = self.link.run(&self.names.load()).await?;
        script::found(reply).map_err(|what| self.unreadable(&what))
    }

    fn read(&self, bytes: &[u8]) -> Result<Record, StoreError> {
        Record::decode(bytes).map_err(|error| {
            let kind = error.kind();
            StoreError::because(format!("{} holds no record", self.place()), error).with_kind(kind)
        })
    }

    async fn write(&self, expected: Expected, record: Record) -> Result<Swap, StoreError> {
        let aside = match expected {
            Expected::Anything => self.holds_no_record().await?,
            Expected::Version(_) => false,
        };
        loop {
            let fence = lock(&self.held).last().cloned();
            let swap = self.names.swap(expected, &record, fence.as_deref(), aside);
            let swapped = script::swapped(self.link.run(&swap).await?);
            let held = |fence: &String| lock(&self.held).contains(fence);
            // A lock that was given back meanwhile has not lapsed: what a flight leaves to be written
            // is written under its lock or, after it, under none.
            if matches!(swapped, script::Swapped::Lapsed) && !fence.as_ref().is_some_and(held) {
                continue;
            }
            return self.wrote(swapped, record);
        }
    }

    fn wrote(&self, swapped: script::Swapped, record: Record) -> Result<Swap, StoreError> {
        match swapped {
            script::Swapped::Done { version, aside } => {
                if let Some(aside) = aside {
                    let place = self.place();
                    tracing::warn!("session: {place} held no record; it is kept as {aside}");
                }
                self.saw(version);
                self.changes.notice(version);
                *lock(&self.last) = Some(record.with_version(version));
                Ok(Swap::Done(version))
            }
            script::Swapped::Lost => Ok(Swap::Lost),
            script::Swapped::Lapsed => Err(StoreError::new(format!(
                "the lock of {} lapsed before the refresh began, and may be someone else's",
                self.place()
            ))),
            script::Swapped::Unreadable(what) => Err(self.unreadable(&what)),
        }
    }

    /// Whether there is something that only looks like a record to the script.
    async fn holds_no_record(&self) -> Result<bool, StoreError> {
        let reply = self.link.run(&self.names.load()).await?;
        Ok(match script::found(reply) {
            Ok((Found::Record { bytes, .. }, _)) => Record::decode(&bytes).is_err(),
            // What the script does not take for a record it puts aside by itself.
            Ok((Found::Nothing, _)) | Err(_) => false,
        })
    }

    /// Gives a server that has lost its memory what this process last saw of the record.
    ///
    /// Another process may have seen a later one, or be presenting this one's refresh token: so it
    /// counts as presented, and the session's `reuse` decides what may be done with it.
    async fn put_back(&self) -> Result<Option<Record>, StoreError> {
        let Some(last) = lock(&self.last).clone() else {
            return Ok(None);
        };
        let now = SystemTime::now();
        let doubt = Marker {
            serial: last.serial,
            attempt: 1,
            sent_at: now,
            deadline: now.checked_add(UNSEEN).unwrap_or(now),
            doubt: Doubt::Unanswered,
        };
        let doubtful = last.refresh.is_some() && last.live_marker().is_none();
        let record = Record {
            marker: doubtful.then_some(doubt).or(last.marker),
            ..last
        };
        let place = self.place();
        tracing::warn!("session: {place} has lost its record; it gets back what was seen last");
        match script::swapped(self.link.run(&self.names.restore(&record)).await?) {
            script::Swapped::Done { version, .. } => {
                self.saw(version);
                self.changes.notice(version);
                let record = record.with_version(version);
                *lock(&self.last) = Some(record.clone());
                Ok(Some(record))
            }
            // Someone else was faster; the next look finds what they put there.
            _ => Err(StoreError::new(format!("{place} is being restored"))),
        }
    }

    async fn clear(&self, version: u64) -> Result<bool, StoreError> {
        let reply = self.link.run(&self.names.clear(version)).await?;
        let number = script::cleared(reply).map_err(|what| self.unreadable(&what))?;
        if let Some(number) = number {
            self.saw(number);
            self.changes.notice(number);
            *lock(&self.last) = None;
        }
        Ok(number.is_some())
    }

    /// Notes the number of a change; answers the highest one before.
    fn saw(&self, number: u64) -> u64 {
        self.seen.fetch_max(number, Ordering::SeqCst)
    }

    fn unreadable(&self, what: &str) -> StoreError {
        let place = self.place();
        StoreError::new(format!(
            "{place} holds {what}, not a session's record; remove it or sign in again"
        ))
        .with_kind(StoreErrorKind::Unreadable)
    }

    /// The key and the server, without a password.
    fn place(&self) -> String {
        format!("{} at {}", self.names.record, self.link.place())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl TokenStore for RedisStore {
    fn load(&self) -> BoxFuture<'_, Result<Option<Record>, StoreError>> {
        Box::pin(self.inner.load())
    }

    fn compare_and_swap(
        &self,
        expected: Expected,
        record: Record,
    ) -> BoxFuture<'_, Result<Swap, StoreError>> {
        Box::pin(self.inner.write(expected, record))
    }

    fn lock(&self, lease: Duration) -> BoxFuture<'_, Result<Lease, StoreError>> {
        Box::pin(async move { Held::wait(self.inner.clone(), lease).await.map(Lease::new) })
    }

    fn clear(&self, version: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(self.inner.clear(version))
    }

    fn watch(&self) -> Option<BoxFuture<'static, ()>> {
        let since = self.inner.seen.load(Ordering::SeqCst);
        Some(changes::next(&self.inner, since))
    }

    fn finish(&self) -> BoxFuture<'_, ()> {
        let mut locks = self.inner.locks.subscribe();
        Box::pin(async move { drop(locks.wait_for(|locks| *locks == 0).await) })
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisStore({})", self.inner.place())
    }
}
