//! From a serializable argument to what paths, queries, forms, headers and cookies can carry.
//!
//! One serializer that is not generic makes a small tree; what becomes of the tree is decided by
//! functions that no argument type is compiled into.

use serde::ser::{self, Serialize};
use std::{error, fmt};

/// What an argument can be on the wire.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// `None` and `()`: left out.
    Absent,
    Scalar(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

impl Value {
    pub(crate) fn of<T: Serialize + ?Sized>(argument: &T) -> Result<Self, Unfit> {
        argument.serialize(Writer)
    }
}

/// Why an argument cannot be on the wire; never repeats the argument.
#[derive(Debug)]
pub(crate) struct Unfit(String);

impl Unfit {
    pub(crate) fn new(why: &str) -> Self {
        Self(why.to_owned())
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for Unfit {}

impl ser::Error for Unfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

struct Writer;

macro_rules! scalars {
    ($($method:ident($type:ty))*) => {$(
        fn $method(self, value: $type) -> Result<Value, Unfit> {
            Ok(Value::Scalar(value.to_string()))
        }
    )*};
}

impl ser::Serializer for Writer {
    type Ok = Value;
    type Error = Unfit;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Members;
    type SerializeStruct = Members;
    type SerializeStructVariant = Members;

    scalars! {
        serialize_bool(bool) serialize_char(char) serialize_str(&str)
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_i128(i128)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
        serialize_u128(u128)
    }

    fn serialize_f32(self, value: f32) -> Result<Value, Unfit> {
        finite(value.is_finite(), &value)
    }

    fn serialize_f64(self, value: f64) -> Result<Value, Unfit> {
        finite(value.is_finite(), &value)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Value, Unfit> {
        Err(Unfit::new(
            "found bytes, expected text, a number or a list of them",
        ))
    }

    fn serialize_none(self) -> Result<Value, Unfit> {
        Ok(Value::Absent)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Unfit> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, Unfit> {
        Ok(Value::Absent)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Unfit> {
        Ok(Value::Absent)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Value, Unfit> {
        Ok(Value::Scalar(variant.to_owned()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value, Unfit> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, Unfit> {
        Ok(Value::Map(vec![(
            variant.to_owned(),
            value.serialize(self)?,
        )]))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Unfit> {
        Ok(Items {
            variant: None,
            items: Vec::new(),
        })
    }

    fn serialize_tuple(self, _: usize) -> Result<Items, Unfit> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items, Unfit> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items, Unfit> {
        Ok(Items {
            variant: Some(variant),
            items: Vec::new(),
        })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members, Unfit> {
        Ok(Members {
            variant: None,
            key: String::new(),
            members: Vec::new(),
        })
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Members, Unfit> {
        // Raw JSON: serde_json passes its text in a struct of this name.
        let variant = (name == RAW).then_some(RAW);
        Ok(Members {
            variant,
            key: String::new(),
            members: Vec::new(),
        })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members, Unfit> {
        Ok(Members {
            variant: Some(variant),
            key: String::new(),
            members: Vec::new(),
        })
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<Value, Unfit> {
        Ok(Value::Scalar(value.to_string()))
    }
}

const RAW: &str = "$serde_json::private::RawValue";

fn finite(finite: bool, value: &dyn fmt::Display) -> Result<Value, Unfit> {
    if finite {
        Ok(Value::Scalar(value.to_string()))
    } else {
        Err(Unfit::new("found a number that is not finite"))
    }
}

struct Items {
    variant: Option<&'static str>,
    items: Vec<Value>,
}

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.items.push(value.serialize(Writer)?);
        Ok(())
    }

    fn finish(self) -> Value {
        under(self.variant, Value::List(self.items))
    }
}

struct Members {
    variant: Option<&'static str>,
    key: String,
    members: Vec<(String, Value)>,
}

impl Members {
    fn push<T: Serialize + ?Sized>(&mut self, key: String, value: &T) -> Result<(), Unfit> {
        self.members.push((key, value.serialize(Writer)?));
        Ok(())
    }

    fn finish(mut self) -> Value {
        match self.variant {
            Some(RAW) => self.members.pop().map_or(Value::Absent, |(_, text)| text),
            variant => under(variant, Value::Map(self.members)),
        }
    }
}

fn under(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(name) => Value::Map(vec![(name.to_owned(), value)]),
        None => value,
    }
}

macro_rules! items {
    ($($trait:ident::$method:ident)*) => {$(
        impl ser::$trait for Items {
            type Ok = Value;
            type Error = Unfit;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
                self.push(value)
            }
            fn end(self) -> Result<Value, Unfit> {
                Ok(self.finish())
            }
        }
    )*};
}

items! {
    SerializeSeq::serialize_element
    SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field
    SerializeTupleVariant::serialize_field
}

macro_rules! members {
    ($($trait:ident)*) => {$(
        impl ser::$trait for Members {
            type Ok = Value;
            type Error = Unfit;
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Unfit> {
                self.push(key.to_owned(), value)
            }
            fn end(self) -> Result<Value, Unfit> {
                Ok(self.finish())
            }
        }
    )*};
}

members! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for Members {
    type Ok = Value;
    type Error = Unfit;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unfit> {
        match key.serialize(Writer)? {
            Value::Scalar(key) => {
                self.key = key;
                Ok(())
            }
            _ => Err(Unfit::new("found a map whose keys are not text")),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        let key = std::mem::take(&mut self.key);
        self.push(key, value)
    }

    fn end(self) -> Result<Value, Unfit> {
        Ok(self.finish())
    }
}
