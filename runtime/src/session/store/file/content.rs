//! The file itself: read, replaced, removed, put aside. All of this blocks.

#[cfg(feature = "encrypt")]
use crate::EncryptionKey;
use crate::session::store::{
    Expected, Record, StoreError, StoreErrorKind, Swap,
    os_lock::{OsLock, make_directory, private},
    versions::next_version,
};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use zeroize::Zeroizing;

/// How long a write waits for another one to end.
const PATIENCE: Duration = Duration::from_secs(4);

/// No session takes as many bytes; a file that does is another one.
const LIMIT: u64 = 16 * 1024 * 1024;

pub(super) struct Content {
    path: PathBuf,
    #[cfg(feature = "encrypt")]
    pub(super) key: Option<EncryptionKey>,
    /// Whether it was said that others may read the file.
    warned: AtomicBool,
}

impl Content {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            #[cfg(feature = "encrypt")]
            key: None,
            warned: AtomicBool::new(false),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The record, if there is one. A replacement is atomic, so no lock is needed to read.
    pub(super) fn load(&self) -> Result<Option<Record>, StoreError> {
        let target = self.target()?;
        let Some(bytes) = self.read(&target)? else {
            return Ok(None);
        };
        let record = match bytes.len() as u64 > LIMIT {
            true => Err(
                StoreError::new("expected a session's record, found more than 16 MiB")
                    .with_kind(StoreErrorKind::Unreadable),
            ),
            false => self.decode(&bytes),
        };
        record.map(Some).map_err(|error| {
            let kind = error.kind();
            StoreError::new(format!("{}: {error}", target.display())).with_kind(kind)
        })
    }

    fn read(&self, target: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let failed = |error| because("cannot read", target, error);
        let there = match fs::metadata(target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            there => there.map_err(failed)?,
        };
        // Opening a pipe would wait for someone who writes.
        if !there.is_file() {
            let other = io::Error::other("expected a file, found something else");
            return Err(failed(other));
        }
        let file = match File::open(target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file.map_err(failed)?,
        };
        self.warn_of_others(&file, target);
        let mut bytes = Zeroizing::new(Vec::with_capacity(there.len().min(LIMIT) as usize + 1));
        file.take(LIMIT + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        Ok(Some(bytes))
    }

    #[cfg(feature = "encrypt")]
    fn decode(&self, bytes: &[u8]) -> Result<Record, StoreError> {
        match &self.key {
            Some(key) => Record::decode(&key.open(bytes)?),
            None if EncryptionKey::sealed(bytes) => Err(StoreError::new(
                "expected a session's record, found an encrypted one: \
                 give its key to `FileStore::encrypted`",
            )
            .with_kind(StoreErrorKind::Unreadable)),
            None => Record::decode(bytes),
        }
    }

    #[cfg(not(feature = "encrypt"))]
    fn decode(&self, bytes: &[u8]) -> Result<Record, StoreError> {
        Record::decode(bytes)
    }

    #[cfg(feature = "encrypt")]
    fn encode(&self, record: &Record) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        match &self.key {
            Some(key) => key.seal(&record.encode()),
            None => Ok(record.encode()),
        }
    }

