//! Filling unions: variants, and what tells them apart.

use super::Schemas;
use super::choices::{Alternative, Union};
use super::draft::{Variant, Variants};
use super::flat::Flat;
use super::parts::{Kinds, Parts};
use super::site::{Owner, Site};
use crate::diagnostic::Kind;
use crate::ir::{TypeId, Value};
use crate::lower::words::words;
use crate::read::NodeId;
use std::collections::HashSet;

/// The values that tell an alternative from the others.
struct Tags {
    member: String,
    /// For each alternative.
    values: Vec<Vec<Value>>,
    or_required: bool,
}

impl<'a> Schemas<'a> {
    pub(super) fn fill_union(&mut self, id: TypeId, union: Union) -> Variants {
        let flats: Vec<Flat<'a>> = union
            .alternatives
            .iter()
            .map(|one| self.flatten(&one.parts))
            .collect();
        let tags = self.tags(&union, &flats);
        let mut list = Vec::new();
        let order = order(&flats, tags.is_some());
        for at in order {
            let alternative = &union.alternatives[at];
            let values = tags
                .as_ref()
                .map(|tags| tags.values[at].as_slice())
                .unwrap_or_default();
            self.variants(id, alternative, own_words(&flats, at), values, &mut list);
        }
        Variants {
            tag: tags.map(|tags| (tags.member, tags.or_required)),
            list,
        }
    }

    /// One variant, or one for each value of its tag.
    fn variants(
        &mut self,
        id: TypeId,
        alternative: &Alternative,
        own_words: Vec<String>,
        values: &[Value],
        list: &mut Vec<Variant>,
    ) {
        let direction = self.of(id).direction;
        let title = match alternative.target {
            Some(_) => None,
            None => self
                .tree
                .text_at(alternative.node, "title")
                .map(str::to_owned),
        };
        let tag_text = values.first().map(text);
        let by_kind = alternative.parts.only != Kinds::ANY;
        let words = match (&title, &tag_text) {
            (Some(title), _) if !by_kind => words(title),
            (_, Some(tag)) => words(tag),
            _ => own_words,
        };
        let title = title.filter(|_| !by_kind);
        let site = Site::Member {
            owner: Owner::Draft(id),
            words: words.clone(),
            title: title.clone(),
        };
        let ty = self.lower_parts(alternative.parts.clone(), direction, site);
        let (ty, _) = ty.split_null();
        let docs = if by_kind {
            Vec::new()
        } else {
            vec![alternative.node]
        };
        let deprecated = self.flag(alternative.node, "deprecated");
        let component = alternative.target.and_then(|target| self.last_part(target));
        let variant = |tag: Option<Value>, name: Option<String>| Variant {
            tag,
            name,
            ty: ty.clone(),
            docs: docs.clone(),
            deprecated,
        };
        if values.is_empty() {
            let name = title.or_else(|| component.map(str::to_owned));
            list.push(variant(None, name));
        }
        for value in values {
            list.push(variant(Some(value.clone()), Some(text(value))));
        }
    }

