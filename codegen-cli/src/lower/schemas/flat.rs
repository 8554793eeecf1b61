//! One view of schemas that all hold at once: references followed, `allOf` merged.

use super::Schemas;
use super::keywords::{Role, role};
use super::parts::{Kinds, Parts};
use crate::diagnostic::Kind;
use crate::read::{self, NodeId};
use std::collections::{HashMap, HashSet};

/// How many schemas may make up one type. Real documents stay below 30.
const MAX_ATOMS: usize = 500;

/// What the parts of a type say together.
#[derive(Debug, Default)]
pub(super) struct Flat<'a> {
    /// Every schema that takes part, and the reference it came by.
    pub(super) atoms: Vec<Atom>,
    /// What `type` allows; null only if a `type` names it.
    pub(super) kinds: Option<Kinds>,
    /// `nullable`, where the type is used.
    pub(super) nullable: bool,
    /// In the order of their first mention.
    pub(super) members: Vec<Member<'a>>,
    index: HashMap<&'a str, usize>,
    pub(super) required: HashSet<&'a str>,
    /// The value of other members.
    pub(super) additional: Vec<NodeId>,
    /// `additionalProperties: false`.
    pub(super) sealed: bool,
    /// `enum` and `const`: what is left of them.
    pub(super) values: Option<Vec<NodeId>>,
    /// `oneOf` and `anyOf` that are not skipped.
    pub(super) choices: Vec<Choice>,
    pub(super) discriminator: Option<NodeId>,
    pub(super) items: Vec<NodeId>,
    pub(super) prefix: Vec<Vec<NodeId>>,
    /// No items beyond the prefix.
    pub(super) closed_items: bool,
    pub(super) min_items: usize,
    pub(super) max_items: Option<usize>,
    pub(super) format: Option<&'a str>,
    pub(super) base64: bool,
    pub(super) maximum: Option<NodeId>,
    /// Words of a constraint that only text, or only a number can have.
    pub(super) hints: Kinds0,
    /// A reference leads nowhere.
    pub(super) broken: bool,
    /// `false`: nothing is allowed.
    pub(super) never: bool,
}

/// Kinds that a keyword without `type` hints at.
pub(super) type Kinds0 = Option<Kinds>;

/// A schema that takes part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom {
    pub(super) node: NodeId,
    /// The target of the last reference on the way; `None`: it stands in the type itself.
    pub(super) origin: Option<NodeId>,
}

/// A member of an object.
#[derive(Debug)]
pub(super) struct Member<'a> {
    pub(super) wire: &'a str,
    pub(super) schemas: Vec<NodeId>,
    /// The target of the reference that the last schema came by.
    pub(super) origin: Option<NodeId>,
    /// The target of the reference that the first schema came by.
    pub(super) first: Option<NodeId>,
}

/// A list of alternatives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    /// The schema that it is a keyword of.
    pub(super) atom: Atom,
    /// The list.
    pub(super) list: NodeId,
    /// `oneOf`, or `anyOf`.
    pub(super) one: bool,
}

enum Step {
    Enter(NodeId, Option<NodeId>),
    Leave(NodeId, Option<NodeId>),
}

