//! Schemas become types: what is sent and what is received.
//!
//! A schema is looked at together with everything that holds at once ([`flat`]), told apart by
//! what it allows ([`classify`]), and becomes a reference to a type: a scalar, a list, a map, or a
//! draft of a named type. Drafts are filled from a queue, so that nothing recurses as deep as a
//! document does; they become types, with names, once all are known ([`finish`]).

mod arrays;
mod choices;
mod classify;
mod dedup;
mod direction;
mod draft;
mod enums;
mod finish;
mod flat;
mod keywords;
mod naming;
mod notes;
mod objects;
mod parts;
mod reach;
mod recursion;
mod scalars;
mod site;
mod strip;
mod unions;

use crate::config::Types as Formats;
use crate::diagnostic::{Diagnostic, Diagnostics, Kind, Severity};
use crate::ir::{TypeId, TypeRef};
use crate::read::{NodeId, Tree};
use crate::resolve::Resolver;
use direction::Directional;
use draft::Draft;
use parts::Parts;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, VecDeque};

pub(crate) use direction::Direction;
pub(crate) use site::Hint;
use site::Site;

/// How many types without a name may lie within each other: lists of lists.
const MAX_DEPTH: u32 = 64;

/// What is said of how many places, by their offsets.
type Findings = HashMap<(Severity, Kind, String), BTreeSet<(u32, u32)>>;

/// Lowers the schemas of one document.
pub(crate) struct Schemas<'a> {
    tree: &'a Tree,
    resolver: &'a Resolver<'a>,
    found: &'a Diagnostics,
    formats: Formats,
    directional: Directional,
    memo: HashMap<(Parts, Direction), Memo>,
    drafts: Vec<Draft>,
    queue: VecDeque<(TypeId, draft::Plan<'a>)>,
    depth: u32,
    findings: RefCell<Findings>,
    /// `components/schemas`.
    components: Option<NodeId>,
    /// What operations use: the types, and the way they go.
    roots: Vec<(TypeRef, Direction)>,
    /// Schemas by the schema that they extend, once somebody asked.
    children: Option<HashMap<NodeId, Vec<NodeId>>>,
}

enum Memo {
    /// It is being looked at, further up.
    Busy,
    Done(TypeRef),
}

impl<'a> Schemas<'a> {
    /// Reads `tree`, reports to `found`.
    pub(crate) fn new(
        tree: &'a Tree,
        resolver: &'a Resolver<'a>,
        found: &'a Diagnostics,
        formats: Formats,
    ) -> Self {
        Self {
            tree,
            resolver,
            found,
            formats,
            directional: Directional::new(tree),
            memo: HashMap::new(),
            drafts: Vec::new(),
            queue: VecDeque::new(),
            depth: 0,
            findings: RefCell::default(),
            components: tree.at_pointer("#/components/schemas"),
            roots: Vec::new(),
            children: None,
        }
    }

    /// The type of `schema`, as it is sent or received; `hint` names what has no name.
    pub(crate) fn lower(&mut self, schema: NodeId, direction: Direction, hint: Hint) -> TypeRef {
        let ty = self.lower_parts(Parts::one(schema), direction, Site::Given(hint));
        self.drain();
        self.roots.push((ty.clone(), direction));
        ty
    }

    /// Fills drafts until none is left.
    fn drain(&mut self) {
        while let Some((id, plan)) = self.queue.pop_front() {
            self.fill(id, plan);
        }
    }

    fn warn(&self, kind: Kind, at: NodeId, message: &str) {
        self.find(Severity::Warning, kind, at, message);
    }

    fn note(&self, kind: Kind, at: NodeId, message: &str) {
        self.find(Severity::Note, kind, at, message);
    }

    /// Remembers a finding: schemas are looked at more than once, and many say the same.
    fn find(&self, severity: Severity, kind: Kind, at: NodeId, message: &str) {
        let place = (self.tree.at(at), self.tree.end(at));
        let key = (severity, kind, message.to_owned());
        self.findings
            .borrow_mut()
            .entry(key)
            .or_default()
            .insert(place);
    }

    /// Reports what was found, in the order of the document.
    fn report(&self) {
        let findings = self.findings.take();
        let mut all: Vec<_> = findings
            .into_iter()
            .flat_map(|(what, places)| places.into_iter().map(move |place| (place, what.clone())))
            .collect();
        all.sort();
        for ((start, end), (severity, kind, message)) in all {
            let finding = match severity {
                Severity::Error => Diagnostic::error(kind, message),
                Severity::Warning => Diagnostic::warning(kind, message),
                Severity::Note => Diagnostic::note(kind, message),
            };
            self.found.push(finding.spanning(start, end));
        }
    }
}

#[cfg(test)]
mod tests;
