//! `oneOf` and `anyOf`: which of them is a union, and of what.

use super::Schemas;
use super::draft::{Enum, ListedValue};
use super::flat::{Choice, Flat};
use super::keywords::{Role, role};
use super::parts::{Kinds, Parts};
use crate::diagnostic::Kind;
use crate::ir::TypeRef;
use crate::read::NodeId;
use std::collections::HashMap;

/// How many lists of alternatives may hold at once, and how many combinations they may have.
const MAX_LISTS: usize = 16;
const MAX_PRODUCT: usize = 1_000;

/// What alternatives come to.
pub(super) enum Outcome {
    /// There are none.
    None,
    /// They only say which members go together.
    Rule { list: NodeId, text: String },
    /// One is left: it holds with all the rest.
    Merge { parts: Parts, null: bool },
    /// All are values.
    Enum { values: Enum, null: bool },
    /// All are the same scalar.
    Scalar { ty: TypeRef, null: bool },
    /// They are types of their own.
    Union { union: Union, null: bool },
}

/// A union that is to be filled.
#[derive(Clone, Debug)]
pub(super) struct Union {
    pub(super) alternatives: Vec<Alternative>,
    pub(super) discriminator: Option<NodeId>,
}

/// A type that a union may be.
#[derive(Clone, Debug)]
pub(super) struct Alternative {
    pub(super) parts: Parts,
    /// The schema, as it stands in the list.
    pub(super) node: NodeId,
    /// Where it leads, if it is nothing but a reference.
    pub(super) target: Option<NodeId>,
}

impl Alternative {
    /// What it is, however it is written.
    pub(super) fn identity(&self) -> NodeId {
        self.target.unwrap_or(self.node)
    }
}

impl<'a> Schemas<'a> {
    /// Decides what the first list of alternatives comes to.
    pub(super) fn choose(&mut self, parts: &Parts, flat: &Flat<'a>) -> Outcome {
        let Some(choice) = flat.choices.first() else {
            return self.choose_child(parts, flat);
        };
        if let Some(text) = self.rule(choice) {
            return Outcome::Rule {
                list: choice.list,
                text,
            };
        }
        if self.too_many(parts, choice) {
            self.warn(
                Kind::Limit,
                choice.list,
                "alternatives times alternatives; these are left out",
            );
            return Outcome::Merge {
                parts: skipping(parts, choice.list),
                null: false,
            };
        }
        let (mut alternatives, null, any) = self.alternatives(parts, flat, choice);
        let null = null || flat.is_nullable();
        match alternatives.len() {
            0 => {
                return Outcome::Merge {
                    parts: skipping(parts, choice.list),
                    null,
                };
            }
            1 if !any => {
                let parts = alternatives.remove(0).parts;
                return Outcome::Merge { parts, null };
            }
            _ => {}
        }
        let flats: Vec<Flat<'a>> = alternatives
            .iter()
            .map(|one| self.flatten(&one.parts))
            .collect();
        if !any {
            if let Some(outcome) = self.all_values(&alternatives, &flats, null) {
                return outcome;
            }
            if let Some(ty) = self.all_one_scalar(&flats) {
                return Outcome::Scalar { ty, null };
            }
        }
        let discriminator = flat.discriminator;
        if let Some(discriminator) = discriminator {
            self.add_mapped(parts, flat, choice, discriminator, &mut alternatives);
        }
        Outcome::Union {
            union: Union {
                alternatives,
                discriminator,
            },
            null,
        }
    }

    /// Whether the alternatives, times those that are dealt with, are more than anybody reads.
    fn too_many(&self, parts: &Parts, choice: &Choice) -> bool {
        let lists = parts.skip.iter().chain([&choice.list]);
        let counts = lists.map(|list| self.tree.len(*list).max(1));
        let product = counts.fold(1_usize, usize::saturating_mul);
        parts.skip.len() > MAX_LISTS || (!parts.skip.is_empty() && product > MAX_PRODUCT)
    }

