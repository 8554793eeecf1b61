//! The members of one value written into an object that is already open.

use serde::ser::{Error, Impossible, Serialize, SerializeMap, SerializeStruct, Serializer};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// serde_json's mark of a raw value, the name and the only field of the struct it is written as.
const RAW: &str = "$serde_json::private::RawValue";

/// A serializer that takes objects alone.
pub(super) struct Flat<'w, M> {
    pub(super) map: &'w mut M,
    /// Names that the open object has written itself.
    pub(super) except: &'w [&'w str],
}

fn refuse<T, E: Error>(what: &str) -> Result<T, E> {
    Err(E::custom(format_args!(
        "cannot write {what} as members of an object"
    )))
}

macro_rules! refused {
    ($($method:ident($ty:ty) $what:literal;)*) => {$(
        fn $method(self, _: $ty) -> Result<(), M::Error> {
            refuse($what)
        }
    )*};
}

impl<'w, M: SerializeMap> Serializer for Flat<'w, M> {
    type Ok = ();
    type Error = M::Error;
    type SerializeSeq = Impossible<(), M::Error>;
    type SerializeTuple = Impossible<(), M::Error>;
    type SerializeTupleStruct = Impossible<(), M::Error>;
    type SerializeTupleVariant = Impossible<(), M::Error>;
    type SerializeMap = FlatMap<'w, M>;
    type SerializeStruct = FlatStruct<'w, M>;
    type SerializeStructVariant = Impossible<(), M::Error>;

    refused! {
        serialize_bool(bool) "a boolean";
        serialize_i8(i8) "an integer";
        serialize_i16(i16) "an integer";
        serialize_i32(i32) "an integer";
        serialize_i64(i64) "an integer";
        serialize_i128(i128) "an integer";
        serialize_u8(u8) "an integer";
        serialize_u16(u16) "an integer";
        serialize_u32(u32) "an integer";
        serialize_u64(u64) "an integer";
        serialize_u128(u128) "an integer";
        serialize_f32(f32) "a number";
        serialize_f64(f64) "a number";
        serialize_char(char) "text";
        serialize_str(&str) "text";
        serialize_bytes(&[u8]) "bytes";
        serialize_unit_struct(&'static str) "null";
    }

    fn serialize_none(self) -> Result<(), M::Error> {
        Ok(())
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), M::Error> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), M::Error> {
        Ok(())
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
    ) -> Result<(), M::Error> {
        refuse("text")
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), M::Error> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), M::Error> {
        self.map.serialize_entry(variant, value)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, M::Error> {
        refuse("a list")
    }
    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, M::Error> {
        refuse("a list")
    }
    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, M::Error> {
        refuse("a list")
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, M::Error> {
        refuse("a list")
    }
    fn serialize_map(self, _: Option<usize>) -> Result<FlatMap<'w, M>, M::Error> {
        Ok(FlatMap {
            flat: self,
            key: None,
        })
    }
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<FlatStruct<'w, M>, M::Error> {
        Ok(FlatStruct {
            flat: self,
            raw: name == RAW,
        })
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, M::Error> {
        refuse("a variant")
    }
}

impl<M: SerializeMap> Flat<'_, M> {
    fn entry<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), M::Error> {
        if self.except.contains(&name) {
            return Ok(());
        }
        self.map.serialize_entry(name, value)
    }

    /// Raw JSON is taken apart, since a serializer can only write it whole.
    fn raw<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), M::Error> {
        let text = serde_json::to_value(value).map_err(M::Error::custom)?;
        let text = text.as_str().unwrap_or_default();
        let members: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(text).map_err(M::Error::custom)?;
        members
            .iter()
            .try_for_each(|(name, value)| self.entry(name, value))
    }
}

/// The entries of a map.
pub(super) struct FlatMap<'w, M> {
    flat: Flat<'w, M>,
    key: Option<String>,
}

impl<M: SerializeMap> SerializeMap for FlatMap<'_, M> {
    type Ok = ();
    type Error = M::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), M::Error> {
        let key = serde_json::to_value(key).map_err(M::Error::custom)?;
        self.key = Some(match key {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        });
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), M::Error> {
        let key = self.key.take().unwrap_or_default();
        self.flat.entry(&key, value)
    }

    fn end(self) -> Result<(), M::Error> {
        Ok(())
    }
}

/// The fields of a struct.
pub(super) struct FlatStruct<'w, M> {
    flat: Flat<'w, M>,
    raw: bool,
}

impl<M: SerializeMap> SerializeStruct for FlatStruct<'_, M> {
    type Ok = ();
    type Error = M::Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), M::Error> {
        match self.raw {
            true => self.flat.raw(value),
            false => self.flat.entry(name, value),
        }
    }

    fn end(self) -> Result<(), M::Error> {
        Ok(())
    }
}
