//! Decodes a piece of a JSON text on its own, and tells the decoder of the whole where it failed.

use crate::decode;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// Decodes flattened members. The message of an error begins with the path inside the object.
pub(super) fn members<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    let failed = |(path, message): (String, String)| match path.as_str() {
        "$" => message,
        path => format!("at `{path}`: {message}"),
    };
    decode(json).map_err(failed)
}

/// Decodes a union's payload. By the time the error has a place, serde_json may have read one
/// bracket or comma more, so the message tells the length of the value that it is about.
pub(super) fn payload<T: DeserializeOwned>(raw: &RawValue) -> Result<T, String> {
    decode(raw.get()).map_err(|(path, message)| within(raw, &path, &message))
}

/// The message about a value that was taken whole, for [`decode::json`] to find its place.
pub(super) fn within(raw: &RawValue, path: &str, message: &str) -> String {
    let length = raw.get().len();
    format!("in the {length} bytes before, at `{path}`: {message}")
}

/// From bytes, as bodies are: one instance of each type's decoder serves both.
fn decode<T: DeserializeOwned>(json: &str) -> Result<T, (String, String)> {
    decode::json(json.as_bytes())
        .map_err(|error| (error.path().to_owned(), error.found().to_owned()))
}
