//! Rewriting nodes. A new node keeps the place of what it was made from.

use super::tree::{NONE, Node, NodeId, Stored, Tree};

impl Tree {
    /// A new scalar, not yet anywhere.
    pub(crate) fn new_scalar(&mut self, at: u32, text: &str, plain: bool) -> NodeId {
        let start = self.spill.len() as u32;
        self.spill.push_str(text);
        let kind = if plain { Stored::Plain } else { Stored::Quoted };
        let node = Node {
            at,
            text: start,
            len: text.len() as u32,
            next: NONE,
            child: NONE,
            parent: NONE,
            kind,
            spilled: true,
        };
        self.add(node)
    }

    /// A new list of `items`, which are taken from where they were.
    pub(crate) fn new_sequence(&mut self, at: u32, items: &[NodeId]) -> NodeId {
        let list = self.add(collection(at, Stored::Sequence));
        for item in items {
            self.append(list, *item);
        }
        list
    }

    /// A new object without members.
    pub(crate) fn new_mapping(&mut self, at: u32) -> NodeId {
        self.add(collection(at, Stored::Mapping))
    }

    /// Adds an item at the end of a list. `item` must be in no other list.
    pub(crate) fn append(&mut self, list: NodeId, item: NodeId) {
        let list = self.step(list);
        let last = self.last(list);
        self.link(list, last, item);
    }

    /// Sets the member `key`, in place if it is there, else at the end.
    pub(crate) fn put(&mut self, mapping: NodeId, key: &str, value: NodeId) {
        let mapping = self.step(mapping);
        let key_node = match self.key(mapping, key) {
            Some(key_node) => key_node,
            None => self.add_key(mapping, key, self.at(value)),
        };
        self.nodes[key_node.0 as usize].child = value.0;
        self.nodes[value.0 as usize].parent = key_node.0;
    }

    /// Takes the member `key` out; returns its value, an alias as an alias.
    pub(crate) fn remove(&mut self, mapping: NodeId, key: &str) -> Option<NodeId> {
        let mapping = self.step(mapping);
        let key_node = self.key(mapping, key)?;
        let next = self.node(key_node).next;
        let before = self
            .keys(mapping)
            .find(|probe| self.node(*probe).next == key_node.0);
        match before {
            Some(before) => self.nodes[before.0 as usize].next = next,
            None => self.nodes[mapping.0 as usize].child = next,
        }
        self.nodes[mapping.0 as usize].len -= 1;
        if let Some(sorted) = self.sorted.get_mut(&mapping) {
            sorted.retain(|probe| *probe != key_node);
        }
        let value = self.node(key_node).child;
        (value != NONE).then_some(NodeId(value))
    }

    fn add_key(&mut self, mapping: NodeId, key: &str, at: u32) -> NodeId {
        let key_node = self.new_scalar(at, key, true);
        let last = self.last(mapping);
        self.link(mapping, last, key_node);
        if let Some(mut sorted) = self.sorted.remove(&mapping) {
            let place = sorted.partition_point(|probe| self.text_of(self.node(*probe)) < key);
            sorted.insert(place, key_node);
            self.sorted.insert(mapping, sorted);
        }
        key_node
    }

    fn add(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId(self.nodes.len() as u32 - 1)
    }

    fn last(&self, collection: NodeId) -> Option<NodeId> {
        self.chain(self.node(collection).child).last()
    }

    fn link(&mut self, collection: NodeId, last: Option<NodeId>, node: NodeId) {
        match last {
            Some(last) => self.nodes[last.0 as usize].next = node.0,
            None => self.nodes[collection.0 as usize].child = node.0,
        }
        self.nodes[node.0 as usize].next = NONE;
        self.nodes[node.0 as usize].parent = collection.0;
        self.nodes[collection.0 as usize].len += 1;
    }
}

fn collection(at: u32, kind: Stored) -> Node {
    Node {
        at,
        text: at,
        len: 0,
        next: NONE,
        child: NONE,
        parent: NONE,
        kind,
        spilled: false,
    }
}
