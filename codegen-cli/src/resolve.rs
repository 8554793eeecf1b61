//! References within the document.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Kind};
use crate::read::{NodeId, Tree};

/// How many references may lead to each other before one leads to a definition.
const MAX_CHAIN: usize = 64;

/// Why a reference cannot be followed. The diagnostics say where and what instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// Nothing is at its target.
    Unresolved,
    /// It leads back to itself without passing anything else.
    Cycle,
    /// It leads into another document, which is not read yet.
    Elsewhere,
}

/// Follows `$ref`s; what is broken is reported once, at the first place that uses it.
///
/// Only what a caller asks about is followed, so that a `$ref` inside an extension or an example
/// stays what it is: data.
pub(crate) struct Resolver<'a> {
    tree: &'a Tree,
    found: &'a Diagnostics,
    targets: RefCell<HashMap<String, Result<NodeId, Broken>>>,
}

impl<'a> Resolver<'a> {
    /// Resolves within `tree`, reports to `found`.
    pub(crate) fn new(tree: &'a Tree, found: &'a Diagnostics) -> Self {
        Self {
            tree,
            found,
            targets: RefCell::default(),
        }
    }

    /// One step: what `id` refers to, if it is a reference. Its siblings stay on `id`.
    ///
    /// A reference that never leads to a definition is broken at its first step already, so that
    /// whoever takes steps comes to an end.
    pub(crate) fn target(&self, id: NodeId) -> Option<Result<NodeId, Broken>> {
        let node = self.tree.get(id, "$ref")?;
        let reference = self.tree.text(node)?;
        if let Some(known) = self.targets.borrow().get(reference) {
            return Some(*known);
        }
        let target = self
            .look_up(reference, node)
            .and_then(|target| self.ends(target, node));
        self.targets
            .borrow_mut()
            .insert(reference.to_owned(), target);
        Some(target)
    }

    /// All steps: the first node on the way from `id` that is no reference; `id` itself if it is
    /// none.
    pub(crate) fn follow(&self, id: NodeId) -> Result<NodeId, Broken> {
        let mut here = id;
        while let Some(target) = self.target(here) {
            here = target?;
        }
        Ok(here)
    }

    /// Whether the way from `target` ends, by what stands there alone.
    fn ends(&self, target: NodeId, node: NodeId) -> Result<NodeId, Broken> {
        let mut here = target;
        for _ in 0..MAX_CHAIN {
            let next = self
                .tree
                .text_at(here, "$ref")
                .filter(|text| text.starts_with('#'));
            match next.and_then(|next| self.tree.at_pointer(next)) {
                Some(next) => here = next,
                None => return Ok(target),
            }
        }
        // One report for all references of one cycle: each leads to the last one looked at.
        let cycle = self.cycle(here);
        let key = cycle.map_or_else(|| "chain".to_owned(), |first| format!("cycle {first}"));
        self.found.push_once(key, || {
            let reference = self.tree.text(node).unwrap_or_default();
            let message = match cycle {
                Some(_) => format!("`{reference}` leads back to itself and never to a definition"),
                None => format!("`{reference}` leads through more than {MAX_CHAIN} references"),
            };
            Diagnostic::warning(Kind::Cycle, message)
                .spanning(self.tree.at(node), self.tree.end(node))
                .help("what refers to it is a raw value")
        });
        Err(Broken::Cycle)
    }

    /// The first node of the cycle that `node` is in, if it is in one.
    fn cycle(&self, node: NodeId) -> Option<u32> {
        let mut here = node;
        let mut first = node;
        for _ in 0..MAX_CHAIN {
            here = self.tree.at_pointer(self.tree.text_at(here, "$ref")?)?;
            first = first.min(here);
            if here == node {
                return Some(first.number());
            }
        }
        None
    }

    fn look_up(&self, reference: &str, node: NodeId) -> Result<NodeId, Broken> {
        let report = |kind, message: String, help: &str| {
            let place = self.tree.at(node)..self.tree.end(node);
            self.found.push_once(format!("$ref {reference}"), || {
                Diagnostic::warning(kind, message)
                    .spanning(place.start, place.end)
                    .help(help)
            });
        };
        if !reference.starts_with('#') {
            let message = format!("`{reference}` lies in another document, which is not read yet");
            let help = "bundle the document into one file; until then this is a raw value";
            report(Kind::NotYet, message, help);
            return Err(Broken::Elsewhere);
        }
        self.tree.at_pointer(reference).ok_or_else(|| {
            let message = format!("nothing is at `{reference}`");
            report(
                Kind::Unresolved,
                message,
                "what refers to it is a raw value",
            );
            Broken::Unresolved
        })
    }
}
