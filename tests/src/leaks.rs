//! Looks for tokens in everything that a run of the tests prints.
//!
//! The environment variable `PERENNIAL_LEAKS` names a folder and turns it on. Each process then
//! looks at what it logs at every level, at each error that a call ends with, as `Debug`, `Display`
//! and chain, at the message of each panic and at the labels of metrics. It writes how much it has
//! looked at, and what it found, into files of its own; `tests/leaks.py` adds them up.

use crate::logs;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::panic;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// What every token of the back end has in it.
const MARKS: [&str; 2] = ["5b1f0c77e2", "d94a3e6018"];

static LOOKED: AtomicU64 = AtomicU64::new(0);

fn folder() -> Option<&'static PathBuf> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| std::env::var_os("PERENNIAL_LEAKS").map(PathBuf::from));
    folder.as_ref()
}

/// Whether this run is looked at.
#[must_use]
pub fn is_on() -> bool {
    folder().is_some()
}

/// Begins to look, if this run is looked at.
///
/// # Panics
/// When something else listens to the logs already.
pub fn begin() {
    static BEGUN: OnceLock<()> = OnceLock::new();
    if is_on() {
        BEGUN.get_or_init(|| {
            logs::install();
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |what| {
                look("panic", &what);
                before(what);
            }));
        });
    }
}

/// Looks at an error in all the ways in which it can be printed.
pub fn look_at_error(error: &(dyn Error + 'static)) {
    let mut next = Some(error);
    while let Some(error) = next {
        look("Display", &error);
        look("Debug", &format_args!("{error:?} {error:#?}"));
        next = error.source();
    }
}

/// Looks at something in its debug form.
pub fn look_at(what: &dyn Debug) {
    look("Debug", &format_args!("{what:?} {what:#?}"));
}

/// Looks at one text.
pub(crate) fn look(kind: &str, text: &dyn Display) {
    let Some(folder) = folder() else { return };
    LOOKED.fetch_add(1, Ordering::Relaxed);
    let text = text.to_string();
    if MARKS.iter().any(|mark| text.contains(mark)) {
        append(folder, "found", &format!("{kind}: {text}"));
    }
}

/// Writes down how much was looked at.
pub fn end() {
    if let Some(folder) = folder() {
        append(
            folder,
            "looked",
            &LOOKED.swap(0, Ordering::Relaxed).to_string(),
        );
    }
}

fn append(folder: &PathBuf, name: &str, line: &str) {
    let path = folder.join(format!("{}.{name}", std::process::id()));
    let file = fs::create_dir_all(folder)
        .and_then(|()| OpenOptions::new().create(true).append(true).open(&path));
    if let Err(error) = file.and_then(|mut file| writeln!(file, "{line}")) {
        eprintln!("{}: {error}", path.display());
    }
}