    /// The alternatives, whether null is one, and whether anything at all is one.
    fn alternatives(
        &self,
        parts: &Parts,
        flat: &Flat<'a>,
        choice: &Choice,
    ) -> (Vec<Alternative>, bool, bool) {
        let mut alternatives: Vec<Alternative> = Vec::new();
        let (mut null, mut any) = (false, false);
        for item in self.tree.items(choice.list) {
            let alternative = self.alternative(parts, flat, choice, item);
            let identity = alternative.identity();
            if flat.atoms.iter().any(|atom| atom.node == identity) {
                self.note(
                    Kind::Schema,
                    item,
                    "an alternative that is the union itself is left out",
                );
                continue;
            }
            let known = |other: &Alternative| {
                other.identity() == identity
                    || (other.target.is_none() && self.same(other.node, item))
            };
            if alternatives.iter().any(known) {
                continue;
            }
            let alone = self.flatten(&Parts::one(item));
            null |= alone.is_nullable();
            if alone.is_only_null() || alone.never {
                continue;
            }
            if alone.allowed() == Kinds::ANY && alone.values.is_none() && alone.choices.is_empty() {
                any = true;
                continue;
            }
            alternatives.push(alternative);
        }
        (alternatives, null, any)
    }

    fn alternative(
        &self,
        parts: &Parts,
        flat: &Flat<'a>,
        choice: &Choice,
        node: NodeId,
    ) -> Alternative {
        let target = self.pure_target(node);
        let alone = Parts::one(node);
        let parts = if self.holds_alone(flat, choice, &alone) {
            alone
        } else {
            let mut parts = parts.clone();
            parts.nodes.push(node);
            parts.skip.push(choice.list);
            parts
        };
        Alternative {
            parts,
            node,
            target,
        }
    }

    /// Whether an alternative says everything that stands beside the list itself.
    fn holds_alone(&self, flat: &Flat<'a>, choice: &Choice, alone: &Parts) -> bool {
        let inner = self.flatten(alone);
        let beside = !flat.members.is_empty()
            || !flat.additional.is_empty()
            || !flat.required.is_empty()
            || !flat.items.is_empty()
            || flat.values.is_some()
            || flat.choices.len() > 1;
        if !beside {
            let fits = flat.kinds.is_none_or(|kinds| kinds.has(inner.allowed()));
            return fits || inner.allowed().has(Kinds::NULL);
        }
        let list = choice.list;
        let says = |node: NodeId| {
            let only_list = |value| value == list;
            self.tree
                .entries(node)
                .any(|(key, _, value)| role(key) == Role::Shape && !only_list(value))
        };
        let included = |node| inner.atoms.iter().any(|atom| atom.node == node);
        flat.atoms
            .iter()
            .all(|atom| included(atom.node) || !says(atom.node))
    }

    /// Where a schema leads that is nothing but a reference.
    pub(super) fn pure_target(&self, node: NodeId) -> Option<NodeId> {
        self.other_name(&Parts::one(node)).map(|(target, _)| target)
    }

    /// `anyOf` of `required` lists: a rule, no types.
    fn rule(&self, choice: &Choice) -> Option<String> {
        let mut groups = Vec::new();
        for item in self.tree.items(choice.list) {
            if !self.tree.is_mapping(item) {
                return None;
            }
            let mut names = Vec::new();
            for (key, _, value) in self.tree.entries(item) {
                match key {
                    "required" => {
                        names.extend(self.tree.items(value).filter_map(|n| self.tree.text(n)))
                    }
                    "type" | "not" => {}
                    _ if role(key) == Role::Annotation => {}
                    _ => return None,
                }
            }
            if !names.is_empty() {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                groups.push(names.join(" and "));
            }
        }
        let least = if choice.one {
            "Exactly one"
        } else {
            "At least one"
        };
        (!groups.is_empty()).then(|| format!("{least} of these is there: {}.", groups.join("; ")))
    }

