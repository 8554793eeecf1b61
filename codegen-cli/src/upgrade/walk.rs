//! Where schemas and examples stand, so that nothing inside data or extensions is touched.

use std::collections::HashSet;

use crate::read::{NodeId, Tree};

/// What stands at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A schema.
    Schema,
    /// A parameter, header or media type with an `example`.
    Example,
}

/// What is expected at a node.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Expect {
    /// An object of OpenAPI's, such as an operation.
    Object,
    /// Names that the document chose, each with an object.
    Objects,
    Schema,
    /// Names, or a list, of schemas.
    Schemas,
}

/// Names that the document chose stand under these keys.
pub(crate) const NAMES: &[&str] = &[
    "paths",
    "webhooks",
    "responses",
    "parameters",
    "headers",
    "requestBodies",
    "securitySchemes",
    "links",
    "callbacks",
    "content",
    "encoding",
    "pathItems",
    "variables",
    "schemas",
    "properties",
    "patternProperties",
    "definitions",
    "$defs",
];

/// Schemas and examples, each once, in document order as far as that matters to nobody.
pub(super) fn places(tree: &Tree) -> Vec<(NodeId, Place)> {
    let mut walk = Walk {
        tree,
        seen: HashSet::new(),
        open: Vec::new(),
        places: Vec::new(),
    };
    walk.visit(tree.root(), Expect::Object);
    while let Some((node, expect)) = walk.open.pop() {
        walk.step(node, expect);
    }
    walk.places
}

struct Walk<'t> {
    tree: &'t Tree,
    seen: HashSet<(NodeId, Expect)>,
    open: Vec<(NodeId, Expect)>,
    places: Vec<(NodeId, Place)>,
}

impl Walk<'_> {
    fn visit(&mut self, node: NodeId, expect: Expect) {
        let collection = self.tree.is_mapping(node) || self.tree.is_sequence(node);
        if collection && self.seen.insert((node, expect)) {
            self.open.push((node, expect));
        }
    }

    fn step(&mut self, node: NodeId, expect: Expect) {
        match expect {
            Expect::Object => self.object(node),
            Expect::Objects => self.each(node, Expect::Object),
            Expect::Schema => self.schema(node),
            Expect::Schemas => self.each(node, Expect::Schema),
        }
    }

    fn each(&mut self, node: NodeId, expect: Expect) {
        for (key, _, value) in self.tree.entries(node) {
            // Path items and responses have extensions beside the names.
            if expect == Expect::Schema || !key.starts_with("x-") {
                self.visit(value, expect);
            }
        }
        for item in self.tree.items(node) {
            self.visit(item, expect);
        }
    }

    fn object(&mut self, node: NodeId) {
        for item in self.tree.items(node) {
            self.visit(item, Expect::Object);
        }
        for (key, _, value) in self.tree.entries(node) {
            match key {
                "schema" => self.visit(value, Expect::Schema),
                "schemas" | "definitions" | "$defs" => self.visit(value, Expect::Schemas),
                "example" => self.places.push((node, Place::Example)),
                // Data, and names that could be any word.
                "examples" | "security" | "scopes" | "default" | "enum" => {}
                _ if key.starts_with("x-") => {}
                _ if NAMES.contains(&key) => self.visit(value, Expect::Objects),
                _ => self.visit(value, Expect::Object),
            }
        }
    }

    fn schema(&mut self, node: NodeId) {
        if !self.tree.is_mapping(node) {
            // `items: [a, b]` of older drafts.
            return self.each(node, Expect::Schema);
        }
        self.places.push((node, Place::Schema));
        for (key, _, value) in self.tree.entries(node) {
            match key {
                "properties" | "patternProperties" | "$defs" | "definitions"
                | "dependentSchemas" | "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                    self.visit(value, Expect::Schemas);
                }
                "items"
                | "additionalItems"
                | "additionalProperties"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contains"
                | "propertyNames"
                | "unevaluatedItems"
                | "unevaluatedProperties"
                | "contentSchema" => self.visit(value, Expect::Schema),
                "$ref" => self.target(value),
                _ => {}
            }
        }
    }

    /// References lead to schemas at the oddest places: extensions, parameters, other schemas.
    fn target(&mut self, reference: NodeId) {
        let pointer = self
            .tree
            .text(reference)
            .filter(|text| text.starts_with('#'));
        if let Some(target) = pointer.and_then(|pointer| self.tree.at_pointer(pointer)) {
            self.visit(target, Expect::Schema);
        }
    }
}
