//! Objects: one visitor for all of them.

use super::constant::Exactly;
use super::key::{Key, Name};
use super::{Binary, Object, Received, Shape, path};
use serde::de::{DeserializeOwned, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::fmt;
use std::marker::PhantomData;

/// Decodes an object.
///
/// # Errors
/// Those of the deserializer, a missing required member, a constant with another value.
pub fn object<'de, D: Deserializer<'de>, T: Received>(from: D) -> Result<T, D::Error> {
    from.deserialize_map(ObjectVisitor(PhantomData))
}

static NOTHING: Object = Object::new("", &[], 0);

fn table<T: Received>() -> &'static Object {
    match T::SHAPE {
        Shape::Object(object) => object,
        _ => &NOTHING,
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Received> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object ({})", table::<T>().name)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let mut members = Members::new(map, table::<T>());
        let value = T::read(&mut members);
        members.finish(value)
    }
}

/// The members of an object that is being read. The first error is kept here and ends the loop,
/// so that an expansion needs no `?`.
pub struct Members<'de, A: MapAccess<'de>> {
    map: A,
    object: &'static Object,
    error: Option<A::Error>,
    likely: usize,
    /// One bit for each of the first 128 members; for the message about a missing one.
    seen: u128,
    rest: Vec<(String, Box<RawValue>)>,
}

impl<'de, A: MapAccess<'de>> Members<'de, A> {
    fn new(map: A, object: &'static Object) -> Self {
        Self {
            map,
            object,
            error: None,
            likely: 0,
            seen: 0,
            rest: Vec::new(),
        }
    }

    /// The index of the next member; constants are checked and unknown members passed over.
    pub fn member(&mut self) -> Option<usize> {
        while self.error.is_none() {
            let key = Key {
                object: self.object,
                likely: self.likely,
            };
            match self.map.next_key_seed(key) {
                Ok(Some(Name::Member(index))) => {
                    self.likely = index + 1;
                    self.seen |= 1_u128.checked_shl(index as u32).unwrap_or(0);
                    return Some(index);
                }
                Ok(Some(Name::Constant(index))) => self.check(index),
                Ok(Some(Name::Kept(name))) => self.keep(name),
                Ok(Some(Name::Unknown)) => self.skip(),
                Ok(None) => break,
                Err(error) => self.error = Some(error),
            }
        }
        None
    }

    /// Reads the value of a member.
    pub fn fill<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) {
        match self.map.next_value() {
            Ok(value) => *slot = Some(value),
            Err(error) => self.error = Some(error),
        }
    }

    /// Reads the value of an optional member, for which `null` is the same as nothing.
    pub fn fill_optional<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) {
        match self.map.next_value() {
            Ok(value) => *slot = value,
            Err(error) => self.error = Some(error),
        }
    }

    /// Reads the value of a member that holds bytes, written in base64.
    pub fn fill_binary<T: Binary>(&mut self, slot: &mut Option<T>) {
        match self.map.next_value::<T::Wire>() {
            Ok(wire) => *slot = Some(T::from_wire(wire)),
            Err(error) => self.error = Some(error),
        }
    }

    /// Reads a struct from the members that are not this object's own.
    pub fn flatten<T: DeserializeOwned>(&mut self) -> Option<T> {
        self.flatten_except(&[])
    }

    /// Reads a map of the members that are neither this object's own nor of those shapes.
    pub fn flatten_except<T: DeserializeOwned>(&mut self, others: &[&Shape]) -> Option<T> {
        if self.error.is_some() {
            return None;
        }
        let known = |name: &str| {
            let mut objects = others.iter().filter_map(|shape| shape.as_object());
            objects.any(|object| object.knows(name))
        };
        let rest = self.rest.iter().filter(|(name, _)| !known(name));
        match path::members(&join(rest)) {
            Ok(value) => Some(value),
            Err(message) => {
                self.error = Some(A::Error::custom(message));
                None
            }
        }
    }

    fn skip(&mut self) {
        if let Err(error) = self.map.next_value::<IgnoredAny>() {
            self.error = Some(error);
        }
    }

    fn keep(&mut self, name: String) {
        match self.map.next_value() {
            Ok(value) => self.rest.push((name, value)),
            Err(error) => self.error = Some(error),
        }
    }

    fn check(&mut self, index: usize) {
        let (_, constant) = self.object.constants[index];
        if let Err(error) = self.map.next_value_seed(Exactly(constant)) {
            self.error = Some(error);
        }
    }

    fn finish<T>(self, value: Option<T>) -> Result<T, A::Error> {
        match (self.error, value) {
            (Some(error), _) => Err(error),
            (None, Some(value)) => Ok(value),
            (None, None) => Err(A::Error::missing_field(missing(self.object, self.seen))),
        }
    }
}

fn missing(object: &'static Object, seen: u128) -> &'static str {
    let required = object.names.iter().take(object.required).enumerate();
    let mut absent = required.filter(|(index, _)| {
        let bit = 1_u128.checked_shl(*index as u32).unwrap_or(0);
        seen & bit == 0
    });
    absent.next().map_or("", |(_, name)| name)
}

fn join<'r>(rest: impl Iterator<Item = &'r (String, Box<RawValue>)>) -> String {
    let mut text = String::from("{");
    for (name, value) in rest {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&serde_json::Value::from(name.as_str()).to_string());
        text.push(':');
        text.push_str(value.get());
    }
    text.push('}');
    text
}
