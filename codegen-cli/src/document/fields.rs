//! Members of an object, each read as the type its place asks for.
//!
//! A value of another type is reported and read as far as it makes sense; nothing here fails.

use openapiv3::{ReferenceOr, Schema};

use crate::diagnostic::{Diagnostic, Diagnostics, Kind as Topic};
use crate::read::{Kind, NodeId, Tree};
use crate::resolve::Resolver;
use crate::suggest;

/// Fills `openapiv3` values from the tree.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) tree: &'a Tree,
    pub(super) resolver: &'a Resolver<'a>,
    pub(super) found: &'a Diagnostics,
}

impl<'a> Reader<'a> {
    /// Text as it stands there: `version: 1.0` is `1.0`.
    pub(super) fn text(&self, id: NodeId, key: &str) -> Option<String> {
        let node = self.tree.get(id, key)?;
        match self.tree.kind(node) {
            Kind::Scalar { .. } => self.tree.text(node).map(str::to_owned),
            Kind::Null => None,
            _ => self.wrong(node, "text"),
        }
    }

    /// `true` or `false`; in quotes too, but not in silence.
    pub(super) fn flag(&self, id: NodeId, key: &str) -> Option<bool> {
        let node = self.tree.get(id, key)?;
        if let Some(flag) = self.tree.as_bool(node) {
            return Some(flag);
        }
        match self.tree.text(node) {
            Some("true" | "yes") => self
                .wrong::<bool>(node, "`true` without quotes")
                .or(Some(true)),
            Some("false" | "no") => self
                .wrong::<bool>(node, "`false` without quotes")
                .or(Some(false)),
            _ => self.wrong(node, "`true` or `false`"),
        }
    }

    /// The items of a list. A single value is taken for a list of one.
    pub(super) fn items(&self, id: NodeId, key: &str) -> Vec<NodeId> {
        let Some(node) = self.tree.get(id, key) else {
            return Vec::new();
        };
        match self.tree.kind(node) {
            Kind::Sequence => self.tree.items(node).collect(),
            Kind::Null => Vec::new(),
            _ => {
                self.wrong::<()>(node, "a list");
                vec![node]
            }
        }
    }

    /// A list of texts.
    pub(super) fn texts(&self, id: NodeId, key: &str) -> Vec<String> {
        let read = |item: &NodeId| match self.tree.text(*item) {
            Some(text) => Some(text.to_owned()),
            None => self.wrong(*item, "text"),
        };
        self.items(id, key).iter().filter_map(read).collect()
    }

    /// An object, or nothing.
    pub(super) fn object(&self, id: NodeId, key: &str) -> Option<NodeId> {
        let node = self.tree.get(id, key)?;
        match self.tree.kind(node) {
            Kind::Mapping => Some(node),
            Kind::Null => None,
            _ => self.wrong(node, "an object"),
        }
    }

    /// The members of an object without its extensions: name, key, value.
    pub(super) fn members(&self, id: NodeId, key: &str) -> Vec<(&'a str, NodeId, NodeId)> {
        let Some(node) = self.object(id, key) else {
            return Vec::new();
        };
        self.tree
            .entries(node)
            .filter(|(name, ..)| !name.starts_with("x-"))
            .collect()
    }

    /// What `id` refers to, if that is an object; what is broken has been reported.
    pub(super) fn followed(&self, id: NodeId) -> Option<NodeId> {
        let target = self.resolver.follow(id).ok()?;
        if self.tree.is_mapping(target) {
            return Some(target);
        }
        self.wrong(target, "an object")
    }

    /// The member `key` as a schema slot. What is wrong with the schema, lowering says.
    pub(super) fn schema(&self, id: NodeId, key: &str) -> Option<ReferenceOr<Schema>> {
        self.tree.get(id, key).map(super::slot)
    }

    /// Reports a value of the wrong type.
    pub(super) fn wrong<T>(&self, node: NodeId, expected: &str) -> Option<T> {
        let found = match self.tree.kind(node) {
            Kind::Null => "null".to_owned(),
            Kind::Sequence => "a list".to_owned(),
            Kind::Mapping => "an object".to_owned(),
            Kind::Scalar { plain } => {
                let text = shortened(self.tree.text(node).unwrap_or_default());
                if plain {
                    format!("`{text}`")
                } else {
                    format!("the text `{text}`")
                }
            }
        };
        self.warn(
            node,
            Topic::WrongType,
            format!("found {found}, expected {expected}"),
            "",
        );
        None
    }

    /// Reports the absence of a member; `instead` says what happens.
    pub(super) fn missing(&self, id: NodeId, what: &str, instead: &str) {
        self.warn(id, Topic::Missing, what.to_owned(), instead);
    }

    /// A warning about `node`; `help` may be empty.
    pub(super) fn warn(&self, node: NodeId, kind: Topic, message: String, help: &str) {
        let diagnostic = Diagnostic::warning(kind, message);
        self.found.push(self.placed(node, diagnostic, help));
    }

    /// A note about `node`; `help` may be empty.
    pub(super) fn note(&self, node: NodeId, kind: Topic, message: String, help: &str) {
        let diagnostic = Diagnostic::note(kind, message);
        self.found.push(self.placed(node, diagnostic, help));
    }

    fn placed(&self, node: NodeId, diagnostic: Diagnostic, help: &str) -> Diagnostic {
        let collection = self.tree.is_mapping(node) || self.tree.is_sequence(node);
        let end = if collection {
            self.tree.at(node)
        } else {
            self.tree.end(node)
        };
        let diagnostic = diagnostic.spanning(self.tree.at(node), end);
        if help.is_empty() {
            diagnostic
        } else {
            diagnostic.help(help)
        }
    }

    /// Notes keys that mean nothing where they stand; most are misspelt.
    pub(super) fn known(&self, id: NodeId, name: &str, known: &[&str]) {
        for (key, node, _) in self.tree.entries(id) {
            if key.starts_with("x-") || known.contains(&key) || matches!(key, "$ref" | "<<") {
                continue;
            }
            let help = suggest::nearest(key, known.iter().copied());
            let help = help
                .map(|near| format!("did you mean `{near}`?"))
                .unwrap_or_default();
            let message = format!("{name} knows no `{}`", shortened(key));
            self.note(node, Topic::Unknown, message, &help);
        }
    }
}

/// A text short enough for a message.
pub(super) fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(40).collect();
    if short.len() < text.len() {
        format!("{short}…")
    } else {
        short
    }
}
