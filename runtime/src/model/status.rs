//! A variant's payload from the answer whose status it stands for.

use crate::Answer;
use crate::decode::Mismatch;
use bytes::Bytes;
use serde::de::DeserializeOwned;

/// JSON.
///
/// # Errors
/// A body that does not fit.
pub fn json<T: DeserializeOwned, E>(answer: &Answer, wrap: fn(T) -> E) -> Result<E, Mismatch> {
    answer.json().map(wrap).map_err(Mismatch::Decode)
}

/// JSON, or nothing where the body is empty.
///
/// # Errors
/// A body that does not fit.
pub fn optional<T: DeserializeOwned, E>(
    answer: &Answer,
    wrap: fn(Option<T>) -> E,
) -> Result<E, Mismatch> {
    match answer.bytes().trim_ascii().is_empty() {
        true => Ok(wrap(None)),
        false => json(answer, wrap),
    }
}

/// Text.
///
/// # Errors
/// None; the signature is that of its neighbours.
pub fn text<E>(answer: &Answer, wrap: fn(String) -> E) -> Result<E, Mismatch> {
    Ok(wrap(answer.text()))
}

/// The body as it came.
///
/// # Errors
/// None; the signature is that of its neighbours.
pub fn bytes<E>(answer: &Answer, wrap: fn(Bytes) -> E) -> Result<E, Mismatch> {
    Ok(wrap(answer.bytes()))
}
