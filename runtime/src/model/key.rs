//! The name of a member, looked up without an allocation.

use super::Object;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, Visitor};
use std::fmt;

/// What a name stands for.
pub(super) enum Name {
    /// The member of that index.
    Member(usize),
    /// The constant of that index.
    Constant(usize),
    /// A name that an open object keeps.
    Kept(String),
    /// A name that is passed over.
    Unknown,
}

/// Reads a name.
#[derive(Clone, Copy)]
pub(super) struct Key {
    pub(super) object: &'static Object,
    /// The index to try first: most servers write members in the order of the document.
    pub(super) likely: usize,
}

impl Key {
    fn look_up(self, name: &str) -> Name {
        let Object { names, .. } = self.object;
        if names.get(self.likely) == Some(&name) {
            return Name::Member(self.likely);
        }
        if let Some(index) = names.iter().position(|known| *known == name) {
            return Name::Member(index);
        }
        if let Some((_, index)) = find(self.object.aliases, name) {
            return Name::Member(self.object.aliases[index].1);
        }
        match find(self.object.constants, name) {
            Some((_, index)) => Name::Constant(index),
            None if self.object.open => Name::Kept(name.to_owned()),
            None => Name::Unknown,
        }
    }
}

fn find<'t, T>(table: &'t [(&'static str, T)], name: &str) -> Option<(&'t T, usize)> {
    let index = table.iter().position(|(known, _)| *known == name)?;
    Some((&table[index].1, index))
}

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Name, D::Error> {
        from.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
        Ok(self.look_up(name))
    }
}