    #[cfg(not(feature = "encrypt"))]
    fn encode(&self, record: &Record) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        Ok(record.encode())
    }

    pub(super) fn swap(
        &self,
        expected: Expected,
        record: Record,
        gone: &dyn Fn() -> bool,
    ) -> Result<Swap, StoreError> {
        let target = self.target()?;
        let lock = self.lock(&target, gone)?;
        let held = match (expected, self.load()) {
            (Expected::Anything, Ok(held)) => held,
            (Expected::Anything, Err(error)) if error.kind() != StoreErrorKind::Unavailable => {
                put_aside(&target, &error)?;
                None
            }
            (Expected::Anything, Err(error)) => return Err(error),
            (Expected::Version(version), held) => match held? {
                Some(held) if held.version() == version => Some(held),
                _ => return Ok(Swap::Lost),
            },
        };
        let version = next_version(&lock, held.as_ref())
            .map_err(|error| because("cannot write the version beside", &target, error))?;
        let bytes = self.encode(&record.with_version(version))?;
        let done = !gone() && replace(&target, &bytes, gone)?;
        // Whoever waited for this has gone, and is not told.
        Ok(if done {
            Swap::Done(version)
        } else {
            Swap::Lost
        })
    }

    pub(super) fn clear(&self, version: u64, gone: &dyn Fn() -> bool) -> Result<bool, StoreError> {
        let target = self.target()?;
        let _lock = self.lock(&target, gone)?;
        match self.load()? {
            Some(held) if held.version() == version && !gone() => {}
            _ => return Ok(false),
        }
        fs::remove_file(&target)
            .and_then(|()| sync_directory(&target))
            .map_err(|error| because("cannot remove", &target, error))?;
        Ok(true)
    }

    /// The lock that a refresh is made under, if it is free.
    pub(super) fn take_refresh_lock(&self) -> Result<Option<OsLock>, StoreError> {
        let target = self.target()?;
        make_way(&target)?;
        let path = beside(&target, ".refresh.lock");
        OsLock::take(&path).map_err(|error| because("cannot lock", &path, error))
    }

    fn lock(&self, target: &Path, gone: &dyn Fn() -> bool) -> Result<OsLock, StoreError> {
        make_way(target)?;
        let path = beside(target, ".lock");
        OsLock::wait(&path, PATIENCE, gone).map_err(|error| because("cannot lock", &path, error))
    }

    /// Where a symbolic link leads: renaming over the link itself would part those who share it.
    pub(super) fn target(&self) -> Result<PathBuf, StoreError> {
        let link = fs::symlink_metadata(&self.path).is_ok_and(|meta| meta.is_symlink());
        if !link {
            return Ok(self.path.clone());
        }
        match fs::canonicalize(&self.path) {
            Ok(target) => Ok(target),
            // It leads to a file that is still to be written.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let to = fs::read_link(&self.path);
                let to = to.map_err(|error| because("cannot follow", &self.path, error))?;
                Ok(self.path.parent().unwrap_or(Path::new("")).join(to))
            }
            Err(error) => Err(because("cannot follow", &self.path, error)),
        }
    }

    #[cfg(unix)]
    fn warn_of_others(&self, file: &File, target: &Path) {
        use std::os::unix::fs::PermissionsExt;
        let mode = file
            .metadata()
            .map(|meta| meta.permissions().mode() & 0o777);
        let Some(mode) = mode.ok().filter(|mode| mode & 0o077 != 0) else {
            return;
        };
        if !self.warned.swap(true, Ordering::Relaxed) {
            let file = target.display();
            tracing::warn!(
                "{file} holds a session and has mode {mode:03o}; its next write makes it 600"
            );
        }
    }

    #[cfg(not(unix))]
    fn warn_of_others(&self, _: &File, _: &Path) {
        let _ = &self.warned;
    }
}

/// Writes aside, flushes, renames. Answers whether it did: not if the caller is gone before the
/// last step.
fn replace(target: &Path, bytes: &[u8], gone: &dyn Fn() -> bool) -> Result<bool, StoreError> {
    let aside = beside(target, ".new");
    let written = write_aside(&aside, bytes).and_then(|()| {
        if gone() {
            return Ok(false);
        }
        fs::rename(&aside, target)?;
        sync_directory(target)?;
        Ok(true)
    });
    if !matches!(written, Ok(true)) {
        drop(fs::remove_file(&aside));
    }
    written.map_err(|error| because("cannot write", target, error))
}

fn write_aside(aside: &Path, bytes: &[u8]) -> io::Result<()> {
    // What a crash may have left, of whatever owner, mode or kind.
    match fs::remove_file(aside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = private(OpenOptions::new().write(true).create_new(true)).open(aside)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A rename is there after a power failure only once its directory was flushed.
#[cfg(unix)]
fn sync_directory(target: &Path) -> io::Result<()> {
    File::open(directory(target))?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Content that is no record is not ours to destroy. It gets a second name and keeps its own until
/// the new content takes that: at no moment is there no file, which would mean a sign-out.
fn put_aside(target: &Path, why: &StoreError) -> Result<(), StoreError> {
    let mut numbers = 1u32..;
    let name = loop {
        let Some(number) = numbers.next() else {
            return Err(why.clone());
        };
        let name = beside(target, &format!(".unreadable-{number}"));
        match name_again(target, &name) {
            Ok(()) => break name,
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(because("cannot put aside", target, error));
            }
            // An earlier write that failed afterwards.
            Err(_) if same_content(target, &name) => return Ok(()),
            Err(_) => {}
        }
    };
    tracing::warn!("{why}; a new sign-in puts it aside as {}", name.display());
    Ok(())
}

fn name_again(target: &Path, name: &Path) -> io::Result<()> {
    match fs::hard_link(target, name) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            // A file system without links.
            let mut copy = private(OpenOptions::new().write(true).create_new(true)).open(name)?;
            io::copy(&mut File::open(target)?, &mut copy)?;
            copy.sync_all()
        }
        linked => linked,
    }
}

fn same_content(one: &Path, other: &Path) -> bool {
    let length = |path: &Path| fs::metadata(path).map(|meta| meta.len()).ok();
    length(one).is_some_and(|length| length <= LIMIT)
        && length(one) == length(other)
        && fs::read(one).ok() == fs::read(other).ok()
}

fn make_way(target: &Path) -> Result<(), StoreError> {
    let directory = directory(target);
    make_directory(directory)
        .map_err(|error| because("cannot make the directory", directory, error))
}

pub(super) fn directory(target: &Path) -> &Path {
    match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn beside(target: &Path, suffix: &str) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    target.with_file_name(name)
}

fn because(what: &str, path: &Path, error: io::Error) -> StoreError {
    StoreError::because(format!("{what} {}: {error}", path.display()), error)
}
