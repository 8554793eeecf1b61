//! The last version that was given, kept in a lock file, since that is never removed.

use super::{Record, os_lock::OsLock};
use std::{
    io::{self, Read, Seek, Write},
    time::{SystemTime, UNIX_EPOCH},
};

/// One more than any before, also of records that are gone. Who removes the lock file all the
/// same does not make it start again: then the time in microseconds is higher than any count.
pub(super) fn next_version(lock: &OsLock, held: Option<&Record>) -> io::Result<u64> {
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
    note(lock, next)?;
    Ok(next)
}

/// Writes the version down.
pub(super) fn note(lock: &OsLock, version: u64) -> io::Result<()> {
    let mut file = lock.file();
    file.rewind()?;
    file.set_len(0)?;
    file.write_all(version.to_string().as_bytes())
}
