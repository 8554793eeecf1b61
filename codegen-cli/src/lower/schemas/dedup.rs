//! Equal shapes without a name of their own become one type.

use super::Schemas;
use super::draft::{Draft, Enum, Shape, Struct, Variants};
use super::reach::Reached;
use super::site::Site;
use crate::ir::{Tuple, TypeId};
use std::collections::HashMap;

/// What must be equal for two drafts to be one type.
#[derive(PartialEq, Eq, Hash)]
enum Likeness {
    Struct(Struct, Vec<Option<String>>, Vec<String>),
    Enum(Enum),
    Union(Variants, Vec<String>),
    Tuple(Tuple),
}

/// A type that others may join, and the name that the lock gave it.
type Known<'a> = (Option<&'a String>, TypeId);

impl Schemas<'_> {
    /// Joins drafts; `locked` is the name that the lock has for each, and two names stay two types.
    pub(super) fn dedup(
        &mut self,
        into: &mut [TypeId],
        reached: &Reached,
        suffixes: &[&'static str],
        locked: &[Option<String>],
    ) {
        let joins: Vec<usize> = (0..self.drafts.len())
            .filter(|at| {
                let named = matches!(self.drafts[*at].site, Site::Target(_));
                reached.any(*at) && into[*at].0 as usize == *at && !named
            })
            .collect();
        let mut likeness: HashMap<usize, Likeness> = HashMap::new();
        loop {
            let before = into.to_vec();
            let mut firsts: HashMap<(Likeness, &'static str), Vec<Known>> = HashMap::new();
            likeness.clear();
            for &at in &joins {
                if before[at].0 as usize != at {
                    continue;
                }
                let Some(like) = self.likeness(&self.drafts[at], &before) else {
                    continue;
                };
                let known = firsts.entry((like, suffixes[at])).or_default();
                let name = locked[at].as_ref();
                let one = known
                    .iter_mut()
                    .find(|(other, _)| other.is_none() || name.is_none() || *other == name);
                match one {
                    Some((other, id)) => {
                        *other = other.or(name);
                        into[at] = *id;
                    }
                    None => known.push((name, TypeId(at as u32))),
                }
            }
            for at in 0..into.len() {
                into[at] = into[into[at].0 as usize];
            }
            if *into == before[..] {
                return;
            }
        }
    }

    fn likeness(&self, draft: &Draft, into: &[TypeId]) -> Option<Likeness> {
        let mut draft = draft.clone();
        draft.rename(&|id| into[id.0 as usize]);
        Some(match draft.shape {
            Shape::Struct(mut made) => {
                // What people read about a member counts; where it stands does not.
                let docs = made
                    .fields
                    .iter()
                    .map(|field| self.description(&field.docs));
                let docs = docs.map(|text| text.map(str::to_owned)).collect();
                for field in &mut made.fields {
                    field.docs.clear();
                    field.schema = self.tree.root();
                }
                Likeness::Struct(made, docs, draft.rules)
            }
            Shape::Enum(mut values) => {
                for value in &mut values.values {
                    value.doc = None;
                }
                Likeness::Enum(values)
            }
            Shape::Union(mut union) => {
                for variant in &mut union.list {
                    variant.docs.clear();
                }
                Likeness::Union(union, draft.rules)
            }
            Shape::Tuple(tuple) => Likeness::Tuple(tuple),
            Shape::Pending => return None,
        })
    }
}
