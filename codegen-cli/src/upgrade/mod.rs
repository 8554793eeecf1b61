//! Brings every dialect to one, which is OpenAPI 3.1's, by rewriting nodes.
//!
//! Documents mix the words of both, so each rewriting is applied to whatever it fits. What is left
//! for later stages: `nullable: true` stays where a schema has no `type` of its own, since beside
//! `allOf` or `$ref` 3.1 has no short form for it.

mod schema;
mod version;
mod walk;

pub(crate) use walk::NAMES;

use crate::diagnostic::Diagnostics;
use crate::read::{Tree, Unusable};

/// The version a document says it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// OpenAPI 3.0.
    V30,
    /// OpenAPI 3.1.
    V31,
}

/// Rewrites `tree`; returns what it was.
pub(crate) fn upgrade(tree: &mut Tree, found: &Diagnostics) -> Result<Version, Unusable> {
    let version = version::version(tree, found)?;
    for (node, place) in walk::places(tree) {
        match place {
            walk::Place::Schema => schema::rewrite(tree, node),
            walk::Place::Example => example(tree, node),
        }
    }
    Ok(version)
}

/// `example: value` of a parameter, header or media type becomes one of its `examples`.
fn example(tree: &mut Tree, node: crate::read::NodeId) {
    if tree.get(node, "examples").is_some() {
        return;
    }
    let Some(value) = tree.remove(node, "example") else {
        return;
    };
    let at = tree.at(value);
    let (examples, one) = (tree.new_mapping(at), tree.new_mapping(at));
    tree.put(one, "value", value);
    tree.put(examples, "example", one);
    tree.put(node, "examples", examples);
}

#[cfg(test)]
mod tests;
