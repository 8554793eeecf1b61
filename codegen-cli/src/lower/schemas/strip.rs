//! What a union writes, its variants do not.

use super::Schemas;
use super::draft::Shape;
use super::reach::Reached;
use crate::diagnostic::Kind;
use crate::ir::{TypeId, TypeRef};
use std::collections::BTreeMap;

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
        let mut state = vec![State::New; self.drafts.len()];
        for start in 0..self.drafts.len() {
            if state[start] != State::New {
                continue;
            }
            state[start] = State::Open;
            let mut path = vec![(start, 0)];
            while let Some((at, place)) = path.last_mut() {
                let Some(next) = self.union_variant(*at, *place) else {
                    state[*at] = State::Done;
                    path.pop();
                    continue;
                };
                match next.map(|next| (next, state[next])) {
                    Some((_, State::Open)) => {
                        let (at, place) = (*at, *place);
                        self.leave_out(at, place);
                    }
                    Some((next, State::New)) => {
                        *place += 1;
                        state[next] = State::Open;
                        path.push((next, 0));
                    }
                    _ => *place += 1,
                }
            }
        }
    }

    /// The draft that a variant of a union is; `None` at their end.
    fn union_variant(&self, at: usize, place: usize) -> Option<Option<usize>> {
        let Shape::Union(union) = &self.drafts[at].shape else {
            return None;
        };
        let variant = union.list.get(place)?;
        Some(match &variant.ty {
            TypeRef::Named(id) => Some(id.0 as usize),
            _ => None,
        })
    }

    fn leave_out(&mut self, at: usize, place: usize) {
        let schema = self.drafts[at].parts.nodes[0];
        self.note(
            Kind::Schema,
            schema,
            "an alternative that is the union itself is left out",
        );
        if let Shape::Union(union) = &mut self.drafts[at].shape {
            union.list.remove(place);
        }
    }
}

/// How far a draft has been looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}
