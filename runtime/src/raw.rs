//! JSON that nobody has read yet.

use crate::{DecodeError, decode};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use serde_json::value::RawValue;
use std::fmt;

/// A piece of JSON as it came, for what no type describes.
///
/// ```
/// use perennial::RawJson;
///
/// let raw = RawJson::parse(r#"{"kind": "new"}"#)?;
/// assert_eq!(raw.get(), r#"{"kind": "new"}"#);
/// assert_eq!(RawJson::new(&[1, 2])?.get(), "[1,2]");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// Writes `value` as JSON.
    ///
    /// # Errors
    /// Where `value` cannot be JSON: a map with keys that are no strings, or its own refusal.
    pub fn new<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        serde_json::value::to_raw_value(value).map(Self)
    }

    /// Takes text that is one JSON value.
    ///
    /// # Errors
    /// Says where `text` is not JSON.
    pub fn parse(text: impl Into<String>) -> Result<Self, DecodeError> {
        let text = text.into();
        decode::json::<&RawValue>(text.as_bytes())?;
        RawValue::from_string(text)
            .map(Self)
            .map_err(|error| DecodeError::new(error.to_string()))
    }

    /// The JSON text.
    pub fn get(&self) -> &str {
        self.0.get()
    }

    /// Reads it as a `T`.
    ///
    /// # Errors
    /// Says where the JSON is not what `T` expects.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        decode::json(self.get().as_bytes())
    }
}

impl PartialEq for RawJson {
    /// Compares the text: two spellings of one value are different.
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for RawJson {}

impl std::hash::Hash for RawJson {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.get().hash(state);
    }
}

impl Default for RawJson {
    /// `null`.
    fn default() -> Self {
        Self(RawValue::NULL.to_owned())
    }
}

impl From<Box<RawValue>> for RawJson {
    fn from(value: Box<RawValue>) -> Self {
        Self(value)
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RawJson")
            .field(&format_args!("{}", self.get()))
            .finish()
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self)
    }
}
