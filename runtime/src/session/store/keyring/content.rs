//! The entry itself: read, replaced, removed, put aside. All of this blocks.

use super::place::place;
use crate::session::store::{
    Expected, Record, StoreError, StoreErrorKind, Swap,
    os_lock::OsLock,
    versions::{next_version, note},
};
use keyring::v1::{Entry, Error};
use std::{io, path::PathBuf, time::Duration};
use zeroize::Zeroizing;

/// How long a write waits for another one to end.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) struct Content {
    service: String,
    entry: String,
}

impl Content {
    pub(super) fn new(service: String, entry: String) -> Self {
        Self { service, entry }
    }

    pub(super) fn service(&self) -> &str {
        &self.service
    }

    pub(super) fn entry(&self) -> &str {
        &self.entry
    }

    pub(super) fn load(&self) -> Result<Option<Record>, StoreError> {
        let Some(bytes) = self.read(&self.entry)? else {
            return Ok(None);
        };
        Record::decode(&bytes).map(Some).map_err(|error| {
            let kind = error.kind();
            StoreError::new(format!("{}: {error}", self.name())).with_kind(kind)
        })
    }

    pub(super) fn swap(
        &self,
        expected: Expected,
        record: Record,
        gone: &dyn Fn() -> bool,
    ) -> Result<Swap, StoreError> {
        let lock = self.lock(gone)?;
        let held = match (expected, self.load()) {
            (Expected::Anything, Ok(held)) => held,
            (Expected::Anything, Err(error)) if is_no_record(&error) => {
                self.put_aside(&error)?;
                None
            }
            (Expected::Anything, Err(error)) => return Err(error),
            (Expected::Version(version), held) => match held? {
                Some(held) if held.version() == version => Some(held),
                _ => return Ok(Swap::Lost),
            },
        };
        let version =
            next_version(&lock, held.as_ref()).map_err(|error| self.unversioned(error))?;
        if gone() {
            return Ok(Swap::Lost);
        }
        self.write(&self.entry, &record.with_version(version).encode())?;
        self.tell(&lock, version);
        Ok(Swap::Done(version))
    }

    pub(super) fn clear(&self, version: u64, gone: &dyn Fn() -> bool) -> Result<bool, StoreError> {
        let lock = self.lock(gone)?;
        match self.load()? {
            Some(held) if held.version() == version && !gone() => {}
            _ => return Ok(false),
        }
        // The version outlives the record, as that of a new user's first file does.
        let last = next_version(&lock, None).map_err(|error| self.unversioned(error))?;
        let deleted = self.open(&self.entry)?.delete_credential();
        deleted.map_err(|error| self.failed("removed", error))?;
        self.tell(&lock, last.max(version));
        Ok(true)
    }

    /// The lock that a refresh is made under, if it is free.
    pub(super) fn take_refresh_lock(&self) -> Result<Option<OsLock>, StoreError> {
        let path = self.place(".refresh.lock")?;
        OsLock::take(&path).map_err(|error| cannot_lock(&path, error))
    }

    /// Where the version of each write is noted: the lock file of writes.
    pub(super) fn version_file(&self) -> Result<PathBuf, StoreError> {
        self.place(".lock")
    }

    fn place(&self, ending: &str) -> Result<PathBuf, StoreError> {
        let mut path = place(&self.service, &self.entry)?.into_os_string();
        path.push(ending);
        Ok(path.into())
    }

    fn lock(&self, gone: &dyn Fn() -> bool) -> Result<OsLock, StoreError> {
        let path = self.version_file()?;
        OsLock::wait(&path, PATIENCE, gone).map_err(|error| cannot_lock(&path, error))
    }

    /// Those who watch the version's file have seen the version before the write.
    fn tell(&self, lock: &OsLock, version: u64) {
        if let Err(error) = note(lock, version) {
            tracing::warn!(%error, "{} has changed, and other processes cannot be told", self.name());
        }
    }

    fn read(&self, entry: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        match self.open(entry)?.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(self.failed("read", error)),
        }
    }

    fn write(&self, entry: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let written = self.open(entry)?.set_secret(bytes);
        written.map_err(|error| self.failed("written", error))
    }

    fn open(&self, entry: &str) -> Result<Entry, StoreError> {
        Entry::new(&self.service, entry).map_err(|error| self.failed("opened", error))
    }

    /// Content that is no record is not ours to destroy.
    fn put_aside(&self, why: &StoreError) -> Result<(), StoreError> {
        let Some(bytes) = self.read(&self.entry)? else {
            return Ok(());
        };
        for number in 1u32.. {
            let name = format!("{}.unreadable-{number}", self.entry);
            match self.read(&name)? {
                // An earlier write that failed afterwards.
                Some(there) if there == bytes => return Ok(()),
                Some(_) => {}
                None => {
                    self.write(&name, &bytes)?;
                    tracing::warn!("{why}; a new sign-in puts it aside as the entry {name}");
                    return Ok(());
                }
            }
        }
        Err(why.clone())
    }

    fn name(&self) -> String {
        format!("the keyring's entry {} of {}", self.entry, self.service)
    }

    /// Some of the keyring's errors hold the entry's content, so none is kept as a source.
    fn failed(&self, what: &str, error: Error) -> StoreError {
        let name = self.name();
        let (kind, why) = match &error {
            Error::NoStorageAccess(cause) => (
                StoreErrorKind::Locked,
                format!("the keyring is locked, unlock it ({cause})"),
            ),
            Error::PlatformFailure(cause) if says_locked(cause.as_ref()) => (
                StoreErrorKind::Locked,
                "the keyring is locked, unlock it".to_owned(),
            ),
            Error::PlatformFailure(cause) => (StoreErrorKind::Unavailable, cause.to_string()),
            Error::NoDefaultStore => (StoreErrorKind::Unavailable, no_keyring()),
            Error::BadEncoding(_) | Error::BadDataFormat(..) => (
                StoreErrorKind::Unreadable,
                "expected a session's record, found what the keyring itself cannot read".to_owned(),
            ),
            Error::Ambiguous(entries) => (
                StoreErrorKind::Unavailable,
                format!(
                    "expected one such entry, found {}: remove all but one",
                    entries.len()
                ),
            ),
            Error::TooLong(what, limit) => (
                StoreErrorKind::Unavailable,
                format!("this keyring takes {limit} bytes of {what}: keep the session elsewhere"),
            ),
            other => (StoreErrorKind::Unavailable, other.to_string()),
        };
        StoreError::new(format!("{name} cannot be {what}: {why}")).with_kind(kind)
    }

    fn unversioned(&self, error: io::Error) -> StoreError {
        let name = self.name();
        StoreError::because(format!("{name} cannot be given a version: {error}"), error)
    }
}

fn is_no_record(error: &StoreError) -> bool {
    matches!(
        error.kind(),
        StoreErrorKind::Unreadable | StoreErrorKind::Unsupported
    )
}

/// A keyring that was locked between a look and a write answers by D-Bus alone.
fn says_locked(cause: &(dyn std::error::Error + Send + Sync)) -> bool {
    let shown = format!("{cause:?}");
    shown.contains("org.freedesktop.Secret.Error.IsLocked")
}

fn no_keyring() -> String {
    let why = match Entry::store_status() {
        Err(error) => error.to_string(),
        Ok(()) => "it is gone".to_owned(),
    };
    format!(
        "there is no keyring ({why}): expected a Secret Service on the session bus, \
         or the keyring of this platform"
    )
}

fn cannot_lock(path: &std::path::Path, error: io::Error) -> StoreError {
    let path = path.display();
    StoreError::because(format!("cannot lock {path}: {error}"), error)
}