    fn all_values(
        &self,
        alternatives: &[Alternative],
        flats: &[Flat<'a>],
        null: bool,
    ) -> Option<Outcome> {
        let listing: Vec<usize> = (0..flats.len())
            .filter(|at| flats[*at].values.is_some())
            .collect();
        let plain_text = |flat: &Flat<'a>| {
            flat.values.is_none()
                && flat.choices.is_empty()
                && flat.allowed().without(Kinds::NULL) == Kinds::STRING
        };
        let fits = flats
            .iter()
            .all(|flat| flat.values.is_some() || plain_text(flat));
        if !fits || listing.is_empty() {
            return None;
        }
        if let [one] = listing.as_slice() {
            // Text, with suggestions: what an open enum is.
            let text = self
                .listed(&flats[*one])
                .is_some_and(|values| values.repr == crate::ir::Repr::String);
            let parts = alternatives[*one].parts.clone();
            return text.then_some(Outcome::Merge { parts, null });
        }
        let mut merged: Option<Enum> = None;
        for at in listing {
            let mut values = self.listed(&flats[at])?;
            if let [value] = values.values.as_mut_slice() {
                self.name_value(value, &flats[at]);
            }
            match &mut merged {
                None => merged = Some(values),
                Some(known) if known.repr == values.repr => {
                    for value in values.values {
                        if !known.values.iter().any(|other| other.value == value.value) {
                            known.values.push(value);
                        }
                    }
                }
                Some(_) => return None,
            }
        }
        merged.map(|values| Outcome::Enum { values, null })
    }

    /// A single value with a title: what people call it.
    fn name_value(&self, value: &mut ListedValue, flat: &Flat<'a>) {
        for node in flat.doc_nodes() {
            let text = |key| self.tree.text_at(node, key).map(str::to_owned);
            value.name = value.name.take().or_else(|| text("title"));
            value.doc = value.doc.take().or_else(|| text("description"));
            value.deprecated |= self.flag(node, "deprecated");
        }
    }