impl<'a> Schemas<'a> {
    /// Follows references and merges `allOf`; never fails, and never recurses.
    pub(super) fn flatten(&self, parts: &Parts) -> Flat<'a> {
        let mut flat = Flat::default();
        let mut steps: Vec<Step> = parts
            .nodes
            .iter()
            .rev()
            .map(|node| Step::Enter(*node, None))
            .collect();
        let mut seen = HashSet::new();
        let mut open = HashSet::new();
        while let Some(step) = steps.pop() {
            match step {
                Step::Leave(node, origin) => {
                    open.remove(&node);
                    flat.atoms.push(Atom { node, origin });
                }
                Step::Enter(node, _) if seen.len() >= MAX_ATOMS && !seen.contains(&node) => {
                    self.warn(
                        Kind::Limit,
                        node,
                        "too many schemas extend each other; this one is left out",
                    );
                }
                Step::Enter(node, origin) if seen.insert(node) => {
                    open.insert(node);
                    steps.push(Step::Leave(node, origin));
                    self.enter(node, origin, &mut steps, &mut flat);
                }
                Step::Enter(node, _) if open.contains(&node) => {
                    self.warn(
                        Kind::Cycle,
                        node,
                        "`allOf` leads back to the schema it belongs to",
                    );
                }
                Step::Enter(..) => {}
            }
        }
        for at in 0..flat.atoms.len() {
            self.absorb(flat.atoms[at], parts, &mut flat);
        }
        self.drop_own_children(&mut flat);
        if parts.only != Kinds::ANY {
            flat.kinds = Some(flat.kinds.unwrap_or(Kinds::ANY).and(parts.only));
        }
        flat
    }

    fn enter(
        &self,
        node: NodeId,
        origin: Option<NodeId>,
        steps: &mut Vec<Step>,
        flat: &mut Flat<'a>,
    ) {
        if let Some(list) = self.tree.get(node, "allOf") {
            let items: Vec<NodeId> = self.tree.items(list).collect();
            steps.extend(
                items
                    .into_iter()
                    .rev()
                    .map(|item| Step::Enter(item, origin)),
            );
        }
        match self.resolver.target(node) {
            Some(Ok(target)) => steps.push(Step::Enter(target, Some(target))),
            Some(Err(_)) => flat.broken = true,
            None => {}
        }
    }

    fn absorb(&self, atom: Atom, parts: &Parts, flat: &mut Flat<'a>) {
        let node = atom.node;
        match self.tree.kind(node) {
            read::Kind::Mapping => {}
            _ if self.tree.as_bool(node) == Some(true) => return,
            _ if self.tree.as_bool(node) == Some(false) => {
                flat.never = true;
                return;
            }
            _ => {
                self.warn(
                    Kind::WrongType,
                    node,
                    "a schema is an object, or true or false",
                );
                return;
            }
        }
        for (keyword, key, value) in self.tree.entries(node) {
            self.keyword(atom, keyword, key, value, parts, flat);
        }
    }

    fn keyword(
        &self,
        atom: Atom,
        keyword: &'a str,
        key: NodeId,
        value: NodeId,
        parts: &Parts,
        flat: &mut Flat<'a>,
    ) {
        let hint = |flat: &mut Flat<'a>, kind: Kinds| {
            flat.hints = Some(flat.hints.map_or(kind, |hints| hints.or(kind)));
        };
        match keyword {
            "type" => {
                if let Some(kinds) = self.kinds(value) {
                    let before = flat.kinds.unwrap_or(Kinds::ANY);
                    flat.kinds = Some(before.and(kinds));
                    if flat
                        .kinds
                        .is_some_and(|left| left.without(Kinds::NULL).is_empty())
                        && !before.and(Kinds::ANY.without(Kinds::NULL)).is_empty()
                        && !kinds.without(Kinds::NULL).is_empty()
                    {
                        let text = format!(
                            "`{}` contradicts `{}`; this is a raw value",
                            kinds.words(),
                            before.words()
                        );
                        self.warn(Kind::Schema, key, &text);
                    }
                }
            }
            "nullable" | "x-nullable" if atom.origin.is_none() => {
                flat.nullable |= self.tree.as_bool(value) == Some(true);
            }
            "properties" => self.properties(atom, value, flat),
            "required" => {
                if self.tree.is_sequence(value) {
                    let names = self
                        .tree
                        .items(value)
                        .filter_map(|item| self.tree.text(item));
                    flat.required.extend(names);
                } else {
                    self.warn(
                        Kind::WrongType,
                        key,
                        "`required` is a list of members' names",
                    );
                }
            }
            "additionalProperties" | "unevaluatedProperties" => match self.tree.as_bool(value) {
                Some(false) if keyword == "additionalProperties" => flat.sealed = true,
                Some(false) => {
                    self.note(Kind::Schema, key, "`unevaluatedProperties` is not enforced")
                }
                _ => flat.additional.push(value),
            },
            "patternProperties" => {
                flat.additional
                    .extend(self.tree.entries(value).map(|(_, _, value)| value));
            }
            "items" if self.tree.is_sequence(value) => {
                flat.prefix = self.tree.items(value).map(|item| vec![item]).collect();
            }
            "items" | "additionalItems" | "unevaluatedItems" => match self.tree.as_bool(value) {
                Some(false) => flat.closed_items = true,
                _ if keyword == "unevaluatedItems" => self.unenforced(keyword, key),
                _ => {
                    flat.items.push(value);
                    hint(flat, Kinds::ARRAY);
                }
            },
            "prefixItems" => self.prefix_items(value, flat),
            "minItems" => {
                flat.min_items = flat.min_items.max(self.count(value).unwrap_or(0));
                hint(flat, Kinds::ARRAY);
            }
            "maxItems" => {
                if let Some(count) = self.count(value) {
                    flat.max_items = Some(flat.max_items.map_or(count, |most| most.min(count)));
                }
                hint(flat, Kinds::ARRAY);
            }
            "enum" if self.tree.is_sequence(value) && self.tree.len(value) > 0 => {
                self.values(self.tree.items(value).collect(), flat);
            }
            "enum" => self.warn(Kind::WrongType, key, "`enum` is a list of values"),
            "const" => self.values(vec![value], flat),
            "oneOf" | "anyOf" => {
                if self.tree.is_sequence(value) && !parts.skip.contains(&value) {
                    flat.choices.push(Choice {
                        atom,
                        list: value,
                        one: keyword == "oneOf",
                    });
                }
            }
            "discriminator" => flat.discriminator = flat.discriminator.or(Some(value)),
            "format" => flat.format = flat.format.or(self.tree.text(value)),
            "contentEncoding" => {
                flat.base64 |= self
                    .tree
                    .text(value)
                    .is_some_and(|word| word.starts_with("base64"));
            }
            "maximum" | "exclusiveMaximum" => {
                if self.tree.as_f64(value).is_some() {
                    flat.maximum = Some(value);
                }
                hint(flat, Kinds::NUMBER);
            }
            "minimum" | "exclusiveMinimum" | "multipleOf" => hint(flat, Kinds::NUMBER),
            "minLength" | "maxLength" | "pattern" => hint(flat, Kinds::STRING),
            other => match role(other) {
                Role::Unenforced => self.unenforced(other, key),
                Role::Unknown => {
                    self.note(
                        Kind::Unknown,
                        key,
                        &format!("the keyword `{other}` is not known"),
                    );
                }
                _ => {}
            },
        }
    }

    fn unenforced(&self, keyword: &str, key: NodeId) {
        self.note(Kind::Schema, key, &format!("`{keyword}` is not enforced"));
    }

    fn properties(&self, atom: Atom, properties: NodeId, flat: &mut Flat<'a>) {
        for (wire, key, schema) in self.tree.entries(properties) {
            let Some(&at) = flat.index.get(wire) else {
                flat.index.insert(wire, flat.members.len());
                let origin = atom.origin;
                flat.members.push(Member {
                    wire,
                    schemas: vec![schema],
                    origin,
                    first: origin,
                });
                continue;
            };
            let member = &mut flat.members[at];
            let origins = member
                .origin
                .zip(atom.origin)
                .filter(|(one, other)| one != other);
            let parts = |(one, other)| self.last_part(one).zip(self.last_part(other));
            if let Some((one, other)) = origins.and_then(parts) {
                let text = format!(
                    "`{wire}` of `{one}` and of `{other}` are one member of what extends both"
                );
                self.note(Kind::Schema, key, &text);
            }
            if !member.schemas.iter().any(|known| self.same(*known, schema)) {
                member.schemas.push(schema);
                member.origin = atom.origin;
            }
        }
    }

    fn prefix_items(&self, list: NodeId, flat: &mut Flat<'a>) {
        for (at, item) in self.tree.items(list).enumerate() {
            match flat.prefix.get_mut(at) {
                Some(schemas) => schemas.push(item),
                None => flat.prefix.push(vec![item]),
            }
        }
    }

    fn values(&self, values: Vec<NodeId>, flat: &mut Flat<'a>) {
        let is_null = |value: &NodeId| self.tree.kind(*value) == read::Kind::Null;
        // Null is no value of an enum here, whatever dialect lists it.
        flat.nullable |= values.iter().any(is_null);
        let values: Vec<NodeId> = values.into_iter().filter(|value| !is_null(value)).collect();
        let Some(before) = flat.values.take() else {
            flat.values = Some(values);
            return;
        };
        // What both allow, as the more specific one writes it.
        let both = |value: &NodeId| before.iter().any(|known| self.same(*known, *value));
        let left: Vec<NodeId> = values.iter().copied().filter(both).collect();
        if let (true, Some(first)) = (left.is_empty(), values.first()) {
            self.warn(
                Kind::Schema,
                *first,
                "lists that share no value contradict each other",
            );
        }
        flat.values = Some(left);
    }

    /// A child that extends its parent by `allOf` is no alternative of itself.
    fn drop_own_children(&self, flat: &mut Flat<'a>) {
        let atoms: HashSet<NodeId> = flat.atoms.iter().map(|atom| atom.node).collect();
        let of_child = |choice: &Choice| {
            choice.atom.origin.is_some()
                && self.tree.items(choice.list).any(|item| {
                    let target = self.resolver.target(item).and_then(Result::ok);
                    target.is_some_and(|target| atoms.contains(&target))
                })
        };
        let dropped: HashSet<NodeId> = flat
            .choices
            .iter()
            .filter(|choice| of_child(choice))
            .map(|c| c.list)
            .collect();
        flat.choices
            .retain(|choice| !dropped.contains(&choice.list));
    }

    fn count(&self, node: NodeId) -> Option<usize> {
        self.tree
            .as_i128(node)
            .and_then(|count| usize::try_from(count).ok())
    }

    /// What a `type` keyword allows; `None` if it says nothing.
    fn kinds(&self, value: NodeId) -> Option<Kinds> {
        if !self.tree.is_sequence(value) {
            return self.kind(value);
        }
        let kinds = self.tree.items(value).filter_map(|word| self.kind(word));
        let kinds = kinds.fold(Kinds::NONE, Kinds::or);
        (!kinds.is_empty()).then_some(kinds)
    }

    fn kind(&self, word: NodeId) -> Option<Kinds> {
        if self.tree.kind(word) == read::Kind::Null {
            return Some(Kinds::NULL);
        }
        let text = self.tree.text(word).unwrap_or_default();
        Kinds::of_word(text).or_else(|| {
            let guess = Kinds::of_wrong_word(text);
            let taken = guess.map_or("nothing".to_owned(), |kinds| {
                if kinds == Kinds::ANY {
                    "anything".to_owned()
                } else {
                    format!("`{}`", kinds.words())
                }
            });
            self.warn(
                Kind::Schema,
                word,
                &format!("`{text}` is no type; it is read as {taken}"),
            );
            guess
        })
    }

    /// Whether two nodes say the same, whatever they say about it.
    pub(super) fn same(&self, left: NodeId, right: NodeId) -> bool {
        if left == right {
            return true;
        }
        let tree = self.tree;
        match (tree.kind(left), tree.kind(right)) {
            (read::Kind::Mapping, read::Kind::Mapping) => {
                let counts = |id: NodeId| {
                    tree.entries(id)
                        .filter(|(key, ..)| role(key) != Role::Annotation)
                        .count()
                };
                counts(left) == counts(right)
                    && tree.entries(left).all(|(key, _, value)| {
                        role(key) == Role::Annotation
                            || tree
                                .get(right, key)
                                .is_some_and(|other| self.same(value, other))
                    })
            }
            (read::Kind::Sequence, read::Kind::Sequence) => {
                tree.len(left) == tree.len(right)
                    && tree
                        .items(left)
                        .zip(tree.items(right))
                        .all(|(a, b)| self.same(a, b))
            }
            (read::Kind::Null, read::Kind::Null) => true,
            _ => {
                tree.text(left).is_some()
                    && tree.text(left) == tree.text(right)
                    && tree.kind(left) == tree.kind(right)
            }
        }
    }
}

impl<'a> Flat<'a> {
    /// The member `wire`.
    pub(super) fn member(&self, wire: &str) -> Option<&Member<'a>> {
        self.index.get(wire).and_then(|at| self.members.get(*at))
    }

    /// What is allowed: what `type` says, else what the other keywords are about.
    pub(super) fn allowed(&self) -> Kinds {
        if let Some(kinds) = self.kinds {
            return kinds;
        }
        let object = !self.members.is_empty()
            || !self.required.is_empty()
            || self.sealed
            || !self.additional.is_empty();
        let array = !self.items.is_empty() || !self.prefix.is_empty();
        match (object, array) {
            (true, false) => Kinds::OBJECT,
            (false, true) => Kinds::ARRAY,
            (true, true) => Kinds::OBJECT.or(Kinds::ARRAY),
            (false, false) if self.base64 => Kinds::STRING,
            (false, false) => match self.format {
                Some(
                    "uuid" | "date-time" | "date" | "time" | "byte" | "binary" | "uri" | "email",
                ) => Kinds::STRING,
                Some("int32" | "int64" | "uint64") => Kinds::INTEGER,
                Some("float" | "double") => Kinds::NUMBER,
                _ => self.hints.unwrap_or(Kinds::ANY),
            },
        }
    }
}
