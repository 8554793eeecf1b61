//! The document as it was written: an arena of nodes, each with its place in the text.

use std::collections::HashMap;
use std::sync::Arc;

use super::position::Source;

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(pub(super) u32);

impl NodeId {
    /// The number that stands for this node in `#node/…`.
    pub(crate) fn number(self) -> u32 {
        self.0
    }

    /// The node that `number` came from.
    pub(crate) fn from_number(number: u32) -> Self {
        Self(number)
    }
}

/// What a node is, before anybody asks for a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A plain `null`, `~` or nothing at all.
    Null,
    /// Text. Plain text may be a number or a boolean to whoever asks for one.
    Scalar {
        /// Written without quotes.
        plain: bool,
    },
    /// A list.
    Sequence,
    /// An object.
    Mapping,
}

/// What the arena stores about a node's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    Plain,
    Quoted,
    Sequence,
    Mapping,
    /// `child` is the node that it stands for.
    Alias,
}

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// 32 bytes. Entries of a mapping are its keys; the `child` of a key is its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// Where it stands in the source, in bytes.
    pub(super) at: u32,
    /// Scalars: where the text begins. Collections: where they end in the source.
    pub(super) text: u32,
    /// Scalars: length of the text. Collections: number of entries.
    pub(super) len: u32,
    pub(super) next: u32,
    pub(super) child: u32,
    pub(super) parent: u32,
    pub(super) kind: Stored,
    /// The text lies in `Tree::spill`, because escapes or folding changed it.
    pub(super) spilled: bool,
}

/// A document in memory.
///
/// Aliases are edges: every accessor steps over them, so that nobody else sees one.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(super) source: Arc<Source>,
    pub(super) spill: String,
    pub(super) nodes: Vec<Node>,
    /// Keys of large mappings in the order of their text.
    pub(super) sorted: HashMap<NodeId, Vec<NodeId>>,
}

impl Tree {
    /// The outermost node.
    pub(crate) fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// How many nodes there are.
    pub(crate) fn size(&self) -> usize {
        self.nodes.len()
    }

    /// What `id` is.
    pub(crate) fn kind(&self, id: NodeId) -> Kind {
        let node = self.seen(id);
        match node.kind {
            Stored::Plain if super::scalar::is_null(self.text_of(node)) => Kind::Null,
            Stored::Plain => Kind::Scalar { plain: true },
            Stored::Quoted => Kind::Scalar { plain: false },
            Stored::Sequence => Kind::Sequence,
            // An alias never leads to an alias: the builder follows the first one.
            Stored::Mapping | Stored::Alias => Kind::Mapping,
        }
    }

    /// Whether `id` is an object.
    pub(crate) fn is_mapping(&self, id: NodeId) -> bool {
        self.kind(id) == Kind::Mapping
    }

    /// Whether `id` is a list.
    pub(crate) fn is_sequence(&self, id: NodeId) -> bool {
        self.kind(id) == Kind::Sequence
    }

    /// The value of the member `key` of the object `id`.
    pub(crate) fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.key(id, key).map(|key| self.value_of(key))
    }

    /// The member `key` of the object `id`, as the node of the key itself.
    pub(crate) fn key(&self, id: NodeId, key: &str) -> Option<NodeId> {
        let id = self.step(id);
        if let Some(sorted) = self.sorted.get(&id) {
            let found = sorted.binary_search_by(|probe| self.text_of(self.node(*probe)).cmp(key));
            return found.ok().map(|index| sorted[index]);
        }
        self.keys(id)
            .find(|probe| self.text_of(self.node(*probe)) == key)
    }

    /// Every node, in the order of the document as far as it was not rewritten.
    pub(crate) fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    /// The text of a key.
    pub(crate) fn key_text(&self, key: NodeId) -> &str {
        self.text_of(self.node(key))
    }

    /// The value beside the key `key`.
    pub(crate) fn value_of(&self, key: NodeId) -> NodeId {
        self.step(NodeId(self.node(key).child))
    }

    /// The members of the object `id` in document order: text of the key, its node, the value.
    pub(crate) fn entries(&self, id: NodeId) -> impl Iterator<Item = (&str, NodeId, NodeId)> + '_ {
        let keys = self.keys(self.step(id));
        keys.map(|key| (self.text_of(self.node(key)), key, self.value_of(key)))
    }

    /// The items of the list `id`.
    pub(crate) fn items(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let node = self.seen(id);
        let first = if node.kind == Stored::Sequence {
            node.child
        } else {
            NONE
        };
        self.chain(first).map(|item| self.step(item))
    }

    /// How many members or items `id` has.
    pub(crate) fn len(&self, id: NodeId) -> usize {
        let node = self.seen(id);
        match node.kind {
            Stored::Sequence | Stored::Mapping => node.len as usize,
            _ => 0,
        }
    }

    /// The text of a scalar, as it was meant: escapes and folding undone, nothing else.
    ///
    /// `None` for null, lists and objects.
    pub(crate) fn text(&self, id: NodeId) -> Option<&str> {
        match self.kind(id) {
            Kind::Scalar { .. } => Some(self.text_of(self.seen(id))),
            _ => None,
        }
    }

    /// The text of the member `key`, if it is a scalar.
    pub(crate) fn text_at(&self, id: NodeId, key: &str) -> Option<&str> {
        self.text(self.get(id, key)?)
    }

    /// Where `id` begins in the source, in bytes.
    pub(crate) fn at(&self, id: NodeId) -> u32 {
        self.node(id).at
    }

    /// Where `id` ends in the source, in bytes, as far as that is known.
    pub(crate) fn end(&self, id: NodeId) -> u32 {
        let node = self.node(id);
        match node.kind {
            Stored::Sequence | Stored::Mapping => node.text.max(node.at),
            _ if node.spilled => node.at,
            _ => (node.text + node.len).max(node.at),
        }
    }

    /// Line and column of a byte of the source.
    #[cfg(test)]
    pub(crate) fn position(&self, at: u32) -> super::position::Position {
        self.source.position(at)
    }

    /// The list, object or key around `id`; for a value the key, for a key the object.
    pub(crate) fn parent(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.node(id).parent;
        (parent != NONE).then_some(NodeId(parent))
    }

    pub(super) fn keys(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let node = self.node(id);
        self.chain(if node.kind == Stored::Mapping {
            node.child
        } else {
            NONE
        })
    }

    pub(super) fn chain(&self, first: u32) -> impl Iterator<Item = NodeId> + '_ {
        let real = |id: u32| (id != NONE).then_some(NodeId(id));
        std::iter::successors(real(first), move |id| real(self.node(*id).next))
    }

    /// The node an alias stands for, or `id` itself.
    pub(super) fn step(&self, id: NodeId) -> NodeId {
        let node = self.node(id);
        if node.kind == Stored::Alias {
            NodeId(node.child)
        } else {
            id
        }
    }

    fn seen(&self, id: NodeId) -> &Node {
        self.node(self.step(id))
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub(super) fn text_of(&self, node: &Node) -> &str {
        let range = node.text as usize..(node.text + node.len) as usize;
        let whole = if node.spilled {
            self.spill.as_str()
        } else {
            self.source.text()
        };
        whole.get(range).unwrap_or_default()
    }
}
