//! A disk of a test's own that gets full, or lets nobody write any more.
//!
//! It is a small file system in memory, mounted in a namespace of the test's own, so it is gone
//! with it. For that the test runs once more, under `unshare`.

use perennial_tests::folder::Folder;
use perennial_tests::needs_that;
use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::Command;

const INSIDE: &str = "PERENNIAL_TEST_NAMESPACE";

/// Whether this process may mount something. If not, the test of that name is run again as one
/// that may, or skipped with a word where the machine forbids it.
pub(crate) fn here(test: &str) -> bool {
    within(test, &["--map-root-user", "--mount"])
}

/// Whether this process is one that the modes of files bind. If not, as above.
pub(crate) fn as_nobody(test: &str) -> bool {
    within(test, &["--user"])
}

fn within(test: &str, namespace: &[&str]) -> bool {
    if env::var_os(INSIDE).is_some() {
        return true;
    }
    let mut probe = Command::new("unshare");
    let probe = probe.args(namespace).arg("true").output();
    let may = probe.is_ok_and(|probe| probe.status.success());
    let how = format!("a kernel that grants `unshare {}`", namespace.join(" "));
    if needs_that(test, "a namespace of its own", &how, may) {
        let program = env::current_exe().expect("a test knows its program");
        let mut again = Command::new("unshare");
        again.args(namespace).arg(program);
        again
            .args([test, "--exact", "--nocapture"])
            .env(INSIDE, "1");
        let output = again.output().expect("the test's program runs again");
        let said = String::from_utf8_lossy(&output.stdout);
        let failed = String::from_utf8_lossy(&output.stderr);
        let passed = output.status.success() && said.contains("test result: ok. 1 passed");
        assert!(
            passed,
            "{test} failed in a namespace of its own:\n{said}{failed}"
        );
    }
    false
}

/// 64 KiB that are the test's alone.
pub(crate) struct Disk(Folder);

impl Disk {
    pub(crate) fn new() -> Self {
        let folder = Folder::new();
        mount([
            OsStr::new("-t"),
            OsStr::new("tmpfs"),
            OsStr::new("-o"),
            OsStr::new("size=64k"),
            OsStr::new("tmpfs"),
            folder.path("").as_os_str(),
        ]);
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    /// Leaves not a byte.
    pub(crate) fn fill(&self) {
        let mut filler = File::create(self.path("filler")).expect("there is room for a name");
        loop {
            match filler.write(&[0; 4096]) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => return,
                Err(error) => panic!("expected a full disk, found {error}"),
            }
        }
    }

    pub(crate) fn make_room(&self) {
        fs::remove_file(self.path("filler")).expect("it can be removed");
    }

    /// Lets nobody write.
    pub(crate) fn close(&self) {
        self.remount("remount,ro");
    }

    pub(crate) fn open(&self) {
        self.remount("remount,rw");
    }

    fn remount(&self, how: &str) {
        let path = self.path("");
        mount([OsStr::new("-o"), OsStr::new(how), path.as_os_str()]);
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Else its folder could not be removed.
        drop(Command::new("umount").arg(self.path("")).output());
    }
}

fn mount<'a>(arguments: impl IntoIterator<Item = &'a OsStr>) {
    let output = Command::new("mount").args(arguments).output();
    let output = output.expect("mount can be run");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
