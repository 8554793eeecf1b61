//! What is known about a type before a value of it is decoded.

use super::{Constant, Found, Members};
use serde::de::MapAccess;
use std::collections::{BTreeMap, HashMap};
use std::marker::PhantomData;

/// What JSON a type is written as, as far as a union needs it to tell its variants apart.
#[derive(Debug)]
pub enum Shape {
    /// Nothing is known: it is tried.
    Any,
    /// `true` or `false`.
    Boolean,
    /// A number without a fraction.
    Integer,
    /// A number.
    Number,
    /// Text.
    Text,
    /// A list.
    Array,
    /// An object whose members are not known.
    Map,
    /// An object.
    Object(Object),
    /// One of these texts.
    Words(&'static [&'static str]),
    /// One of these values.
    Constants(&'static [Constant]),
}

impl Shape {
    /// The object, if it is one whose members are known.
    pub(super) fn as_object(&self) -> Option<&Object> {
        match self {
            Shape::Object(object) => Some(object),
            _ => None,
        }
    }
}

/// The members of an object.
#[derive(Debug)]
pub struct Object {
    /// The type's name, for messages.
    pub name: &'static str,
    /// The names on the wire: required members first, in the order of their indices.
    pub names: &'static [&'static str],
    /// How many of them are required.
    pub required: usize,
    /// Further names of members, by index.
    pub aliases: &'static [(&'static str, usize)],
    /// Members with a single value.
    pub constants: &'static [(&'static str, Constant)],
    /// Whether unknown members are kept.
    pub open: bool,
}

impl Object {
    /// An object without aliases and constants that ignores unknown members.
    pub const fn new(name: &'static str, names: &'static [&'static str], required: usize) -> Self {
        Self {
            name,
            names,
            required,
            aliases: &[],
            constants: &[],
            open: false,
        }
    }

    /// Whether a member of that name is the object's own.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.names.contains(&name)
            || self.aliases.iter().any(|(alias, _)| *alias == name)
            || self.constants.iter().any(|(constant, _)| *constant == name)
    }
}

/// A type that the derive can decode. Each kind of type overrides the method that it is read by.
pub trait Received: Sized {
    /// What JSON it is written as.
    const SHAPE: &'static Shape = &Shape::Any;

    /// Reads an object. `None` where a required member is missing or the members hold an error.
    fn read<'de, A: MapAccess<'de>>(from: &mut Members<'de, A>) -> Option<Self> {
        let _ = from;
        None
    }

    /// The variant of that index among the words or constants; beyond them, the one that takes
    /// what was found.
    fn pick(index: usize, found: Found) -> Option<Self> {
        let _ = (index, found);
        None
    }
}

macro_rules! shapes {
    ($($shape:ident: $($ty:ty)*;)*) => {$($(
        impl Received for $ty {
            const SHAPE: &'static Shape = &Shape::$shape;
        }
    )*)*};
}

shapes! {
    Boolean: bool;
    Integer: i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize;
    Number: f32 f64;
    Text: String Box<str> char;
}

impl<T> Received for Vec<T> {
    const SHAPE: &'static Shape = &Shape::Array;
}
impl<K, T> Received for BTreeMap<K, T> {
    const SHAPE: &'static Shape = &Shape::Map;
}
impl<K, T, S> Received for HashMap<K, T, S> {
    const SHAPE: &'static Shape = &Shape::Map;
}
impl<T: Received> Received for Box<T> {
    const SHAPE: &'static Shape = T::SHAPE;
}
impl<A, B> Received for (A, B) {
    const SHAPE: &'static Shape = &Shape::Array;
}
impl<A, B, C> Received for (A, B, C) {
    const SHAPE: &'static Shape = &Shape::Array;
}
impl<A, B, C, D> Received for (A, B, C, D) {
    const SHAPE: &'static Shape = &Shape::Array;
}

/// Asks for the shape of any type: of one that implements [`Received`] the inherent constant
/// answers, of any other that of [`Otherwise`]. A bound would keep types of other crates out.
pub struct Probe<T: ?Sized>(PhantomData<T>);

impl<T: Received> Probe<T> {
    /// The type's shape.
    pub const SHAPE: &'static Shape = T::SHAPE;
}

/// Answers for types that do not implement [`Received`].
pub trait Otherwise {
    /// Nothing is known.
    const SHAPE: &'static Shape = &Shape::Any;
}

impl<T: ?Sized> Otherwise for Probe<T> {}
