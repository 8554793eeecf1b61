//! What each type is called.

use super::Schemas;
use super::draft::Draft;
use super::site::{Hint, Owner, Site};
use crate::ir::TypeId;
use crate::lower::lock::Section;
use crate::lower::names::{Names, tell_apart};
use crate::lower::words::{Style, identifier, join, overlap, words};
use crate::read::NodeId;
use std::collections::{BTreeMap, HashMap};

/// The scope of all types.
pub(crate) const TYPES: &str = "types";

/// Words that say how a type is used, not what it is.
const ROLES: [&str; 12] = [
    "request", "response", "payload", "body", "item", "items", "value", "values", "result",
    "error", "object", "variant",
];

/// Names of the standard library and the runtime that no made-up name takes.
const KNOWN: [&str; 22] = [
    "ApiError", "Box", "Bytes", "Call", "Client", "Date", "Decimal", "Default", "Err", "Error",
    "Model", "None", "Ok", "Option", "Params", "RawJson", "Response", "Result", "Some", "String",
    "Time", "Vec",
];

/// Types that become one, with what is said about them.
pub(super) struct Entity {
    pub(super) id: TypeId,
    /// All drafts that are it, the first first.
    pub(super) drafts: Vec<TypeId>,
    /// `Input`, or nothing.
    pub(super) suffix: &'static str,
    /// Keys of the lock.
    pub(super) keys: Vec<String>,
}

/// Names, and what they are made of.
pub(super) struct Naming<'s, 'a> {
    schemas: &'s Schemas<'a>,
    /// The names of components, none twice.
    components: BTreeMap<NodeId, Vec<String>>,
    /// Titles of variants, and how many have them.
    titles: HashMap<String, usize>,
    /// The entity of each draft.
    of_draft: HashMap<TypeId, usize>,
    /// Names without suffix, as they are decided.
    bases: HashMap<TypeId, String>,
}

impl<'s, 'a> Naming<'s, 'a> {
    pub(super) fn new(schemas: &'s Schemas<'a>, entities: &[Entity]) -> Self {
        let of_draft = entities.iter().enumerate();
        let of_draft =
            of_draft.flat_map(|(at, entity)| entity.drafts.iter().map(move |id| (*id, at)));
        let mut naming = Self {
            schemas,
            components: BTreeMap::new(),
            titles: HashMap::new(),
            of_draft: of_draft.collect(),
            bases: HashMap::new(),
        };
        naming.components = naming.component_names();
        for entity in entities {
            if let Some(title) = naming.title(schemas.of(entity.id)) {
                *naming.titles.entry(title).or_default() += usize::from(entity.suffix.is_empty());
            }
        }
        naming
    }

    /// A name for each entity, in their order.
    pub(super) fn decide(mut self, entities: &[Entity], names: &mut Names) -> Vec<String> {
        let mut decided: Vec<Option<String>> = vec![None; entities.len()];
        for (at, entity) in entities.iter().enumerate() {
            let locked = entity.keys.iter().find_map(|key| names.locked_type(key));
            let locked = locked.map(str::to_owned);
            if let Some(name) = locked.filter(|name| names.take(TYPES, name)) {
                self.base(
                    entity,
                    name.strip_suffix(entity.suffix).unwrap_or(&name).to_owned(),
                );
                decided[at] = Some(name);
            }
        }
        // The document's own names, exact ones first, then what is made up.
        for pass in 0..3 {
            if pass == 2 {
                // Made-up names leave the document's alone, those of types not used yet too.
                for wish in self.components.values().filter_map(|wishes| wishes.first()) {
                    names.take(TYPES, wish);
                }
            }
            for (at, entity) in entities.iter().enumerate() {
                if decided[at].is_some() || self.pass(entity) > pass {
                    continue;
                }
                let wishes = self.wishes(entity, entities, names);
                let base = self.known_base(entity);
                let wishes: Vec<String> = base
                    .into_iter()
                    .chain(wishes)
                    .map(|base| format!("{base}{}", entity.suffix))
                    .collect();
                let name = names.claim(TYPES, &wishes, Style::Pascal);
                self.base(
                    entity,
                    name.strip_suffix(entity.suffix).unwrap_or(&name).to_owned(),
                );
                decided[at] = Some(name);
            }
        }
        let decided: Vec<String> = decided.into_iter().flatten().collect();
        for (entity, name) in entities.iter().zip(&decided) {
            for key in &entity.keys {
                // What the document calls just so needs no lock.
                if key.rsplit('/').next() != Some(name) || !self.is_component(entity) {
                    names.keep(Section::Types, key, name);
                }
            }
        }
        decided
    }

    fn is_component(&self, entity: &Entity) -> bool {
        matches!(self.schemas.of(entity.id).site, Site::Target(node) if self.components.contains_key(&node))
    }

