//! What a union writes, its variants do not.

use super::Schemas;
use super::draft::Shape;
use super::reach::Reached;
use crate::diagnostic::Kind;
use crate::ir::{TypeId, TypeRef};
use std::collections::{BTreeMap, HashSet};

/// Who uses a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Use {
    /// Unions that tell by this member, and nobody else.
    Tag(String),
    Other,
}

impl Schemas<'_> {
    /// Takes the tag out of structs that only unions with this tag use.
    pub(super) fn strip_tags(&mut self, reached: &Reached) {
        let mut uses: BTreeMap<TypeId, Use> = BTreeMap::new();
        let mut add = |id: TypeId, new: Use| {
            uses.entry(id)
                .and_modify(|old| {
                    if *old != new {
                        *old = Use::Other
                    }
                })
                .or_insert(new);
        };
        for (root, _) in &self.roots {
            root.named(&mut |id, _| add(id, Use::Other));
        }
        for (at, draft) in self
            .drafts
            .iter()
            .enumerate()
            .filter(|(at, _)| reached.any(*at))
        {
            let tag = match &self.drafts[at].shape {
                Shape::Union(union) => union.tag.as_ref().map(|(member, _)| member),
                _ => None,
            };
            draft.types(&mut |ty| match (ty, tag) {
                (TypeRef::Named(id), Some(member)) => add(*id, Use::Tag(member.clone())),
                _ => ty.named(&mut |id, _| add(id, Use::Other)),
            });
        }
        for (id, tag) in uses {
            if let (Use::Tag(member), Shape::Struct(made)) =
                (tag, &mut self.drafts[id.0 as usize].shape)
            {
                made.fields.retain(|field| field.wire != member);
                made.constants.retain(|(wire, _)| *wire != member);
            }
        }
    }

    /// A union that is a variant of itself, through other unions, would decode for ever: the
    /// variant that closes the circle is left out.
    pub(super) fn break_unions(&mut self) {
        for start in 0..self.drafts.len() {
            let start = TypeId(start as u32);
            while let Some((id, variant)) = self.circle(start) {
                let at = self.of(id).parts.nodes[0];
                self.note(
                    Kind::Schema,
                    at,
                    "an alternative that is the union itself is left out",
                );
                if let Shape::Union(union) = &mut self.drafts[id.0 as usize].shape {
                    union.list.remove(variant);
                }
            }
        }
    }

    /// The union and its variant that lead back to `start`.
    fn circle(&self, start: TypeId) -> Option<(TypeId, usize)> {
        let mut seen = HashSet::new();
        let mut open = vec![start];
        while let Some(id) = open.pop() {
            let Shape::Union(union) = &self.of(id).shape else {
                continue;
            };
            if !seen.insert(id) {
                continue;
            }
            for (at, variant) in union.list.iter().enumerate() {
                match &variant.ty {
                    TypeRef::Named(next) if *next == start => return Some((id, at)),
                    TypeRef::Named(next) => open.push(*next),
                    _ => {}
                }
            }
        }
        None
    }
}
