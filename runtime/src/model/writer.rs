//! Objects, written.

use super::Constant;
use super::flat::Flat;
use serde::ser::{Serialize, SerializeMap, Serializer};

/// Writes the members of an object. The first error is kept and stops the writing.
///
/// A map of unknown length serves every format, whatever members are left out.
pub struct Writer<S: Serializer> {
    map: Result<S::SerializeMap, S::Error>,
}

impl<S: Serializer> Writer<S> {
    /// Begins an object.
    pub fn new(to: S) -> Self {
        Self {
            map: to.serialize_map(None),
        }
    }

    /// Writes a member.
    pub fn put<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        let Ok(map) = &mut self.map else { return };
        if let Err(error) = map.serialize_entry(name, value) {
            self.map = Err(error);
        }
    }

    /// Writes a member unless it is `None`.
    pub fn put_optional<T: Serialize>(&mut self, name: &'static str, value: &Option<T>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// Writes members with a single value.
    pub fn put_constants(&mut self, constants: &'static [(&'static str, Constant)]) {
        for (name, value) in constants {
            self.put(name, value);
        }
    }

    /// Writes the members of a map or of another object.
    pub fn flatten<T: Serialize + ?Sized>(&mut self, value: &T) {
        self.flatten_except(value, &[]);
    }

    /// The same without the members of those names.
    pub(super) fn flatten_except<T: Serialize + ?Sized>(&mut self, value: &T, names: &[&str]) {
        let Ok(map) = &mut self.map else { return };
        if let Err(error) = value.serialize(Flat { map, except: names }) {
            self.map = Err(error);
        }
    }

    /// Ends the object.
    ///
    /// # Errors
    /// The first error of the serializer.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.map.and_then(SerializeMap::end)
    }
}
