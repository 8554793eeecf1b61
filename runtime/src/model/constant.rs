//! Values that a schema fixes.

use serde::de::{DeserializeSeed, Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A value that a schema fixes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Constant {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i128),
    /// Another number.
    Number(f64),
    /// Text.
    Text(&'static str),
}

impl Constant {
    /// Whether the JSON text of a scalar has this value.
    pub(super) fn is_written_as(&self, json: &str) -> bool {
        serde_json::from_str::<Found>(json).is_ok_and(|found| found.is(self))
    }
}

impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Constant::Null => f.write_str("null"),
            Constant::Boolean(value) => value.fmt(f),
            Constant::Integer(value) => value.fmt(f),
            Constant::Number(value) => value.fmt(f),
            Constant::Text(value) => write!(f, "{value:?}"),
        }
    }
}

impl Serialize for Constant {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match *self {
            Constant::Null => to.serialize_unit(),
            Constant::Boolean(value) => to.serialize_bool(value),
            Constant::Integer(value) => integer(value, to),
            Constant::Number(value) => to.serialize_f64(value),
            Constant::Text(value) => to.serialize_str(value),
        }
    }
}

/// Few formats know 128 bits, and nearly every number fits 64.
fn integer<S: Serializer>(value: i128, to: S) -> Result<S::Ok, S::Error> {
    if let Ok(value) = i64::try_from(value) {
        to.serialize_i64(value)
    } else if let Ok(value) = u64::try_from(value) {
        to.serialize_u64(value)
    } else {
        to.serialize_i128(value)
    }
}

/// A scalar that arrived.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i128),
    /// Another number.
    Number(f64),
    /// Text.
    Text(String),
    /// JSON that a raw variant takes as it came.
    Raw(crate::RawJson),
}

impl Found {
    /// Whether it is that constant.
    pub(super) fn is(&self, constant: &Constant) -> bool {
        match (self, constant) {
            (Found::Null, Constant::Null) => true,
            (Found::Boolean(a), Constant::Boolean(b)) => a == b,
            (Found::Integer(a), Constant::Integer(b)) => a == b,
            (Found::Number(a), Constant::Number(b)) => a == b,
            // JSON has one kind of number: 1.0 is 1.
            (Found::Integer(a), Constant::Number(b)) => *a as f64 == *b,
            (Found::Number(a), Constant::Integer(b)) => *a == *b as f64,
            (Found::Text(a), Constant::Text(b)) => a == b,
            _ => false,
        }
    }

    /// The value for a variant that takes what no other does.
    pub fn take<T: TryFrom<Found>>(self) -> Option<T> {
        T::try_from(self).ok()
    }

    /// How serde names it in a message.
    pub(super) fn unexpected(&self) -> Unexpected<'_> {
        match self {
            Found::Null => Unexpected::Unit,
            Found::Boolean(value) => Unexpected::Bool(*value),
            Found::Integer(value) => match i64::try_from(*value) {
                Ok(value) => Unexpected::Signed(value),
                Err(_) => Unexpected::Other("a large integer"),
            },
            Found::Number(value) => Unexpected::Float(*value),
            Found::Text(value) => Unexpected::Str(value),
            Found::Raw(_) => Unexpected::Other("another value"),
        }
    }
}

macro_rules! carry {
    ($($variant:ident => $ty:ty, $value:ident, $convert:expr;)*) => {$(
        impl TryFrom<Found> for $ty {
            type Error = Found;
            fn try_from(found: Found) -> Result<Self, Found> {
                match found {
                    Found::$variant($value) => $convert,
                    other => Err(other),
                }
            }
        }
    )*};
}

carry! {
    Text => String, text, Ok(text);
    Boolean => bool, value, Ok(value);
    Integer => i64, value, value.try_into().map_err(|_| Found::Integer(value));
    Integer => i32, value, value.try_into().map_err(|_| Found::Integer(value));
    Integer => u64, value, value.try_into().map_err(|_| Found::Integer(value));
    Integer => i128, value, Ok(value);
    Raw => crate::RawJson, raw, Ok(raw);
}

impl TryFrom<Found> for f64 {
    type Error = Found;
    fn try_from(found: Found) -> Result<Self, Found> {
        match found {
            Found::Number(value) => Ok(value),
            Found::Integer(value) => Ok(value as f64),
            other => Err(other),
        }
    }
}

impl<'de> Deserialize<'de> for Found {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ScalarVisitor(Scalar))
    }
}

/// What is made of a scalar while it is read, so that an error has its place.
pub(super) trait FromScalar: Sized {
    /// What is made.
    type Value;

    /// Says what is expected.
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// Makes it.
    fn make<E: Error>(self, found: Found) -> Result<Self::Value, E>;
}

/// The scalar itself.
struct Scalar;

impl FromScalar for Scalar {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar")
    }
    fn make<E: Error>(self, found: Found) -> Result<Found, E> {
        Ok(found)
    }
}

/// Nothing but this constant.
pub(super) struct Exactly(pub(super) Constant);

impl FromScalar for Exactly {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
    fn make<E: Error>(self, found: Found) -> Result<(), E> {
        match found.is(&self.0) {
            true => Ok(()),
            false => Err(E::invalid_value(found.unexpected(), &ScalarVisitor(self))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Exactly {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(ScalarVisitor(self))
    }
}

/// Reads a scalar of any kind.
pub(super) struct ScalarVisitor<M>(pub(super) M);

impl<M: FromScalar> Visitor<'_> for ScalarVisitor<M> {
    type Value = M::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<M::Value, E> {
        self.0.make(Found::Boolean(value))
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<M::Value, E> {
        self.0.make(Found::Integer(value.into()))
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<M::Value, E> {
        self.0.make(Found::Integer(value.into()))
    }
    fn visit_i128<E: Error>(self, value: i128) -> Result<M::Value, E> {
        self.0.make(Found::Integer(value))
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<M::Value, E> {
        self.0.make(Found::Number(value))
    }
    fn visit_str<E: Error>(self, value: &str) -> Result<M::Value, E> {
        self.0.make(Found::Text(value.to_owned()))
    }
    fn visit_string<E: Error>(self, value: String) -> Result<M::Value, E> {
        self.0.make(Found::Text(value))
    }
    fn visit_unit<E: Error>(self) -> Result<M::Value, E> {
        self.0.make(Found::Null)
    }
    fn visit_none<E: Error>(self) -> Result<M::Value, E> {
        self.0.make(Found::Null)
    }
}
