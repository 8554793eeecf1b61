//! Members that hold bytes.

use super::base64;
use bytes::Bytes;
use serde::de::{DeserializeOwned, Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// Bytes, and containers of them, which JSON writes in base64.
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds `Bytes` where base64 cannot be applied",
    note = "`Bytes`, `Option`, `Vec`, `Box` and `BTreeMap<String, _>` of it can be a member"
)]
pub trait Binary: Sized {
    /// What is decoded.
    type Wire: DeserializeOwned;

    /// Takes what was decoded.
    fn from_wire(wire: Self::Wire) -> Self;

    /// Writes it.
    ///
    /// # Errors
    /// Those of the serializer.
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error>;
}

/// Writes bytes and containers of them in base64.
pub struct Encoded<'b, T>(pub &'b T);

impl<T: Binary> Serialize for Encoded<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.write(to)
    }
}

/// Bytes in base64.
pub struct Base64(Bytes);

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(Base64Visitor)
    }
}

struct Base64Visitor;

impl Visitor<'_> for Base64Visitor {
    type Value = Base64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("base64")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Base64, E> {
        match base64::decode(text) {
            Some(bytes) => Ok(Base64(bytes.into())),
            None => Err(E::invalid_value(Unexpected::Other("other text"), &self)),
        }
    }
}

impl Binary for Bytes {
    type Wire = Base64;

    fn from_wire(wire: Base64) -> Self {
        wire.0
    }
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&base64::encode(self))
    }
}

impl<T: Binary> Binary for Option<T> {
    type Wire = Option<T::Wire>;

    fn from_wire(wire: Self::Wire) -> Self {
        wire.map(T::from_wire)
    }
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => to.serialize_some(&Encoded(value)),
            None => to.serialize_none(),
        }
    }
}

impl<T: Binary> Binary for Box<T> {
    type Wire = T::Wire;

    fn from_wire(wire: Self::Wire) -> Self {
        Box::new(T::from_wire(wire))
    }
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        (**self).write(to)
    }
}

impl<T: Binary> Binary for Vec<T> {
    type Wire = Vec<T::Wire>;

    fn from_wire(wire: Self::Wire) -> Self {
        wire.into_iter().map(T::from_wire).collect()
    }
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(Encoded))
    }
}

impl<T: Binary> Binary for BTreeMap<String, T> {
    type Wire = BTreeMap<String, T::Wire>;

    fn from_wire(wire: Self::Wire) -> Self {
        let entries = wire.into_iter();
        entries
            .map(|(name, wire)| (name, T::from_wire(wire)))
            .collect()
    }
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.iter().map(|(name, value)| (name, Encoded(value))))
    }
}
