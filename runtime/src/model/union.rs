//! Unions: a value is kept as JSON text, looked into once, and decoded as one variant.

use super::{Binary, Constant, Shape, Writer, path, scan};
use crate::RawJson;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::cmp::Reverse;

/// How a union's variants are told apart.
#[derive(Debug)]
pub struct Rule {
    /// The union's name, for messages.
    pub name: &'static str,
    /// The member that names the variant.
    pub tag: Option<Tag>,
    /// The variants in their order, without the one that takes everything else.
    pub variants: &'static [Variant],
}

/// The member that names the variant.
#[derive(Debug)]
pub struct Tag {
    /// Its name.
    pub name: &'static str,
    /// Whether the variants' shapes decide where it is missing.
    pub or_required: bool,
}

/// A variant, before a value of it is decoded.
#[derive(Debug)]
pub struct Variant {
    /// The tag's values; of a variant without a payload in a union without a tag, its own.
    pub values: &'static [Constant],
    /// Members that must have these values.
    pub constants: &'static [(&'static str, Constant)],
    /// The payload's shape.
    pub shape: &'static Shape,
}

/// A type that is one of several.
pub trait Union: Sized {
    /// How the variants are told apart.
    const RULE: &'static Rule;

    /// Decodes the variant of that index; beyond them, the one that takes everything else.
    ///
    /// # Errors
    /// What does not fit the variant.
    fn decode(index: usize, from: Payload<'_>) -> Result<Self, Problem>;
}

/// Why a variant does not fit.
pub struct Problem(String);

/// The JSON text of a union's value.
#[derive(Clone, Copy)]
pub struct Payload<'j>(&'j RawValue);

impl Payload<'_> {
    /// Decodes a variant's payload.
    ///
    /// # Errors
    /// What does not fit the payload's type.
    pub fn of<T: DeserializeOwned, U>(self, wrap: fn(T) -> U) -> Result<U, Problem> {
        path::payload(self.0).map(wrap).map_err(Problem)
    }

    /// Decodes a variant that holds bytes.
    ///
    /// # Errors
    /// Other text than base64.
    pub fn of_binary<T: Binary, U>(self, wrap: fn(T) -> U) -> Result<U, Problem> {
        path::payload(self.0)
            .map(|wire| wrap(T::from_wire(wire)))
            .map_err(Problem)
    }

    /// Takes everything else.
    ///
    /// # Errors
    /// None; the signature is that of its neighbours.
    pub fn unknown<U>(self, wrap: fn(RawJson) -> U) -> Result<U, Problem> {
        Ok(wrap(RawJson::from(self.0.to_owned())))
    }

    /// There is no variant for everything else.
    ///
    /// # Errors
    /// Always.
    pub fn none<U>(self) -> Result<U, Problem> {
        Err(Problem(String::new()))
    }
}

/// Decodes a union.
///
/// # Errors
/// Those of the deserializer; what does not fit the variant that the tag names; for a union that
/// is not open, a value that fits no variant.
pub fn union<'de, D: Deserializer<'de>, U: Union>(from: D) -> Result<U, D::Error> {
    let raw = Box::<RawValue>::deserialize(from)?;
    decode(&raw).map_err(D::Error::custom)
}

fn decode<U: Union>(raw: &RawValue) -> Result<U, String> {
    let payload = Payload(raw);
    let mut reason = None;
    match U::RULE.choose(raw.get()) {
        Choice::Named(index) => return U::decode(index, payload).map_err(|problem| problem.0),
        Choice::Unnamed(why) => {
            let message = format!("no variant of `{}` fits: {why}", U::RULE.name);
            reason = Some(path::within(raw, "$", &message));
        }
        Choice::Fitting(candidates) => {
            for index in candidates {
                match U::decode(index, payload) {
                    Ok(value) => return Ok(value),
                    Err(problem) => reason = reason.or(Some(problem.0)),
                }
            }
        }
    }
    U::decode(usize::MAX, payload).map_err(|_| {
        let name = U::RULE.name;
        reason.unwrap_or_else(|| path::within(raw, "$", &format!("no variant of `{name}` fits")))
    })
}

enum Choice {
    /// The tag names this variant.
    Named(usize),
    /// The tag names none.
    Unnamed(String),
    /// These may fit, the likeliest first.
    Fitting(Vec<usize>),
}