    fn all_one_scalar(&self, flats: &[Flat<'a>]) -> Option<TypeRef> {
        let mut one = None;
        for flat in flats {
            let mut kinds = flat.allowed().each();
            let (Some(kind), None) = (kinds.next(), kinds.next()) else {
                return None;
            };
            let composed = kind == Kinds::ARRAY || kind == Kinds::OBJECT;
            if composed || flat.values.is_some() || !flat.choices.is_empty() {
                return None;
            }
            let ty = self.scalar(kind, flat);
            if one.get_or_insert_with(|| ty.clone()) != &ty {
                return None;
            }
        }
        one
    }

    /// A mapping may name schemas that the list does not.
    fn add_mapped(
        &self,
        parts: &Parts,
        flat: &Flat<'a>,
        choice: &Choice,
        discriminator: NodeId,
        alternatives: &mut Vec<Alternative>,
    ) {
        for (_, value, target) in self.mapping(discriminator) {
            let known = |one: &Alternative| one.identity() == target || one.node == target;
            if alternatives.iter().any(known) {
                continue;
            }
            if flat.atoms.iter().any(|atom| atom.node == target) {
                self.note(
                    Kind::Schema,
                    value,
                    "an alternative that is the union itself is left out",
                );
                continue;
            }
            let mut alternative = self.alternative(parts, flat, choice, target);
            alternative.target = Some(target);
            alternatives.push(alternative);
        }
    }

    /// The keys of a discriminator's mapping, and where they lead.
    pub(super) fn mapping(&self, discriminator: NodeId) -> Vec<(&'a str, NodeId, NodeId)> {
        let Some(mapping) = self.tree.get(discriminator, "mapping") else {
            return Vec::new();
        };
        let entries = self.tree.entries(mapping).filter_map(|(key, _, value)| {
            let Some(target) = self.tree.text(value).and_then(|text| self.mapped(text)) else {
                self.warn(
                    Kind::Unresolved,
                    value,
                    "the mapping leads to no schema of this document",
                );
                return None;
            };
            Some((key, value, target))
        });
        entries.collect()
    }

    /// A mapping names a schema by a reference, or by its bare name.
    fn mapped(&self, text: &str) -> Option<NodeId> {
        let pointer = Some(text).filter(|text| text.starts_with('#'));
        if let Some(target) = pointer.and_then(|text| self.tree.at_pointer(text)) {
            return Some(target);
        }
        let schemas = self.components?;
        let name = text.rsplit('/').next().unwrap_or(text);
        self.tree
            .get(schemas, text)
            .or_else(|| self.tree.get(schemas, name))
    }

    /// A discriminator without a list: whoever extends the schema is an alternative.
    fn choose_child(&mut self, parts: &Parts, flat: &Flat<'a>) -> Outcome {
        let Some(discriminator) = flat.discriminator else {
            return Outcome::None;
        };
        let own = flat.atoms.iter().find(|atom| {
            atom.origin.is_none()
                && self.tree.get(atom.node, "discriminator") == Some(discriminator)
        });
        let Some(base) = own.map(|atom| atom.node) else {
            return Outcome::None;
        };
        if parts.skip.contains(&discriminator) {
            return Outcome::None;
        }
        let mut targets: Vec<NodeId> = self
            .mapping(discriminator)
            .into_iter()
            .map(|(_, _, target)| target)
            .collect();
        if targets.is_empty() {
            targets = self.descendants(base);
        }
        let mut alternatives: Vec<Alternative> = Vec::new();
        for target in targets {
            if alternatives.iter().any(|known| known.node == target) {
                continue;
            }
            let mut parts = Parts::one(target);
            if target == base || self.other_name(&parts).is_some() {
                parts.skip.push(discriminator);
            }
            alternatives.push(Alternative {
                parts,
                node: target,
                target: Some(target),
            });
        }
        if alternatives.iter().all(|one| one.node == base) {
            return Outcome::None;
        }
        let union = Union {
            alternatives,
            discriminator: Some(discriminator),
        };
        Outcome::Union {
            union,
            null: flat.is_nullable(),
        }
    }

    /// The named schemas that extend `base`, however far down.
    fn descendants(&mut self, base: NodeId) -> Vec<NodeId> {
        if self.children.is_none() {
            self.children = Some(self.find_children());
        }
        let mut found = Vec::new();
        let mut open = vec![base];
        while let Some(node) = open.pop() {
            let children = self.children.as_ref().and_then(|all| all.get(&node));
            for child in children.into_iter().flatten() {
                if *child != base && !found.contains(child) {
                    found.push(*child);
                    open.push(*child);
                }
            }
        }
        found.sort();
        found
    }

    fn find_children(&self) -> HashMap<NodeId, Vec<NodeId>> {
        let mut children: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
        let Some(schemas) = self.components else {
            return children;
        };
        for (_, _, schema) in self.tree.entries(schemas) {
            let Some(list) = self.tree.get(schema, "allOf") else {
                continue;
            };
            for item in self.tree.items(list) {
                if let Some(target) = self.pure_target(item) {
                    children.entry(target).or_default().push(schema);
                }
            }
        }
        children
    }

    /// One alternative for each JSON type.
    pub(super) fn union_of_kinds(&self, parts: &Parts, allowed: Kinds) -> Union {
        let alternatives = allowed.each().map(|only| {
            let parts = Parts {
                only,
                ..parts.clone()
            };
            let node = parts.nodes[0];
            Alternative {
                parts,
                node,
                target: None,
            }
        });
        Union {
            alternatives: alternatives.collect(),
            discriminator: None,
        }
    }

    /// A keyword that is true.
    pub(super) fn flag(&self, node: NodeId, keyword: &str) -> bool {
        self.tree
            .get(node, keyword)
            .and_then(|value| self.tree.as_bool(value))
            == Some(true)
    }
}

/// The parts without a list that is dealt with.
pub(super) fn skipping(parts: &Parts, list: NodeId) -> Parts {
    let mut parts = parts.clone();
    parts.skip.push(list);
    parts
}

impl Flat<'_> {
    fn is_only_null(&self) -> bool {
        let no_value = self.values.as_ref().is_some_and(Vec::is_empty);
        self.kinds == Some(Kinds::NULL) || (no_value && self.nullable)
    }
}
