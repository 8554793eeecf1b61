//! A session in the operating system's keyring.

mod content;
mod place;
mod thread;

use super::{Expected, Lease, Record, StoreError, Swap, TokenStore, leased::leased, watch::Watch};
use crate::session::BoxFuture;
use content::Content;
use std::{fmt, sync::Arc, time::Duration};
use thread::Thread;

/// Keeps the record in the operating system's keyring: the Secret Service on Linux and the BSDs,
/// Keychain on macOS, the Credential Manager on Windows. Needs Rust 1.88.
///
/// A keyring compares nothing before it writes. So all processes of one user that name the same
/// service and entry share two lock files as with [`FileStore`](crate::FileStore), in a directory
/// that depends on the user alone, whatever their configuration: `/run/user/UID/perennial`, or
/// `/tmp/perennial-UID` where there is no such thing. They hold no secret.
///
/// The keyring is asked on a thread of the store's own. While it waits for its owner, to be
/// unlocked for example, the store answers [`StoreErrorKind::Locked`](crate::StoreErrorKind) after
/// 4 s; the session keeps what it could not write, uses it, and writes it later. Content that
/// cannot be read is an error and stays; only a new sign-in puts it aside, as an entry
/// `ENTRY.unreadable-1`, and goes on. Windows' keyring takes 2,560 bytes, which not every
/// session is short enough for: its error says so.
///
/// ```
/// # async fn example() -> Result<(), perennial::Error> {
/// use perennial::{KeyringStore, Session};
///
/// let session = Session::builder().store(KeyringStore::new("shop-cli", "ada@example.com")).build()?;
/// # let _ = session;
/// # Ok(())
/// # }
/// ```
///
/// It works within a tokio runtime. A process that found no keyring at first finds none later.
#[derive(Clone)]
pub struct KeyringStore {
    inner: Arc<Inner>,
}

struct Inner {
    content: Arc<Content>,
    thread: Thread,
    watch: Watch,
}

impl KeyringStore {
    /// A store in the entry of that name, which belongs to that service (the application's name,
    /// as a rule); nothing is read or created yet.
    pub fn new(service: impl Into<String>, entry: impl Into<String>) -> Self {
        Self {
            inner: Arc::new(Inner {
                content: Arc::new(Content::new(service.into(), entry.into())),
                thread: Thread::default(),
                watch: Watch::default(),
            }),
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Content, &dyn Fn() -> bool) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let content = self.inner.content.clone();
        self.inner
            .thread
            .run(move |gone| work(&content, gone))
            .await
    }
}

impl TokenStore for KeyringStore {
    fn load(&self) -> BoxFuture<'_, Result<Option<Record>, StoreError>> {
        Box::pin(self.run(|content, _| content.load()))
    }

    fn compare_and_swap(
        &self,
        expected: Expected,
        record: Record,
    ) -> BoxFuture<'_, Result<Swap, StoreError>> {
        Box::pin(self.run(move |content, gone| content.swap(expected, record, gone)))
    }

    fn lock(&self, lease: Duration) -> BoxFuture<'_, Result<Lease, StoreError>> {
        let content = self.inner.content.clone();
        Box::pin(leased(lease, move || content.take_refresh_lock()))
    }

    fn clear(&self, version: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(self.run(move |content, gone| content.clear(version, gone)))
    }

    /// Sees what sessions do; what else changes the entry is met at the next refresh.
    fn watch(&self) -> Option<BoxFuture<'static, ()>> {
        // Each write notes its version there, also for this.
        let path = self.inner.content.version_file().ok()?;
        Some(self.inner.watch.next(&path))
    }
}

impl fmt::Debug for KeyringStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = &self.inner.content;
        f.debug_struct("KeyringStore")
            .field("service", &content.service())
            .field("entry", &content.entry())
            .finish_non_exhaustive()
    }
}