    fn pass(&self, entity: &Entity) -> u8 {
        match self.schemas.of(entity.id).site {
            Site::Target(node) => match self.schemas.component(node) {
                Some(name) => {
                    u8::from(!entity.suffix.is_empty() || identifier(name, Style::Pascal) != name)
                }
                None => 2,
            },
            _ => 2,
        }
    }

    fn base(&mut self, entity: &Entity, base: String) {
        for id in &entity.drafts {
            self.bases.entry(*id).or_insert_with(|| base.clone());
        }
    }

    /// The name that the same schema has in the other direction.
    fn known_base(&self, entity: &Entity) -> Option<String> {
        entity
            .drafts
            .iter()
            .find_map(|id| self.bases.get(id).cloned())
            .or_else(|| {
                let draft = self.schemas.of(entity.id);
                let other = self.schemas.twin(draft)?;
                self.bases.get(&other).cloned()
            })
    }

    fn wishes(&self, entity: &Entity, entities: &[Entity], names: &Names) -> Vec<String> {
        let draft = self.schemas.of(entity.id);
        if let Site::Target(node) = draft.site {
            return match self.components.get(&node) {
                Some(wishes) => wishes.clone(),
                None => self.target_wishes(node),
            };
        }
        let extended = self.extended(entity, names);
        let is_body = matches!(draft.site, Site::Given(_));
        let mut wishes: Vec<String> = extended.clone().filter(|_| is_body).into_iter().collect();
        let drafts = entity.drafts.iter().map(|id| self.schemas.of(*id));
        let all: Vec<Vec<String>> = drafts.map(|draft| self.words(draft, entities)).collect();
        if all.len() > 1 {
            let free = |name: &String| !KNOWN.contains(&name.as_str());
            wishes.extend(suffixes(&all).into_iter().filter(free));
        }
        let title = self.title(draft);
        wishes.extend(title.filter(|title| self.titles.get(title).is_none_or(|count| *count < 2)));
        wishes.extend(extended);
        let shortest = all.iter().min_by_key(|words| words.len());
        wishes.extend(shortest.map(|words| join(words, Style::Pascal)));
        // Where the words that overlap made one name of two.
        if let Site::Member { owner, words, .. } = &draft.site {
            let mut all = self.owner_words(owner, entities);
            all.extend(words.iter().cloned());
            wishes.push(join(&all, Style::Pascal));
        }
        wishes.dedup();
        wishes
    }

    /// `<Ref>With<Members>`.
    fn extended(&self, entity: &Entity, names: &Names) -> Option<String> {
        let (base, members) = self.schemas.of(entity.id).with.as_ref()?;
        let mut all = self.schema_words(*base);
        all.push("with".to_owned());
        for (at, member) in members.iter().enumerate() {
            if at > 0 {
                all.push("and".to_owned());
            }
            all.extend(words(member));
        }
        let name = join(&all, Style::Pascal);
        // One name for two types would say nothing.
        names
            .is_free(TYPES, &format!("{name}{}", entity.suffix))
            .then_some(name)
    }

    /// `<Owner><Member>`, as words.
    fn words(&self, draft: &Draft, entities: &[Entity]) -> Vec<String> {
        match &draft.site {
            Site::Given(hint) => hint_words(hint),
            Site::Target(node) => self.schema_words(*node),
            Site::Member { owner, words, .. } => overlap(&self.owner_words(owner, entities), words),
        }
    }

    fn owner_words(&self, owner: &Owner, entities: &[Entity]) -> Vec<String> {
        match owner {
            Owner::Hint(hint) => hint_words(hint),
            Owner::Schema(node) => self.schema_words(*node),
            Owner::Draft(id) => {
                if let Some(base) = self.bases.get(id) {
                    return words(base);
                }
                let draft = self.schemas.of(*id);
                if let Some(base) = self
                    .schemas
                    .twin(draft)
                    .and_then(|twin| self.bases.get(&twin))
                {
                    return words(base);
                }
                let entity = self.of_draft.get(id).and_then(|at| entities.get(*at));
                let first = entity.map_or(draft, |entity| self.schemas.of(entity.id));
                // An owner is drafted before its members, so this ends.
                match &first.site {
                    Site::Member {
                        owner: Owner::Draft(other),
                        ..
                    } if other >= id => Vec::new(),
                    _ => self.words(first, entities),
                }
            }
        }
    }

    /// A schema's own name: of the component, else the last parts of its pointer.
    fn schema_words(&self, node: NodeId) -> Vec<String> {
        if let Some(base) = self
            .schemas
            .draft_of(node)
            .and_then(|id| self.bases.get(&id))
        {
            return words(base);
        }
        match self.components.get(&node).and_then(|wishes| wishes.first()) {
            Some(name) => words(name),
            None => self
                .target_wishes(node)
                .first()
                .map(|name| words(name))
                .unwrap_or_default(),
        }
    }

