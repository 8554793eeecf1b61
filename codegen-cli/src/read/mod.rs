//! From bytes to a [`Tree`]: JSON or YAML, told by content and not by name.

mod build;
mod edit;
mod json;
mod pointer;
mod position;
mod scalar;
mod sniff;
mod tree;
mod yaml;

use std::sync::Arc;

use crate::diagnostic::Diagnostics;

pub(crate) use pointer::escape;
pub(crate) use position::Source;
pub(crate) use tree::{Kind, NodeId, Tree};

/// How many collections may lie within each other, aliases expanded.
///
/// Real documents stay below 40. Everything after the reader may recurse on the tree, so this
/// bounds the stack of the whole generator.
pub(crate) const MAX_DEPTH: u32 = 256;

/// How many nodes aliases may stand for, all together.
pub(crate) const MAX_EXPANSION: u64 = 4_000_000;

/// The largest document that is read.
const MAX_BYTES: usize = 1 << 30;

/// The document cannot be used; the diagnostics say why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unusable;

/// The bytes as text, if they are text; `name` is how diagnostics call it.
pub(crate) fn source(
    name: &str,
    bytes: Vec<u8>,
    found: &Diagnostics,
) -> Result<Arc<Source>, Unusable> {
    let text = sniff::text(name, bytes, found)?;
    Ok(Arc::new(Source::new(name, text)))
}

/// Reads a text into a tree.
pub(crate) fn tree(source: &Arc<Source>, found: &Diagnostics) -> Result<Tree, Unusable> {
    match sniff::language(source.text()) {
        sniff::Language::Json => json::read(source, found),
        sniff::Language::Yaml => yaml::read(source, found),
    }
}

/// Both at once.
#[cfg(test)]
pub(crate) fn read(name: &str, bytes: Vec<u8>, found: &Diagnostics) -> Result<Tree, Unusable> {
    tree(&source(name, bytes, found)?, found)
}

#[cfg(test)]
mod tests;