    fn tags(&self, union: &Union, flats: &[Flat<'a>]) -> Option<Tags> {
        let objects = flats.iter().all(|flat| {
            flat.allowed().without(Kinds::NULL) == Kinds::OBJECT || !flat.choices.is_empty()
        });
        if let Some(discriminator) = union.discriminator {
            if let Some(tags) = self.discriminated(union, flats, discriminator) {
                return Some(tags);
            }
            self.note(
                Kind::Schema,
                discriminator,
                "the discriminator does not tell every alternative; what they hold decides",
            );
        }
        if !objects {
            return None;
        }
        let first = flats.first()?;
        let members = first.members.iter().map(|member| member.wire);
        members
            .into_iter()
            .find_map(|wire| self.told_by(flats, wire))
    }

    /// What a discriminator says: its mapping, else constants, else the schema's name.
    fn discriminated(
        &self,
        union: &Union,
        flats: &[Flat<'a>],
        discriminator: NodeId,
    ) -> Option<Tags> {
        let member = self.tree.text_at(discriminator, "propertyName")?;
        let mapping = self.mapping(discriminator);
        let mut values = Vec::new();
        for (alternative, flat) in union.alternatives.iter().zip(flats) {
            let leads = |target: NodeId| {
                target == alternative.identity()
                    || target == alternative.node
                    || self.pure_target(target) == Some(alternative.identity())
            };
            let mut keys: Vec<Value> = mapping
                .iter()
                .filter(|(_, _, target)| leads(*target))
                .map(|(key, ..)| Value::String((*key).to_owned()))
                .collect();
            if keys.is_empty() {
                keys = self.values_of(flat, member);
            }
            if keys.is_empty() {
                let name = alternative.target.and_then(|target| self.last_part(target));
                keys.extend(name.map(|name| Value::String(name.to_owned())));
            }
            if keys.is_empty() {
                return None;
            }
            values.push(keys);
        }
        all_different(&values).then(|| Tags {
            member: member.to_owned(),
            values,
            or_required: false,
        })
    }

    /// A member whose values are other ones in each alternative.
    fn told_by(&self, flats: &[Flat<'a>], wire: &str) -> Option<Tags> {
        let values = flats
            .iter()
            .map(|flat| Some(self.values_of(flat, wire)).filter(|values| !values.is_empty()));
        let values: Vec<Vec<Value>> = values.collect::<Option<_>>()?;
        if !all_different(&values) {
            return None;
        }
        let optional = flats.iter().find(|flat| !flat.required.contains(wire));
        let or_required = optional.is_some();
        if let Some(member) = optional.and_then(|flat| flat.member(wire)) {
            let text = format!(
                "`{wire}` is constant but not required: without it, required members decide"
            );
            self.note(Kind::Schema, member.schemas[0], &text);
        }
        Some(Tags {
            member: wire.to_owned(),
            values,
            or_required,
        })
    }

    /// The values that a member may have, if they are listed.
    fn values_of(&self, flat: &Flat<'a>, wire: &str) -> Vec<Value> {
        let Some(member) = flat.member(wire) else {
            return Vec::new();
        };
        let member = self.flatten(&Parts::all(member.schemas.clone()));
        if member.is_nullable() || !member.choices.is_empty() {
            return Vec::new();
        }
        let kinds = member.kinds.map(|kinds| kinds.without(Kinds::NULL));
        let values = member
            .values
            .iter()
            .flatten()
            .map(|value| self.value(*value, kinds));
        values.collect::<Option<Vec<_>>>().unwrap_or_default()
    }

    /// The name of a schema under `components/schemas`.
    pub(super) fn component(&self, node: NodeId) -> Option<&'a str> {
        let key = self.tree.parent(node)?;
        let named = self.components.is_some() && self.tree.parent(key) == self.components;
        named.then(|| self.tree.text(key)).flatten()
    }

    /// The last part of a schema's pointer.
    pub(super) fn last_part(&self, node: NodeId) -> Option<&'a str> {
        self.tree
            .parent(node)
            .filter(|key| self.tree.is_key(*key))
            .and_then(|key| self.tree.text(key))
    }
}

fn all_different(values: &[Vec<Value>]) -> bool {
    let mut seen = HashSet::new();
    values.iter().flatten().all(|value| seen.insert(value))
}

/// A value, as text.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) | Value::Number(text) => text.clone(),
        Value::Integer(value) => value.to_string(),
        Value::Boolean(value) => value.to_string(),
    }
}

/// Without a tag the first variant that fits is taken: objects that require more come first.
fn order(flats: &[Flat<'_>], tagged: bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..flats.len()).collect();
    if tagged {
        return order;
    }
    let is_object = |at: &usize| !flats[*at].members.is_empty();
    let places: Vec<usize> = order.iter().copied().filter(is_object).collect();
    let mut objects = places.clone();
    let described = |flat: &Flat<'_>| {
        flat.required
            .iter()
            .filter(|name| flat.member(name).is_some())
            .count()
    };
    objects.sort_by_key(|at| std::cmp::Reverse(described(&flats[*at])));
    for (place, object) in places.into_iter().zip(objects) {
        order[place] = object;
    }
    order
}

/// What a variant without any name is called after: a member that no other has, or its JSON type.
fn own_words(flats: &[Flat<'_>], at: usize) -> Vec<String> {
    let flat = &flats[at];
    let own = |wire: &str| {
        let others = flats.iter().enumerate().filter(|(other, _)| *other != at);
        others
            .into_iter()
            .all(|(_, other)| other.member(wire).is_none())
    };
    let required = flat
        .members
        .iter()
        .filter(|member| flat.required.contains(member.wire));
    let member = required
        .chain(&flat.members)
        .find(|member| own(member.wire));
    if let Some(member) = member.filter(|_| flats.len() > 1) {
        return words(member.wire);
    }
    let mut kinds = flat.allowed().without(Kinds::NULL).each();
    let word = match (kinds.next(), kinds.next()) {
        (Some(Kinds::STRING), None) => "text",
        (Some(Kinds::ARRAY), None) => "list",
        (Some(Kinds::OBJECT), None) => "object",
        (Some(Kinds::BOOLEAN), None) => "flag",
        (Some(_), None) => "number",
        _ => "variant",
    };
    vec![word.to_owned()]
}