    /// Names for what a reference leads to outside `components/schemas`.
    fn target_wishes(&self, node: NodeId) -> Vec<String> {
        let pointer = self.schemas.tree.pointer(node);
        let parts: Vec<String> = pointer
            .split('/')
            .skip(1)
            .map(|part| part.replace("~1", "/").replace("~0", "~"))
            .filter(|part| !STRUCTURE.contains(&part.as_str()) && part.parse::<u32>().is_err())
            .collect();
        let tail = |count: usize| {
            let tail = &parts[parts.len().saturating_sub(count)..];
            join(
                &tail.iter().flat_map(|part| words(part)).collect::<Vec<_>>(),
                Style::Pascal,
            )
        };
        (1..=parts.len().clamp(1, 3)).map(tail).collect()
    }

    fn title(&self, draft: &Draft) -> Option<String> {
        match &draft.site {
            Site::Member {
                title: Some(title), ..
            } => {
                let words = words(title);
                // A sentence is no name.
                (1..=5)
                    .contains(&words.len())
                    .then(|| join(&words, Style::Pascal))
            }
            _ => None,
        }
    }

    /// What every component may be called: the shortest unique tail of a dotted name first.
    fn component_names(&self) -> BTreeMap<NodeId, Vec<String>> {
        let tree = self.schemas.tree;
        let Some(components) = self.schemas.components else {
            return BTreeMap::new();
        };
        let mut count: HashMap<String, usize> = HashMap::new();
        for (name, ..) in tree.entries(components) {
            let mut all = tails(name);
            all.sort();
            all.dedup();
            for tail in all {
                *count.entry(tail).or_default() += 1;
            }
        }
        let names = tree.entries(components).map(|(name, _, node)| {
            let unique = |tail: &String| {
                count.get(tail) == Some(&1)
                    && !KNOWN.contains(&tail.as_str())
                    && !ROLES.contains(&tail.to_lowercase().as_str())
                    && !is_version(tail)
            };
            let mut wishes: Vec<String> = tails(name).into_iter().filter(unique).take(1).collect();
            let mut whole = name.to_owned();
            wishes.push(identifier(&whole, Style::Pascal));
            wishes.extend(tell_apart(&whole, Style::Pascal));
            whole.clear();
            wishes.dedup();
            (node, wishes)
        });
        names.collect()
    }
}

/// Parts of a pointer that name no schema.
const STRUCTURE: [&str; 18] = [
    "components",
    "schemas",
    "properties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "schema",
    "content",
    "application/json",
    "paths",
    "requestBody",
    "responses",
    "parameters",
    "additionalProperties",
    "$defs",
    "definitions",
    "x-definitions",
];

/// The tails of a dotted name, shortest first, as identifiers.
fn tails(name: &str) -> Vec<String> {
    let parts: Vec<&str> = name
        .split('.')
        .filter(|part| !words(part).is_empty())
        .collect();
    let tail = |start: usize| identifier(&parts[start..].join("."), Style::Pascal);
    (0..parts.len()).rev().map(tail).collect()
}

/// `V1` says nothing alone.
fn is_version(name: &str) -> bool {
    let digits = name.trim_start_matches(['_', 'V']);
    !digits.is_empty()
        && digits
            .chars()
            .all(|char| char.is_ascii_digit() || char == '_')
}

fn hint_words(hint: &Hint) -> Vec<String> {
    overlap(&words(&hint.owner), &words(&hint.member))
}

/// What all names end with, the shortest first; the role that a type plays is no name.
fn suffixes(all: &[Vec<String>]) -> Vec<String> {
    let Some((first, rest)) = all.split_first() else {
        return Vec::new();
    };
    let shared = (0..first.len())
        .take_while(|at| {
            let word = |words: &[String]| {
                words
                    .len()
                    .checked_sub(at + 1)
                    .map(|place| words[place].to_lowercase())
            };
            rest.iter().all(|other| word(other) == word(first))
        })
        .count();
    let tail = |count: usize| &first[first.len() - count..];
    let says = |tail: &[String]| {
        tail.iter()
            .any(|word| !ROLES.contains(&word.to_lowercase().as_str()))
    };
    (1..=shared)
        .map(tail)
        .filter(|tail| says(tail))
        .map(|tail| join(tail, Style::Pascal))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_is_shared_and_says_something() {
        let check = |names: &[&str], expected: &[&str]| {
            let all: Vec<Vec<String>> = names.iter().map(|name| words(name)).collect();
            assert_eq!(suffixes(&all), expected);
        };
        check(
            &["GetStationsResponseLinks", "NewBookingPayloadLinks"],
            &["Links"],
        );
        check(
            &["CreateUserRequest", "UpdateUserRequest"],
            &["UserRequest"],
        );
        check(&["AOne", "BTwo"], &[]);
    }

    #[test]
    fn tails_of_dotted_names() {
        assert_eq!(
            tails("io.k8s.v1.Pod"),
            ["Pod", "V1Pod", "K8sV1Pod", "IoK8sV1Pod"]
        );
        assert_eq!(tails("Pod"), ["Pod"]);
        assert!(is_version("V1") && !is_version("Vat") && is_version("_2"));
    }
}
