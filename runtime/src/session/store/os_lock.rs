//! Locks of the operating system, on files that are never unlinked.
//!
//! Such a lock ends with its process, however that ends. It is tried for, never waited for in the
//! kernel: a thread that waits there could not be called back, and would keep a runtime from
//! shutting down.

use fs4::{FileExt, TryLockError};
use std::{
    fs::{self, File, OpenOptions},
    io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// The pause between two tries.
pub(super) const PAUSE: Duration = Duration::from_millis(5);

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub(super) struct OsLock(File);

impl OsLock {
    /// The lock, or none while someone else has it: another process, or another handle here.
    pub(super) fn take(path: &Path) -> io::Result<Option<Self>> {
        loop {
            let file = open(path)?;
            match FileExt::try_lock(&file) {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
            let lock = Self(file);
            // Someone may have deleted the file: then others lock a new one of that name.
            if lock.stands_at(path)? {
                return Ok(Some(lock));
            }
        }
    }

    /// Tries until it has the lock, `given_up` says so, or the time is over.
    pub(super) fn wait(
        path: &Path,
        patience: Duration,
        given_up: impl Fn() -> bool,
    ) -> io::Result<Self> {
        let begin = Instant::now();
        loop {
            if let Some(lock) = Self::take(path)? {
                return Ok(lock);
            }
            if given_up() || begin.elapsed() >= patience {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "someone else holds it for too long",
                ));
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "a blocking thread waits for a process"
            )]
            thread::sleep(PAUSE);
        }
    }

    /// The file itself, for a few bytes that belong to the lock.
    pub(super) fn file(&self) -> &File {
        &self.0
    }

    #[cfg(unix)]
    fn stands_at(&self, path: &Path) -> io::Result<bool> {
        use std::os::unix::fs::MetadataExt;
        let held = self.0.metadata()?;
        match path.metadata() {
            Ok(there) => Ok((there.dev(), there.ino()) == (held.dev(), held.ino())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A file that is open cannot be deleted.
    #[cfg(not(unix))]
    fn stands_at(&self, _: &Path) -> io::Result<bool> {
        Ok(true)
    }
}

impl Drop for OsLock {
    fn drop(&mut self) {
        // Closing is not enough: a forked child may have inherited the open file.
        drop(FileExt::unlock(&self.0));
    }
}

fn open(path: &Path) -> io::Result<File> {
    private(OpenOptions::new().read(true).write(true).create(true)).open(path)
}

/// Makes a directory and those above it, for nobody but the user, unless it is there.
pub(super) fn make_directory(directory: &Path) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// For nobody but the user.
#[cfg(unix)]
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

/// Files are as private as the directory makes them.
#[cfg(not(unix))]
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::store::file::tests::Directory;

    #[test]
    fn two_handles_of_one_process_exclude_each_other() {
        let directory = Directory::new();
        let path = directory.path("lock");
        let held = OsLock::take(&path).unwrap().unwrap();
        assert!(OsLock::take(&path).unwrap().is_none());
        drop(held);
        assert!(OsLock::take(&path).unwrap().is_some());
    }

    #[test]
    #[cfg(unix)]
    fn a_deleted_file_is_no_lock() {
        let directory = Directory::new();
        let path = directory.path("lock");
        let first = OsLock::take(&path).unwrap().unwrap();
        fs::remove_file(&path).unwrap();
        assert!(!first.stands_at(&path).unwrap());
        let second = OsLock::take(&path).unwrap().unwrap();
        assert!(second.stands_at(&path).unwrap());
    }

    #[test]
    fn waiting_ends_when_it_is_given_up() {
        let directory = Directory::new();
        let path = directory.path("lock");
        let _held = OsLock::take(&path).unwrap().unwrap();
        let error = OsLock::wait(&path, Duration::MAX, || true).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
