//! What is sent and what is received, where they differ.

use super::draft::{Field, Shape, Struct};
use super::parts::Parts;
use super::{Memo, Schemas};
use crate::ir::{Tuple, TypeId, TypeRef};
use crate::read::{NodeId, Tree};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Direction {
    /// In a request.
    Sent,
    /// In a response, or to a webhook.
    Received,
    /// It makes no difference.
    Either,
}

/// Which schemas differ by direction, themselves or in what they refer to.
#[derive(Debug, Default)]
pub(super) struct Directional(HashSet<NodeId>);

impl Directional {
    pub(super) fn new(tree: &Tree) -> Self {
        let mut marks = Vec::new();
        let mut refs: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
        let mut targets: HashMap<&str, Option<NodeId>> = HashMap::new();
        for number in 0..tree.size() as u32 {
            let node = NodeId::from_number(number);
            if !tree.is_key(node) {
                continue;
            }
            let Some(text) = tree.text(node) else {
                continue;
            };
            match text {
                "readOnly" | "writeOnly" if tree.as_bool(tree.value_of(node)) == Some(true) => {
                    marks.push(node);
                }
                "$ref" => {
                    let Some(reference) = tree.text(tree.value_of(node)) else {
                        continue;
                    };
                    let target = *targets.entry(reference).or_insert_with(|| {
                        tree.at_pointer(reference)
                            .filter(|_| reference.starts_with('#'))
                    });
                    if let Some(target) = target {
                        refs.entry(target).or_default().push(node);
                    }
                }
                _ => {}
            }
        }
        let mut marked = HashSet::new();
        while let Some(mark) = marks.pop() {
            let mut here = Some(mark);
            while let Some(node) = here {
                if !marked.insert(node) {
                    break;
                }
                marks.extend(refs.remove(&node).into_iter().flatten());
                here = tree.parent(node);
            }
        }
        Self(marked)
    }

    /// The direction, if it makes a difference.
    pub(super) fn of(&self, parts: &Parts, direction: Direction) -> Direction {
        if parts.nodes.iter().any(|node| self.0.contains(node)) {
            direction
        } else {
            Direction::Either
        }
    }
}

impl Schemas<'_> {
    /// Lowers the other direction of every draft that has one, for comparison.
    pub(super) fn lower_twins(&mut self) {
        let mut at = 0;
        while at < self.drafts.len() {
            let draft = &self.drafts[at];
            let other = match draft.direction {
                Direction::Sent => Some(Direction::Received),
                Direction::Received => Some(Direction::Sent),
                Direction::Either => None,
            };
            if let Some(other) = other {
                let (parts, site) = (draft.parts.clone(), draft.site.clone());
                self.lower_parts(parts, other, site);
                self.drain();
            }
            at += 1;
        }
    }

    /// For each sent draft the received one of the same schema, if one type can serve both.
    pub(super) fn pairs(&self) -> Pairs {
        let mut pairs = Pairs::default();
        for (at, draft) in self.drafts.iter().enumerate() {
            if draft.direction != Direction::Sent {
                continue;
            }
            let key = (draft.parts.clone(), Direction::Received);
            let Some(Memo::Done(ty)) = self.memo.get(&key) else {
                continue;
            };
            if let (TypeRef::Named(other), _) = ty.clone().split_null() {
                pairs.twins.insert(TypeId(at as u32), other);
            }
        }
        pairs.same = pairs.twins.clone();
        loop {
            let differ = |(sent, received): &(&TypeId, &TypeId)| {
                !pairs.fit(&self.of(**sent).shape, &self.of(**received).shape)
            };
            let differing: Vec<TypeId> = pairs
                .same
                .iter()
                .filter(differ)
                .map(|(sent, _)| *sent)
                .collect();
            if differing.is_empty() {
                return pairs;
            }
            for sent in differing {
                pairs.same.remove(&sent);
            }
        }
    }

    /// One type for both directions: what is only received is marked, and what is only sent is
    /// optional anyway.
    pub(super) fn merge(&mut self, sent: TypeId, received: TypeId) {
        let Shape::Struct(sent) = self.of(sent).shape.clone() else {
            return;
        };
        let Shape::Struct(made) = &mut self.drafts[received.0 as usize].shape else {
            return;
        };
        for field in &mut made.fields {
            field.read_only = !sent.fields.iter().any(|other| other.wire == field.wire);
        }
        let mut place = 0;
        for field in sent.fields {
            match made
                .fields
                .iter()
                .position(|other| other.wire == field.wire)
            {
                Some(at) => place = at + 1,
                None => {
                    made.fields.insert(place.min(made.fields.len()), field);
                    place += 1;
                }
            }
        }
    }
}

/// Sent and received drafts of one schema.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// By the sent one.
    pub(super) twins: BTreeMap<TypeId, TypeId>,
    /// Those of which one type can serve both directions.
    pub(super) same: BTreeMap<TypeId, TypeId>,
}

impl Pairs {
    fn fit(&self, sent: &Shape, received: &Shape) -> bool {
        match (sent, received) {
            (Shape::Struct(sent), Shape::Struct(received)) => self.structs_fit(sent, received),
            (Shape::Enum(sent), Shape::Enum(received)) => sent == received,
            (Shape::Union(sent), Shape::Union(received)) => {
                sent.tag == received.tag
                    && sent.list.len() == received.list.len()
                    && sent
                        .list
                        .iter()
                        .zip(&received.list)
                        .all(|(sent, received)| {
                            sent.tag == received.tag && self.types_fit(&sent.ty, &received.ty)
                        })
            }
            (Shape::Tuple(sent), Shape::Tuple(received)) => {
                let all = |tuple: &Tuple| {
                    TypeRef::Tuple(tuple.items.iter().chain(&tuple.rest).cloned().collect())
                };
                sent.items.len() == received.items.len()
                    && self.types_fit(&all(sent), &all(received))
            }
            _ => false,
        }
    }

    fn structs_fit(&self, sent: &Struct, received: &Struct) -> bool {
        let others = match (&sent.other, &received.other) {
            (Some(sent), Some(received)) => self.types_fit(sent, received),
            (None, None) => true,
            _ => false,
        };
        let find =
            |fields: &[Field], wire: &str| fields.iter().position(|field| field.wire == wire);
        others
            && sent.constants == received.constants
            && sent
                .fields
                .iter()
                .all(|field| match find(&received.fields, &field.wire) {
                    None => !field.required,
                    Some(at) => {
                        let other = &received.fields[at];
                        field.required == other.required
                            && field.nullable == other.nullable
                            && self.types_fit(&field.ty, &other.ty)
                    }
                })
            && received
                .fields
                .iter()
                .all(|field| !field.required || find(&sent.fields, &field.wire).is_some())
    }

    fn types_fit(&self, sent: &TypeRef, received: &TypeRef) -> bool {
        match (sent, received) {
            (TypeRef::Named(sent), TypeRef::Named(received)) => {
                sent == received || self.same.get(sent) == Some(received)
            }
            (TypeRef::List(sent), TypeRef::List(received))
            | (TypeRef::Map(sent), TypeRef::Map(received))
            | (TypeRef::Optional(sent), TypeRef::Optional(received)) => {
                self.types_fit(sent, received)
            }
            (TypeRef::Tuple(sent), TypeRef::Tuple(received)) => {
                sent.len() == received.len()
                    && sent.iter().zip(received).all(|(a, b)| self.types_fit(a, b))
            }
            _ => sent == received,
        }
    }
}