impl Rule {
    fn choose(&self, json: &str) -> Choice {
        let members = scan::members(json);
        let Some(tag) = &self.tag else {
            return Choice::Fitting(self.fitting(json, &members));
        };
        match members.iter().find(|(name, _)| name == tag.name) {
            Some((name, value)) => match self.named(value) {
                Some(index) => Choice::Named(index),
                // The value is the server's own text, which a message does not repeat.
                None => Choice::Unnamed(format!("`{name}` names none")),
            },
            None if tag.or_required => Choice::Fitting(self.fitting(json, &members)),
            None => Choice::Unnamed(format!("`{}` is missing", tag.name)),
        }
    }

    fn named(&self, json: &str) -> Option<usize> {
        let has = |variant: &Variant| variant.values.iter().any(|v| v.is_written_as(json));
        self.variants.iter().position(has)
    }

    /// Most constants first, then most required members, then most known ones, then in order.
    fn fitting(&self, json: &str, members: &[(Cow<'_, str>, &str)]) -> Vec<usize> {
        let with_tag = self.tag.is_some();
        let ranks = self
            .variants
            .iter()
            .enumerate()
            .filter_map(|(index, variant)| {
                let rank = variant.rank(json, members, with_tag)?;
                Some((Reverse(rank), index))
            });
        let mut fitting: Vec<_> = ranks.collect();
        fitting.sort();
        // An object that knows none of the members would lose what another one knows.
        if fitting.iter().any(|(Reverse(rank), _)| rank.known > 0) {
            fitting.retain(|(Reverse(rank), index)| {
                let is_object = self.variants[*index].shape.as_object().is_some();
                !is_object || rank.known > 0 || rank.constants > 0
            });
        }
        fitting.into_iter().map(|(_, index)| index).collect()
    }
}

/// How many constants, required members and known members of a variant were found.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    constants: usize,
    required: usize,
    known: usize,
}

impl Variant {
    /// `None` where the value cannot be of this variant.
    fn rank(&self, json: &str, members: &[(Cow<'_, str>, &str)], with_tag: bool) -> Option<Rank> {
        if !with_tag && !self.values.is_empty() {
            let equal = self.values.iter().any(|value| value.is_written_as(json));
            return equal.then_some(Rank {
                constants: 1,
                ..Rank::default()
            });
        }
        if !self.shape.admits(json) {
            return None;
        }
        let value_of = |name: &str| members.iter().find(|(n, _)| n == name).map(|(_, v)| *v);
        let mut rank = Rank::default();
        for (name, constant) in self.constants {
            if !constant.is_written_as(value_of(name)?) {
                return None;
            }
            rank.constants += 1;
        }
        let Some(object) = self.shape.as_object() else {
            return Some(rank);
        };
        for (name, constant) in object.constants {
            match value_of(name) {
                Some(json) if constant.is_written_as(json) => rank.constants += 1,
                Some(_) => return None,
                None => {}
            }
        }
        rank.required = object.required;
        let aliased = |index| object.aliases.iter().filter(move |(_, i)| *i == index);
        for (index, name) in object.names.iter().enumerate() {
            let found = value_of(name).is_some()
                || aliased(index).any(|(alias, _)| value_of(alias).is_some());
            if !found && index < object.required {
                return None;
            }
            rank.known += usize::from(found);
        }
        Some(rank)
    }
}

impl Shape {
    /// Whether a value of this shape can be written as that JSON.
    fn admits(&self, json: &str) -> bool {
        let first = scan::first(json);
        match self {
            Shape::Any => true,
            Shape::Boolean => matches!(first, Some(b't' | b'f')),
            Shape::Integer => is_number(first) && !json.contains(['.', 'e', 'E']),
            Shape::Number => is_number(first),
            Shape::Text => first == Some(b'"'),
            Shape::Array => first == Some(b'['),
            Shape::Map | Shape::Object(_) => first == Some(b'{'),
            Shape::Words(_) => first == Some(b'"'),
            Shape::Constants(_) => !matches!(first, Some(b'[' | b'{')),
        }
    }
}

fn is_number(first: Option<u8>) -> bool {
    first.is_some_and(|byte| byte == b'-' || byte.is_ascii_digit())
}

/// Writes a payload with members before its own; the payload's members of those names are left
/// out, so that each is written once.
///
/// # Errors
/// Those of the serializer, and a payload that is no object.
pub fn tagged<S: Serializer, T: Serialize + ?Sized>(
    to: S,
    tags: &'static [(&'static str, Constant)],
    payload: &T,
) -> Result<S::Ok, S::Error> {
    let names: Vec<_> = tags.iter().map(|(name, _)| *name).collect();
    let mut to = Writer::new(to);
    to.put_constants(tags);
    to.flatten_except(payload, &names);
    to.end()
}
