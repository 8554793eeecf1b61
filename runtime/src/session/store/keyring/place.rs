//! Where the lock files of keyring entries are.
//!
//! All processes of a user have to agree, also those with other configuration directories, so no
//! environment variable has a say.

use super::super::{StoreError, os_lock::make_directory};
use std::path::{Path, PathBuf};

/// The path of an entry's lock files, their endings aside.
pub(super) fn place(service: &str, entry: &str) -> Result<PathBuf, StoreError> {
    let directory = directory()?;
    Ok(directory.join(format!("keyring-{:016x}", hash(service, entry))))
}

/// FNV-1a: the same in every program, whatever it was built with. Two entries that meet there
/// would wait for each other, and nothing worse.
fn hash(service: &str, entry: &str) -> u64 {
    let bytes = service.bytes().chain([0]).chain(entry.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(unix)]
fn directory() -> Result<PathBuf, StoreError> {
    let user = rustix::process::getuid().as_raw();
    let session = PathBuf::from(format!("/run/user/{user}"));
    let directory = match is_private(&session, user) {
        true => session.join("perennial"),
        false => PathBuf::from(format!("/tmp/perennial-{user}")),
    };
    made(&directory)?;
    if !is_private(&directory, user) {
        return Err(StoreError::new(format!(
            "{}: expected a directory that its owner alone may enter, this user, \
             for the locks of keyring entries; found something else: remove it, or make it so",
            directory.display()
        )));
    }
    Ok(directory)
}

/// `/tmp` belongs to everybody: whoever else made the directory could keep the locks.
#[cfg(unix)]
fn is_private(directory: &Path, user: u32) -> bool {
    use std::os::unix::fs::MetadataExt;
    directory
        .symlink_metadata()
        .is_ok_and(|meta| meta.is_dir() && meta.uid() == user && meta.mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn directory() -> Result<PathBuf, StoreError> {
    let directory = std::env::temp_dir().join("perennial");
    made(&directory)?;
    Ok(directory)
}

fn made(directory: &Path) -> Result<(), StoreError> {
    make_directory(directory).map_err(|error| {
        let path = directory.display();
        StoreError::because(format!("cannot make the directory {path}: {error}"), error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_have_places_of_their_own() {
        let of = |service, entry| place(service, entry).unwrap();
        assert_eq!(of("shop", "ada"), of("shop", "ada"));
        assert_ne!(of("shop", "ada"), of("shop", "bob"));
        assert_ne!(of("shop", "ada"), of("sho", "pada"));
    }

    #[test]
    fn the_name_is_that_of_every_other_build() {
        assert_eq!(hash("shop", "ada"), 0x0d4c_9448_8e86_e41d);
    }
}
