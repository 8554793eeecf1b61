//! `enum` and `const`: values from a list.

use super::Schemas;
use super::direction::Direction;
use super::draft::{Enum, ListedValue, Plan};
use super::flat::Flat;
use super::parts::{Kinds, Parts};
use super::site::Site;
use crate::diagnostic::Kind;
use crate::ir::{Repr, TypeRef, Value};
use crate::read::{self, NodeId};

impl<'a> Schemas<'a> {
    /// The type of listed values; `None` if there is no list.
    pub(super) fn values_type(
        &mut self,
        parts: &Parts,
        direction: Direction,
        site: &Site,
        flat: &Flat<'a>,
    ) -> Option<TypeRef> {
        let values = flat.values.as_ref()?;
        if let Some(listed) = self.listed(flat) {
            if listed.repr == Repr::Boolean && listed.values.len() == 2 {
                return Some(TypeRef::Bool);
            }
            let docs = flat.doc_nodes();
            return Some(self.draft(parts, direction, site.clone(), docs, Plan::Enum(listed)));
        }
        let kind = flat.kinds.map(|kinds| kinds.without(Kinds::NULL));
        if kind.is_some_and(|kind| kind == Kinds::ARRAY || kind == Kinds::OBJECT) {
            if let Some(first) = values.first() {
                self.note(
                    Kind::Schema,
                    *first,
                    "a list of whole lists or objects is not enforced",
                );
            }
            return None;
        }
        let scalar = [Kinds::STRING, Kinds::NUMBER, Kinds::INTEGER, Kinds::BOOLEAN];
        let kind = kind.filter(|kind| scalar.contains(kind)).or_else(|| {
            let number = |value: &NodeId| self.tree.as_f64(*value).is_some();
            (!values.is_empty() && values.iter().all(number)).then_some(Kinds::NUMBER)
        });
        match kind {
            Some(kind) => Some(self.scalar(kind, flat)),
            None => {
                if let Some(first) = values.first() {
                    self.note(
                        Kind::Schema,
                        *first,
                        "values of several kinds are a raw value",
                    );
                }
                Some(TypeRef::Raw)
            }
        }
    }

    /// The values, if all are of one kind that an enum can hold.
    pub(super) fn listed(&self, flat: &Flat<'a>) -> Option<Enum> {
        let nodes = flat.values.as_ref()?;
        let kinds = flat.kinds.map(|kinds| kinds.without(Kinds::NULL));
        let mut values: Vec<ListedValue> = Vec::new();
        for node in nodes {
            let Some(value) = self.value(*node, kinds) else {
                if kinds.is_none_or(|kinds| kinds.each().count() > 1) {
                    return None;
                }
                self.note(
                    Kind::Value,
                    *node,
                    "a value of another type than the schema's is left out",
                );
                continue;
            };
            if values.iter().any(|known| known.value == value) {
                self.note(
                    Kind::Value,
                    *node,
                    "a value that is listed twice stands once",
                );
                continue;
            }
            values.push(ListedValue {
                value,
                name: None,
                doc: None,
                deprecated: false,
            });
        }
        if kinds == Some(Kinds::NUMBER) {
            // Whole numbers among them say nothing about those to come.
            return None;
        }
        let mut reprs = values.iter().map(|value| repr(&value.value));
        let repr = reprs.next()??;
        if reprs.any(|other| other != Some(repr)) {
            return None;
        }
        self.extensions(flat, nodes.len(), &mut values);
        Some(Enum { repr, values })
    }

    /// A listed value, as the type it is said to have.
    pub(super) fn value(&self, node: NodeId, kinds: Option<Kinds>) -> Option<Value> {
        let text = self.tree.text(node)?;
        let only = |kind| kinds == Some(kind);
        let may = |kind| kinds.is_none_or(|kinds| kinds.has(kind));
        if only(Kinds::STRING) || self.tree.kind(node) == (read::Kind::Scalar { plain: false }) {
            if may(Kinds::STRING) {
                return Some(Value::String(text.to_owned()));
            }
            // A number in quotes.
            return text
                .parse()
                .ok()
                .filter(|_| may(Kinds::INTEGER))
                .map(Value::Integer);
        }
        if let Some(value) = self.tree.as_bool(node).filter(|_| may(Kinds::BOOLEAN)) {
            return Some(Value::Boolean(value));
        }
        if let Some(value) = self.tree.as_i128(node).filter(|_| may(Kinds::INTEGER)) {
            return Some(Value::Integer(value));
        }
        if let Some(value) = self.tree.as_number(node) {
            return may(Kinds::NUMBER).then(|| Value::Number(value.to_owned()));
        }
        may(Kinds::STRING).then(|| Value::String(text.to_owned()))
    }

    /// Names and descriptions that widespread extensions give.
    fn extensions(&self, flat: &Flat<'a>, count: usize, values: &mut [ListedValue]) {
        if values.len() != count {
            return;
        }
        let texts = |keys: &[&str]| {
            let lists = flat.atoms.iter().flat_map(|atom| {
                keys.iter()
                    .filter_map(move |key| self.tree.get(atom.node, key))
            });
            let mut lists =
                lists.filter(|list| self.tree.is_sequence(*list) && self.tree.len(*list) == count);
            lists
                .next()
                .map(|list| self.tree.items(list).collect::<Vec<_>>())
        };
        let names = texts(&["x-enum-varnames", "x-enumNames", "x-enum-names"]);
        let docs = texts(&["x-enum-descriptions", "x-enumDescriptions"]);
        for (at, value) in values.iter_mut().enumerate() {
            let text = |list: &Option<Vec<NodeId>>| {
                let node = list.as_ref().and_then(|list| list.get(at).copied());
                node.and_then(|node| self.tree.text(node))
                    .map(str::to_owned)
            };
            value.name = text(&names).filter(|name| !name.trim().is_empty());
            value.doc = text(&docs).filter(|doc| !doc.trim().is_empty());
        }
    }

    /// The only value that members of these schemas can have.
    pub(super) fn constant(&self, schemas: &[NodeId]) -> Option<Value> {
        if !schemas.iter().any(|schema| self.lists_one(*schema)) {
            return None;
        }
        let flat = self.flatten(&Parts::all(schemas.to_vec()));
        if flat.is_nullable() || !flat.choices.is_empty() {
            return None;
        }
        let kinds = flat.kinds.map(|kinds| kinds.without(Kinds::NULL));
        match flat.values?.as_slice() {
            [value] => self.value(*value, kinds),
            _ => None,
        }
    }

    /// Whether a schema, or one it is made of, lists a single value.
    fn lists_one(&self, schema: NodeId) -> bool {
        let mut open = vec![schema];
        let mut steps = 0;
        while let Some(node) = open.pop() {
            steps += 1;
            let list = self.tree.get(node, "enum");
            if self.tree.get(node, "const").is_some()
                || list.is_some_and(|list| self.tree.len(list) == 1)
            {
                return true;
            }
            open.extend(self.resolver.target(node).and_then(Result::ok));
            if let Some(list) = self.tree.get(node, "allOf") {
                open.extend(self.tree.items(list));
            }
            if steps > 64 {
                return false;
            }
        }
        false
    }
}

/// What an enum of such values is on the wire.
fn repr(value: &Value) -> Option<Repr> {
    match value {
        Value::String(_) => Some(Repr::String),
        Value::Integer(value) => i64::try_from(*value).is_ok().then_some(Repr::Integer),
        Value::Boolean(_) => Some(Repr::Boolean),
        Value::Number(_) => None,
    }
}
