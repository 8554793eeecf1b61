//! JSON pointers (RFC 6901) as fragments, `#/components/schemas/Pet`.

use std::borrow::Cow;

use super::tree::{Kind, NodeId, Stored, Tree};

/// Escapes one part of a pointer.
pub(crate) fn escape(part: &str) -> Cow<'_, str> {
    if part.contains(['~', '/']) {
        part.replace('~', "~0").replace('/', "~1").into()
    } else {
        part.into()
    }
}

/// Undoes [`escape`] and percent-encoding.
fn unescape(part: &str) -> Cow<'_, str> {
    if !part.contains(['~', '%']) {
        return part.into();
    }
    decode_percent(part)
        .replace("~1", "/")
        .replace("~0", "~")
        .into()
}

/// RFC 6901, section 6: a pointer in a URI fragment is percent-encoded. A `%` that encodes nothing
/// stays, since documents write such keys unencoded.
fn decode_percent(part: &str) -> String {
    let bytes = part.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = part.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| part.to_owned())
}

impl Tree {
    /// The pointer of `id`, `#/paths/~1pets/get`. A key has the pointer of its value.
    pub(crate) fn pointer(&self, id: NodeId) -> String {
        let mut parts = Vec::new();
        let mut here = id;
        if let Some(parent) = self.parent(here).filter(|_| self.is_key(here)) {
            parts.push(escape(self.text_of(self.node(here))).into_owned());
            here = parent;
        }
        while let Some(parent) = self.parent(here) {
            if self.is_key(parent) {
                parts.push(escape(self.text_of(self.node(parent))).into_owned());
                here = self.parent(parent).unwrap_or(parent);
            } else {
                parts.push(self.index_of(parent, here).to_string());
                here = parent;
            }
        }
        let mut pointer = String::from("#");
        for part in parts.iter().rev() {
            pointer.push('/');
            pointer.push_str(part);
        }
        pointer
    }

    /// The node at `pointer` (`#/…`, percent-encoded or not), or nothing.
    pub(crate) fn at_pointer(&self, pointer: &str) -> Option<NodeId> {
        let path = pointer.strip_prefix('#').unwrap_or(pointer);
        if path.is_empty() {
            return Some(self.root());
        }
        let mut here = self.root();
        for part in path.strip_prefix('/')?.split('/') {
            here = self.child(here, part)?;
        }
        Some(here)
    }

    fn child(&self, id: NodeId, part: &str) -> Option<NodeId> {
        match self.kind(id) {
            // Some documents keep a percent sign in the key itself.
            Kind::Mapping => self.get(id, &unescape(part)).or_else(|| self.get(id, part)),
            Kind::Sequence => self.items(id).nth(part.parse().ok()?),
            _ => None,
        }
    }

    /// Whether `id` is the key of a member.
    pub(crate) fn is_key(&self, id: NodeId) -> bool {
        self.parent(id)
            .is_some_and(|parent| self.node(parent).kind == Stored::Mapping)
    }

    fn index_of(&self, list: NodeId, item: NodeId) -> usize {
        let mut here = self.node(list).child;
        let mut index = 0;
        while here != item.0 && here != super::tree::NONE {
            here = self.node(NodeId(here)).next;
            index += 1;
        }
        index
    }
}
