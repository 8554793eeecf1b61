//! Where a session is kept.

mod codec;
#[cfg(feature = "encrypt")]
mod crypt;
mod error;
#[cfg(feature = "file")]
mod file;
#[cfg(feature = "keyring")]
mod keyring;
#[cfg(feature = "file")]
mod leased;
mod memory;
#[cfg(feature = "file")]
mod os_lock;
mod record;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "file")]
mod versions;
#[cfg(feature = "file")]
mod watch;

#[cfg(feature = "encrypt")]
pub use crypt::EncryptionKey;
pub use error::{StoreError, StoreErrorKind};
#[cfg(feature = "file")]
pub use file::FileStore;
#[cfg(feature = "keyring")]
pub use keyring::KeyringStore;
pub use memory::MemoryStore;
pub(crate) use record::{Access, Doubt, Marker, Serial};
pub use record::{Record, SignIn};
#[cfg(feature = "redis")]
pub use redis::RedisStore;

use super::BoxFuture;
use std::{any::Any, fmt, sync::Arc, time::Duration};

/// Keeps one session's record, for one process or for many.
///
/// Compare-and-swap alone comes too late, since a rotating refresh token is spent when it is
/// sent: hence the lock. Methods may be called from any task; none is called while the session
/// holds a lock of its own.
///
/// A store of your own takes fewer than 60 lines: `examples/examples/own_store.rs` is one, and
/// `perennial::testing::store_conformance` (feature `testing`) checks it.
pub trait TokenStore: Send + Sync + 'static {
    /// The record, or none if nobody is signed in.
    ///
    /// # Errors
    /// [`StoreError`] if the record cannot be read, which is not the same as none.
    fn load(&self) -> BoxFuture<'_, Result<Option<Record>, StoreError>>;

    /// Writes `record` if the store's content is still as `expected`, and gives it a version
    /// higher than any before.
    ///
    /// # Errors
    /// [`StoreError`] if it is not known whether the record was written.
    fn compare_and_swap(
        &self,
        expected: Expected,
        record: Record,
    ) -> BoxFuture<'_, Result<Swap, StoreError>>;

    /// Waits for the lock that a refresh is made under. It is given back when the lease is
    /// dropped, and lapses by itself `lease` after it was granted.
    ///
    /// # Errors
    /// [`StoreError`] if the lock cannot be had at all.
    fn lock(&self, lease: Duration) -> BoxFuture<'_, Result<Lease, StoreError>>;

    /// Removes the record if it still has this version; answers whether it did.
    ///
    /// # Errors
    /// [`StoreError`] if it is not known whether the record was removed.
    fn clear(&self, version: u64) -> BoxFuture<'_, Result<bool, StoreError>>;

    /// Ends at the next change after this call, whoever makes it. None if the store cannot tell.
    fn watch(&self) -> Option<BoxFuture<'static, ()>> {
        None
    }

    /// Waits until nothing is left to do that was begun in the background: the giving back of a
    /// lock, for example. [`Session::close`](crate::Session::close) waits for it, within the
    /// session's `persist_timeout`. Nothing unless overridden.
    fn finish(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    /// Whether the record outlives the process, which makes the session more careful about
    /// programs that end in the middle of a refresh. True unless overridden.
    fn outlives_process(&self) -> bool {
        true
    }
}

impl<S: TokenStore + ?Sized> TokenStore for Arc<S> {
    fn load(&self) -> BoxFuture<'_, Result<Option<Record>, StoreError>> {
        (**self).load()
    }

    fn compare_and_swap(
        &self,
        expected: Expected,
        record: Record,
    ) -> BoxFuture<'_, Result<Swap, StoreError>> {
        (**self).compare_and_swap(expected, record)
    }

    fn lock(&self, lease: Duration) -> BoxFuture<'_, Result<Lease, StoreError>> {
        (**self).lock(lease)
    }

    fn clear(&self, version: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        (**self).clear(version)
    }

    fn watch(&self) -> Option<BoxFuture<'static, ()>> {
        (**self).watch()
    }

    fn finish(&self) -> BoxFuture<'_, ()> {
        (**self).finish()
    }

    fn outlives_process(&self) -> bool {
        (**self).outlives_process()
    }
}

/// What must be in the store for a write to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// Anything, or nothing.
    Anything,
    /// The record with this version.
    Version(u64),
}

/// What became of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Swap {
    /// The record was written with this version.
    Done(u64),
    /// The store held something else, and still does.
    Lost,
}

/// The lock, held until this is dropped or the lease lapses.
pub struct Lease(
    #[expect(dead_code, reason = "kept for what dropping it does")] Box<dyn Any + Send>,
);

impl Lease {
    /// A lease that `guard` gives back when it is dropped.
    pub fn new(guard: impl Send + 'static) -> Self {
        Self(Box::new(guard))
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lease")
    }
}
