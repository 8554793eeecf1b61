//! The file itself: read, replaced, removed, put aside. All of this blocks.

use super::super::os_lock::{OsLock, private};
use crate::session::store::{Expected, Record, StoreError, StoreErrorKind, Swap};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use zeroize::Zeroizing;

/// How long a write waits for another one to end.
const PATIENCE: Duration = Duration::from_secs(4);

pub(super) struct Content {
    path: PathBuf,
    /// Whether it was said that others may read the file.
    warned: AtomicBool,
}

impl Content {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            warned: AtomicBool::new(false),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The record, if there is one. A replacement is atomic, so no lock is needed to read.
    pub(super) fn load(&self) -> Result<Option<Record>, StoreError> {
        let target = self.target()?;
        let mut file = match File::open(&target) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(because("cannot read", &target, error)),
        };
        self.warn_of_others(&file, &target);
        let mut bytes = Zeroizing::new(Vec::new());
        file.read_to_end(&mut bytes)
            .map_err(|error| because("cannot read", &target, error))?;
        Record::decode(&bytes).map(Some).map_err(|error| {
            let kind = error.kind();
            StoreError::new(format!("{}: {error}", target.display())).with_kind(kind)
        })
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
        let bytes = record.with_version(version).encode();
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
        make_directory(&target)?;
        let path = beside(&target, ".refresh.lock");
        OsLock::take(&path).map_err(|error| because("cannot lock", &path, error))
    }

    fn lock(&self, target: &Path, gone: &dyn Fn() -> bool) -> Result<OsLock, StoreError> {
        make_directory(target)?;
        let path = beside(target, ".lock");
        OsLock::wait(&path, PATIENCE, gone).map_err(|error| because("cannot lock", &path, error))
    }

    /// Where a symbolic link leads: renaming over the link itself would part those who share it.
    fn target(&self) -> Result<PathBuf, StoreError> {
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

/// Content that is no record is not ours to destroy.
fn put_aside(target: &Path, why: &StoreError) -> Result<(), StoreError> {
    if !target.exists() {
        return Err(why.clone());
    }
    let names = (1u32..).map(|number| beside(target, &format!(".unreadable-{number}")));
    let free = names.into_iter().find(|name| !name.exists());
    let Some(name) = free else {
        return Err(why.clone());
    };
    // A second name, or a copy where there are none: readers never find nothing.
    fs::hard_link(target, &name)
        .or_else(|_| fs::copy(target, &name).map(drop))
        .map_err(|error| because("cannot put aside", target, error))?;
    tracing::warn!("{why}; a new sign-in puts it aside as {}", name.display());
    Ok(())
}

/// One more than any before, also of records that are gone. The number is kept in the lock file,
/// since that one is never removed; who removes it all the same does not make it start again.
fn next_version(lock: &OsLock, held: Option<&Record>) -> io::Result<u64> {
    let mut file = lock.file();
    let mut text = String::new();
    file.rewind()?;
    let known = file.read_to_string(&mut text).ok();
    let known: Option<u64> = known.and_then(|_| text.trim().parse().ok());
    let last = known.or(held.map(Record::version)).unwrap_or_else(|| {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        u64::try_from(since.as_micros()).unwrap_or_default()
    });
    let next = last.max(held.map_or(0, Record::version)).saturating_add(1);
    file.rewind()?;
    file.set_len(0)?;
    file.write_all(next.to_string().as_bytes())?;
    Ok(next)
}

fn make_directory(target: &Path) -> Result<(), StoreError> {
    let directory = directory(target);
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(directory)
        .map_err(|error| because("cannot make the directory", directory, error))
}

fn directory(target: &Path) -> &Path {
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
