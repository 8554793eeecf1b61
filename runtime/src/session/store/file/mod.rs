//! A session in a file that several processes share.

mod content;
#[cfg(test)]
pub(super) mod tests;

use super::{Expected, Lease, Record, StoreError, Swap, TokenStore, leased::leased, watch::Watch};
#[cfg(feature = "encrypt")]
use crate::EncryptionKey;
use crate::session::BoxFuture;
use content::Content;
use std::{
    fmt,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Keeps the record in a file, for all processes that name the same file.
///
/// The file is readable by its owner alone (mode 0600; a missing directory is made with 0700) and
/// is replaced as a whole: written aside, flushed, renamed. Two lock files stand beside it and
/// are never removed: `NAME.refresh.lock` is held while a refresh is under way, `NAME.lock` for
/// the moment of a write. The locks are the operating system's and end with their process; a lock
/// file that someone deletes is made anew. A symbolic link is followed, and stays. A file that
/// others may read is warned about, and its next write makes it 0600 again.
///
/// Content that cannot be read is an error and stays; only a new sign-in puts it aside, as
/// `NAME.unreadable-1`, and goes on. A write that fails (a full disk, a read-only directory) says
/// where, and leaves the old content.
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
        Self::with(Content::new(path.into()))
    }

    /// Keeps the file's content encrypted (XChaCha20-Poly1305) with a key that is kept elsewhere.
    ///
    /// It keeps the tokens from whoever gets hold of the file alone: a backup, a copied disk,
    /// another user. Whoever has both has the session, and an old file put in the place of a newer
    /// one is not noticed. A file that is not encrypted, or with another key, is an error like any
    /// other unreadable content.
    ///
    /// ```
    /// # async fn example() -> Result<(), perennial::Error> {
    /// use perennial::{EncryptionKey, FileStore, Session};
    ///
    /// # let from_the_keyring = [7; 32];
    /// let key = EncryptionKey::new(from_the_keyring);
    /// let store = FileStore::new("/home/ada/.config/shop/session").encrypted(key);
    /// let session = Session::builder().store(store).build()?;
    /// # let _ = session;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "encrypt")]
    #[must_use]
    pub fn encrypted(self, key: EncryptionKey) -> Self {
        let mut content = Content::new(self.inner.content.path().to_owned());
        content.key = Some(key);
        Self::with(content)
    }

    fn with(content: Content) -> Self {
        Self {
            inner: Arc::new(Inner {
                watch: Watch::default(),
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
        let inner = self.inner.clone();
        Box::pin(leased(lease, move || inner.content.take_refresh_lock()))
    }

    fn clear(&self, version: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(self.run(move |content, gone| content.clear(version, gone)))
    }

    fn watch(&self) -> Option<BoxFuture<'static, ()>> {
        // Who follows a link watches where it leads.
        let path = self.inner.content.target().ok()?;
        Some(self.inner.watch.next(&path))
    }
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStore")
            .field("path", &self.inner.content.path())
            .finish_non_exhaustive()
    }
}
