//! A session in a file that several processes share.

mod content;
#[cfg(test)]
pub(super) mod tests;
mod watch;

use super::{
    Expected, Lease, Record, StoreError, Swap, TokenStore,
    os_lock::{OsLock, PAUSE},
};
use crate::session::BoxFuture;
use content::Content;
use std::{
    fmt,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use watch::Watch;

/// Keeps the record in a file, for all processes that name the same file.
///
/// The file is readable by its owner alone (mode 0600; a missing directory is made with 0700) and
/// is replaced as a whole: written aside, flushed, renamed. Two lock files stand beside it and
/// are never removed: `NAME.refresh.lock` is held while a refresh is under way, `NAME.lock` for
/// the moment of a write. The locks are the operating system's and end with their process.
///
/// Content that cannot be read is an error and stays; only a new sign-in puts it aside, as
/// `NAME.unreadable-1`, and goes on.
///
/// ```
/// # async fn example() -> Result<(), perennial::Error> {
/// use perennial::{FileStore, Session};
///
/// let session = Session::builder().store(FileStore::new("/home/ada/.config/shop/session.json")).build()?;
/// # let _ = session;
/// # Ok(())
/// # }
/// ```
///
/// It works within a tokio runtime, on whose blocking threads files are read and written.
#[derive(Clone)]
pub struct FileStore {
    inner: Arc<Inner>,
}

struct Inner {
    content: Content,
    watch: Watch,
}

impl FileStore {
    /// A store at this path; nothing is read or created yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let content = Content::new(path.into());
        Self {
            inner: Arc::new(Inner {
                watch: Watch::new(content.path()),
                content,
            }),
        }
    }

    /// Runs `work` on a thread that may block. When the caller gives up, so does the work, unless
    /// it is at its last step already.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Content, &dyn Fn() -> bool) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = self.inner.clone();
        let caller = Caller::default();
        let gone = caller.0.clone();
        let done = tokio::task::spawn_blocking(move || {
            work(&inner.content, &|| gone.load(Ordering::Relaxed))
        });
        let done = done.await;
        drop(caller);
        done.unwrap_or_else(|error| {
            Err(StoreError::because(
                "the runtime ended under a file's reading or writing",
                error,
            ))
        })
    }

    async fn take(&self) -> Result<OsLock, StoreError> {
        loop {
            if let Some(lock) = self.run(|content, _| content.take_refresh_lock()).await? {
                return Ok(lock);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Tells the work when its caller is gone.
#[derive(Default)]
struct Caller(Arc<AtomicBool>);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl TokenStore for FileStore {
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
        Box::pin(async move { Ok(Lease::new(Leased::new(self.take().await?, lease))) })
    }

    fn clear(&self, version: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(self.run(move |content, gone| content.clear(version, gone)))
    }

    fn watch(&self) -> Option<BoxFuture<'static, ()>> {
        Some(self.inner.watch.next())
    }
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStore")
            .field("path", &self.inner.content.path())
            .finish_non_exhaustive()
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
