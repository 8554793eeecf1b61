//! From plain data to the text of the generated files.

pub(crate) mod docs;
mod example;
mod files;
mod group;
pub(crate) mod layout;
mod manifest;
mod refresh;
mod root;
pub(crate) mod scope;
mod server;
mod trait_;
mod type_files;
pub(crate) mod types;

use crate::ir::Library;
use crate::write::{File, Manifest};
use files::Printer;
use std::collections::BTreeSet;

/// What to print, beside the library.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options<'a> {
    /// A module of somebody's package in place of a package.
    pub(crate) module: bool,
    /// How the document is called in the head of each file.
    pub(crate) document: &'a str,
}

/// The text of a client.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    /// `src/lib.rs` and what it needs; `mod.rs` and what it needs, for a module.
    pub(crate) files: Vec<File>,
    /// For a package.
    pub(crate) manifest: Manifest,
}

/// Prints `library`.
pub(crate) fn print(library: &Library, options: &Options<'_>) -> Output {
    let Options { module, document } = *options;
    let document = crate::lower::docs::line(document);
    let files = Printer {
        library,
        module,
        document: &document,
    }
    .files();
    let packages: BTreeSet<_> = files
        .iter()
        .flat_map(|(_, packages)| packages.iter().copied())
        .collect();
    let manifest = manifest::manifest(library, &packages);
    let mut files: Vec<File> = files.into_iter().map(|(file, _)| file).collect();
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Output { files, manifest }
}
