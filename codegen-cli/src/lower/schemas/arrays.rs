//! Lists and tuples.

use super::Schemas;
use super::classify::optional;
use super::direction::Direction;
use super::draft::{Plan, Variant, Variants};
use super::flat::Flat;
use super::parts::Parts;
use super::site::{Owner, Site};
use crate::diagnostic::Kind;
use crate::ir::{Tuple, TypeId, TypeRef};

/// The longest tuple: what std and serde implement their traits for.
const MAX_ITEMS: usize = 12;

impl<'a> Schemas<'a> {
    pub(super) fn array(
        &mut self,
        parts: &Parts,
        direction: Direction,
        site: Site,
        flat: Flat<'a>,
    ) -> TypeRef {
        if flat.prefix.len() > MAX_ITEMS {
            let at = flat.prefix[MAX_ITEMS][0];
            self.warn(
                Kind::Schema,
                at,
                "a tuple has at most 12 items; this is a list of raw values",
            );
            return TypeRef::List(Box::new(TypeRef::Raw));
        }
        if flat.prefix.is_empty() {
            return TypeRef::List(Box::new(self.items(direction, &site, &flat)));
        }
        if flat.is_exact() {
            return TypeRef::Tuple(self.tuple_items(direction, &site, &flat));
        }
        let docs = flat.doc_nodes();
        self.draft(parts, direction, site, docs, Plan::Tuple(flat))
    }

    fn items(&mut self, direction: Direction, site: &Site, flat: &Flat<'a>) -> TypeRef {
        if flat.items.is_empty() {
            return TypeRef::Raw;
        }
        self.lower_parts(Parts::all(flat.items.clone()), direction, site.one())
    }

    fn tuple_items(&mut self, direction: Direction, site: &Site, flat: &Flat<'a>) -> Vec<TypeRef> {
        let shown = flat.prefix.len().min(flat.max_items.unwrap_or(usize::MAX));
        let items = flat.prefix.iter().take(shown).enumerate();
        let items = items.map(|(at, schemas)| {
            as_text(self.lower_parts(Parts::all(schemas.clone()), direction, site.item(at)))
        });
        items.collect()
    }

    /// A list of which some items may be missing, or more may follow.
    pub(super) fn fill_tuple(&mut self, id: TypeId, flat: &Flat<'a>) -> Tuple {
        let direction = self.of(id).direction;
        let site = Site::member(Owner::Draft(id), Vec::new());
        let mut items = self.tuple_items(direction, &site, flat);
        let least = flat.min_items;
        for (at, item) in items.iter_mut().enumerate() {
            if at >= least {
                *item = optional(item.clone(), true);
            } else if matches!(item, TypeRef::Optional(_)) {
                // An `Option` would say that the item may be missing.
                *item = TypeRef::Raw;
            }
        }
        let closed = flat.closed_items || flat.max_items.is_some_and(|most| most <= items.len());
        let site = Site::member(Owner::Draft(id), vec!["items".to_owned()]);
        let rest = (!closed).then(|| as_text(self.items(direction, &site, flat)));
        Tuple { items, rest }
    }

    /// The variants of a list that contains itself.
    pub(super) fn fill_list(&mut self, id: TypeId, flat: &Flat<'a>) -> Variants {
        let direction = self.of(id).direction;
        let site = Site::member(Owner::Draft(id), vec!["items".to_owned()]);
        let ty = TypeRef::List(Box::new(self.items(direction, &site, flat)));
        let variant = Variant {
            tag: None,
            name: Some("List".to_owned()),
            ty,
            docs: Vec::new(),
            deprecated: false,
        };
        Variants {
            tag: None,
            list: vec![variant],
        }
    }
}

/// Base64 stays text where nothing takes it apart: beyond members and variants.
pub(super) fn as_text(ty: TypeRef) -> TypeRef {
    match ty {
        TypeRef::Bytes => TypeRef::String,
        TypeRef::List(inner) => TypeRef::List(Box::new(as_text(*inner))),
        TypeRef::Map(inner) => TypeRef::Map(Box::new(as_text(*inner))),
        TypeRef::Optional(inner) => TypeRef::Optional(Box::new(as_text(*inner))),
        other => other,
    }
}

impl Flat<'_> {
    /// Whether exactly as many items are allowed as have types.
    fn is_exact(&self) -> bool {
        let closed = self.closed_items || self.max_items == Some(self.prefix.len());
        closed && self.min_items >= self.prefix.len()
    }
}
