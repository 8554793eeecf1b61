//! Puts nodes into the arena; what JSON and YAML share.

use std::collections::HashMap;
use std::sync::Arc;

use super::position::Source;
use super::tree::{NONE, Node, NodeId, Stored, Tree};
use super::{MAX_DEPTH, MAX_EXPANSION, Unusable};
use crate::diagnostic::{Diagnostic, Diagnostics, Kind};

/// Mappings with more keys than this are searched by halves.
const SORTED_FROM: usize = 16;

/// A list or object that is still open.
struct Frame {
    id: u32,
    /// The item or key that came last.
    last: u32,
    /// The key whose value comes next.
    key: u32,
    is_mapping: bool,
    /// Nodes within, aliases expanded, and the depth of the deepest.
    size: u64,
    height: u32,
}

/// The size of a finished node, aliases expanded.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    pub(super) size: u64,
    pub(super) height: u32,
}

pub(super) struct Builder<'a> {
    tree: Tree,
    stack: Vec<Frame>,
    found: &'a Diagnostics,
    expanded: u64,
    /// The keys of the mapping that is being closed; kept for its allocation.
    keys: Vec<NodeId>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(source: Arc<Source>, found: &'a Diagnostics) -> Self {
        let tree = Tree {
            nodes: Vec::with_capacity(source.text().len() / 24 + 16),
            source,
            spill: String::new(),
            sorted: HashMap::new(),
        };
        Self {
            tree,
            stack: Vec::new(),
            found,
            expanded: 0,
            keys: Vec::new(),
        }
    }

    /// Whether the next scalar is the key of a member.
    pub(super) fn expects_key(&self) -> bool {
        self.stack
            .last()
            .is_some_and(|frame| frame.is_mapping && frame.key == NONE)
    }

    /// How many lists and objects are open.
    pub(super) fn depth(&self) -> usize {
        self.stack.len()
    }

    /// Whether the innermost open collection is an object.
    pub(super) fn in_mapping(&self) -> bool {
        self.stack.last().is_some_and(|frame| frame.is_mapping)
    }

    /// A scalar, or a key, whose text stands in the source as it is.
    pub(super) fn scalar(
        &mut self,
        at: usize,
        text: std::ops::Range<usize>,
        plain: bool,
    ) -> NodeId {
        self.leaf(at, text.start as u32, text.len() as u32, plain, false)
    }

    /// A scalar, or a key, whose text is not what stands in the source.
    pub(super) fn spilled(&mut self, at: usize, text: &str, plain: bool) -> NodeId {
        let start = self.tree.spill.len() as u32;
        self.tree.spill.push_str(text);
        self.leaf(at, start, text.len() as u32, plain, true)
    }

    fn leaf(&mut self, at: usize, text: u32, len: u32, plain: bool, spilled: bool) -> NodeId {
        let kind = if plain { Stored::Plain } else { Stored::Quoted };
        let at = at as u32;
        self.push(Node {
            at,
            text,
            len,
            next: NONE,
            child: NONE,
            parent: NONE,
            kind,
            spilled,
        })
    }

    /// Opens a list or object.
    pub(super) fn open(&mut self, at: usize, is_mapping: bool) -> Result<NodeId, Unusable> {
        if self.stack.len() >= MAX_DEPTH as usize {
            return Err(self.too_deep(at));
        }
        let kind = if is_mapping {
            Stored::Mapping
        } else {
            Stored::Sequence
        };
        let at = at as u32;
        let node = Node {
            at,
            text: at,
            len: 0,
            next: NONE,
            child: NONE,
            parent: NONE,
            kind,
            spilled: false,
        };
        let id = self.push(node);
        self.stack.push(Frame {
            id: id.0,
            last: NONE,
            key: NONE,
            is_mapping,
            size: 1,
            height: 1,
        });
        Ok(id)
    }

    /// Closes the innermost list or object, which ends before `end`.
    pub(super) fn close(&mut self, end: usize) -> Option<(NodeId, Extent)> {
        let frame = self.stack.pop()?;
        let id = NodeId(frame.id);
        self.tree.nodes[frame.id as usize].text = end as u32;
        if frame.is_mapping {
            self.index(id);
        }
        let extent = Extent {
            size: frame.size,
            height: frame.height,
        };
        self.count(extent);
        Some((id, extent))
    }

    /// Another occurrence of `target`, which is complete.
    pub(super) fn alias(
        &mut self,
        at: usize,
        target: NodeId,
        extent: Extent,
    ) -> Result<(), Unusable> {
        self.expanded += extent.size;
        if self.expanded > MAX_EXPANSION {
            self.found.push(
                Diagnostic::error(
                    Kind::Limit,
                    format!(
                        "the aliases of this document stand for more than {MAX_EXPANSION} nodes"
                    ),
                )
                .at(at as u32)
                .help("write the repeated part once and refer to it with `$ref`"),
            );
            return Err(Unusable);
        }
        if self.stack.len() as u32 + extent.height > MAX_DEPTH {
            return Err(self.too_deep(at));
        }
        let original = *self.tree.node(target);
        let node = Node {
            at: at as u32,
            next: NONE,
            child: NONE,
            parent: NONE,
            ..original
        };
        let node = match original.kind {
            // A copy of a scalar is no larger than an alias of it, and so is one of an alias.
            Stored::Plain | Stored::Quoted => node,
            Stored::Alias => Node {
                child: original.child,
                ..node
            },
            Stored::Sequence | Stored::Mapping => Node {
                text: at as u32,
                len: 0,
                child: target.0,
                kind: Stored::Alias,
                ..node
            },
        };
        self.push(node);
        self.count(extent);
        Ok(())
    }

    /// The finished tree. The caller has closed what it opened.
    pub(super) fn finish(mut self) -> Tree {
        self.tree.nodes.shrink_to_fit();
        self.tree
    }

    fn push(&mut self, mut node: Node) -> NodeId {
        let id = self.tree.nodes.len() as u32;
        if let Some(frame) = self.stack.last_mut() {
            if frame.is_mapping && frame.key != NONE {
                node.parent = frame.key;
                self.tree.nodes[frame.key as usize].child = id;
                frame.key = NONE;
            } else {
                node.parent = frame.id;
                let before = if frame.last == NONE {
                    &mut self.tree.nodes[frame.id as usize].child
                } else {
                    &mut self.tree.nodes[frame.last as usize].next
                };
                *before = id;
                frame.last = id;
                self.tree.nodes[frame.id as usize].len += 1;
                if frame.is_mapping {
                    frame.key = id;
                }
            }
            frame.size += 1;
        }
        self.tree.nodes.push(node);
        NodeId(id)
    }

    /// Adds what was closed to what lies around it.
    fn count(&mut self, extent: Extent) {
        if let Some(frame) = self.stack.last_mut() {
            frame.size = frame.size.saturating_add(extent.size);
            frame.height = frame.height.max(extent.height.saturating_add(1));
        }
    }

    fn too_deep(&self, at: usize) -> Unusable {
        self.found.push(
            Diagnostic::error(
                Kind::Limit,
                format!("lists and objects lie more than {MAX_DEPTH} levels deep here"),
            )
            .at(at as u32)
            .help("give the inner parts a name under `components` and refer to them with `$ref`"),
        );
        Unusable
    }

    /// Makes the keys of a finished object searchable and reports those that are there twice.
    fn index(&mut self, id: NodeId) {
        let mut keys = std::mem::take(&mut self.keys);
        keys.clear();
        keys.extend(self.tree.keys(id));
        if keys.len() <= SORTED_FROM {
            for (index, key) in keys.iter().enumerate() {
                if let Some(first) = keys[..index].iter().find(|first| self.same(**first, *key)) {
                    self.duplicate(id, *first, *key);
                }
            }
        } else {
            let text = |key: &NodeId| self.tree.text_of(self.tree.node(*key));
            // Equal keys stay in document order, so the first one is kept.
            keys.sort_by(|left, right| text(left).cmp(text(right)));
            let mut kept: Vec<NodeId> = Vec::with_capacity(keys.len());
            for key in &keys {
                match kept.last() {
                    Some(first) if self.same(*first, *key) => self.duplicate(id, *first, *key),
                    _ => kept.push(*key),
                }
            }
            self.tree.sorted.insert(id, kept);
        }
        self.keys = keys;
    }

    fn same(&self, left: NodeId, right: NodeId) -> bool {
        let (left, right) = (self.tree.node(left), self.tree.node(right));
        left.len == right.len && self.tree.text_of(left) == self.tree.text_of(right)
    }

    /// As in JavaScript the last value wins, at the place of the first key.
    fn duplicate(&mut self, mapping: NodeId, first: NodeId, second: NodeId) {
        let key = self.tree.text_of(self.tree.node(second)).to_owned();
        let (first_at, second_at) = (self.tree.at(first), self.tree.at(second));
        self.found.push(
            Diagnostic::warning(
                Kind::DuplicateKey,
                format!("the key `{key}` is there twice"),
            )
            .spanning(second_at, self.tree.end(second))
            .help("the last one is used; remove the others")
            .also(first_at, "first here"),
        );
        let value = self.tree.node(second).child;
        if value != NONE {
            self.tree.nodes[first.0 as usize].child = value;
            self.tree.nodes[value as usize].parent = first.0;
        }
        self.unlink(mapping, second);
    }

    fn unlink(&mut self, mapping: NodeId, key: NodeId) {
        let next = self.tree.node(key).next;
        let before = self
            .tree
            .keys(mapping)
            .find(|probe| self.tree.node(*probe).next == key.0);
        if let Some(before) = before {
            self.tree.nodes[before.0 as usize].next = next;
            self.tree.nodes[mapping.0 as usize].len -= 1;
        }
    }
}
