//! Enums whose values are scalars.

use super::constant::{FromScalar, ScalarVisitor};
use super::{Constant, Found, Received, Shape};
use crate::RawJson;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;

/// Decodes an enum of texts.
///
/// # Errors
/// Those of the deserializer, and a text that no variant takes.
pub fn word<'de, D: Deserializer<'de>, T: Received>(from: D) -> Result<T, D::Error> {
    from.deserialize_str(WordVisitor(PhantomData))
}

/// Decodes an enum of values of other kinds.
///
/// # Errors
/// Those of the deserializer, and a value that no variant takes.
pub fn constant<'de, D: Deserializer<'de>, T: Received>(from: D) -> Result<T, D::Error> {
    from.deserialize_any(ScalarVisitor(Pick(PhantomData)))
}

struct Pick<T>(PhantomData<T>);

impl<T: Received> FromScalar for Pick<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Listed(T::SHAPE), f)
    }

    fn make<E: Error>(self, found: Found) -> Result<T, E> {
        let index = index_of(T::SHAPE, &found);
        T::pick(index, found.clone())
            .ok_or_else(|| E::invalid_value(found.unexpected(), &Listed(T::SHAPE)))
    }
}

/// Decodes an enum of values whose last variant takes any JSON.
///
/// # Errors
/// Those of the deserializer.
pub fn raw_constant<'de, D: Deserializer<'de>, T: Received>(from: D) -> Result<T, D::Error> {
    let raw = RawJson::deserialize(from)?;
    let found = serde_json::from_str::<Found>(raw.get()).unwrap_or(Found::Raw(raw.clone()));
    let index = index_of(T::SHAPE, &found);
    T::pick(index, Found::Raw(raw))
        .ok_or_else(|| D::Error::invalid_value(found.unexpected(), &Listed(T::SHAPE)))
}

fn index_of(shape: &Shape, found: &Found) -> usize {
    let index = match (shape, found) {
        (Shape::Constants(constants), found) => constants.iter().position(|c| found.is(c)),
        (Shape::Words(words), Found::Text(text)) => words.iter().position(|word| word == text),
        _ => None,
    };
    index.unwrap_or(usize::MAX)
}

struct WordVisitor<T>(PhantomData<T>);

impl<T: Received> Visitor<'_> for WordVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Listed(T::SHAPE), f)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        let listed = match T::SHAPE {
            Shape::Words(words) => words.iter().position(|word| *word == text),
            _ => None,
        };
        let value = match listed {
            Some(index) => T::pick(index, Found::Null),
            None => T::pick(usize::MAX, Found::Text(text.to_owned())),
        };
        value.ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }
}

/// The listed values, for messages.
struct Listed(&'static Shape);

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Shape::Words(words) => list(f, words.iter().map(|word| Constant::Text(word))),
            Shape::Constants(constants) => list(f, constants.iter().copied()),
            _ => f.write_str("a listed value"),
        }
    }
}

impl serde::de::Expected for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn list(f: &mut fmt::Formatter<'_>, values: impl Iterator<Item = Constant>) -> fmt::Result {
    const SHOWN: usize = 8;
    for (shown, value) in values.enumerate() {
        match shown {
            0 => write!(f, "{value}")?,
            SHOWN => return f.write_str(", …"),
            _ => write!(f, ", {value}")?,
        }
    }
    Ok(())
}
