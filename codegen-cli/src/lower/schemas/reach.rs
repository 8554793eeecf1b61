//! Which drafts are used, and which way they go.

use super::Schemas;
use super::direction::Direction;
use super::draft::{Draft, Shape};
use crate::ir::{TypeId, TypeRef};

/// Which way each draft goes, if at all.
#[derive(Clone, Debug)]
pub(super) struct Reached {
    pub(super) sent: Vec<bool>,
    pub(super) received: Vec<bool>,
}

impl Reached {
    pub(super) fn any(&self, at: usize) -> bool {
        self.sent[at] || self.received[at]
    }
}

impl Schemas<'_> {
    /// Follows everything that operations use.
    pub(super) fn reach(&self) -> Reached {
        let way = |direction: Direction| {
            let roots = self
                .roots
                .iter()
                .filter(|(_, way)| *way == direction || *way == Direction::Either);
            self.closure(roots.map(|(ty, _)| ty))
        };
        Reached {
            sent: way(Direction::Sent),
            received: way(Direction::Received),
        }
    }

    fn closure<'r>(&self, roots: impl Iterator<Item = &'r TypeRef>) -> Vec<bool> {
        let mut seen = vec![false; self.drafts.len()];
        let mut open: Vec<TypeId> = Vec::new();
        for root in roots {
            root.named(&mut |id, _| open.push(id));
        }
        while let Some(id) = open.pop() {
            if !std::mem::replace(&mut seen[id.0 as usize], true) {
                self.of(id)
                    .types(&mut |ty| ty.named(&mut |id, _| open.push(id)));
            }
        }
        seen
    }
}

impl Draft {
    /// Every type that it is made of.
    pub(super) fn types(&self, visit: &mut impl FnMut(&TypeRef)) {
        match &self.shape {
            Shape::Struct(made) => {
                made.fields.iter().for_each(|field| visit(&field.ty));
                made.other.iter().for_each(visit);
            }
            Shape::Union(union) => union.list.iter().for_each(|variant| visit(&variant.ty)),
            Shape::Tuple(tuple) => tuple.items.iter().chain(&tuple.rest).for_each(visit),
            Shape::Enum(_) | Shape::Pending => {}
        }
    }

    /// Replaces every id.
    pub(super) fn rename(&mut self, to: &impl Fn(TypeId) -> TypeId) {
        match &mut self.shape {
            Shape::Struct(made) => {
                made.fields
                    .iter_mut()
                    .for_each(|field| rename(&mut field.ty, to));
                made.other.iter_mut().for_each(|ty| rename(ty, to));
            }
            Shape::Union(union) => {
                union
                    .list
                    .iter_mut()
                    .for_each(|variant| rename(&mut variant.ty, to));
            }
            Shape::Tuple(tuple) => {
                tuple
                    .items
                    .iter_mut()
                    .chain(&mut tuple.rest)
                    .for_each(|ty| rename(ty, to));
            }
            Shape::Enum(_) | Shape::Pending => {}
        }
    }
}

/// Replaces every id in `ty`.
pub(super) fn rename(ty: &mut TypeRef, to: &impl Fn(TypeId) -> TypeId) {
    match ty {
        TypeRef::Named(id) => *id = to(*id),
        TypeRef::List(inner)
        | TypeRef::Map(inner)
        | TypeRef::Optional(inner)
        | TypeRef::Boxed(inner) => rename(inner, to),
        TypeRef::Tuple(items) => items.iter_mut().for_each(|item| rename(item, to)),
        _ => {}
    }
}
