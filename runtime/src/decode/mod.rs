//! From an answer to a value: the only code compiled once per result type.

mod by_status;
mod kinds;
mod place;

pub use by_status::{ByStatus, FromStatus, Mismatch};
pub use kinds::{Empty, Json, JsonOrText, Opt, Raw, Text, Whole};

use crate::{Answer, DecodeError};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::{Deserialize, DeserializeOwned};
use std::marker::PhantomData;

/// A success, with the envelope already opened.
#[derive(Clone, Debug)]
pub struct Reply {
    pub(crate) answer: Answer,
    /// The method says that this status stands for no value: `none(404)`.
    pub(crate) absent: bool,
}

impl Reply {
    /// A reply for tests of a decoder of one's own.
    pub fn new(answer: Answer) -> Self {
        Self {
            answer,
            absent: false,
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.answer.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.answer.headers
    }

    /// The data in the envelope, or the whole body where there is no envelope.
    pub fn bytes(&self) -> Bytes {
        self.answer.bytes()
    }

    /// Reads [`Reply::bytes`] as UTF-8; what is not UTF-8 becomes U+FFFD.
    pub fn text(&self) -> String {
        self.answer.text()
    }

    /// Reads [`Reply::bytes`] as JSON.
    ///
    /// # Errors
    /// Says where the document is not what `T` expects.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        self.answer.json()
    }
}

/// How a success becomes a `T`.
///
/// `decode = path::To::Decoder` on a method names a type that implements this.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be decoded from a response",
    label = "no decoder makes this from a response",
    note = "JSON needs `serde::Deserialize` (`#[derive(Model)]`); `decode = …` names another decoder"
)]
pub trait Decode<T> {
    /// What the request's `Accept` header says.
    const ACCEPT: &'static str;

    /// Whether a status that stands for no value (304) is a success too.
    const OPTIONAL: bool = false;

    /// Makes the value.
    ///
    /// # Errors
    /// Says where the answer is not what `T` expects.
    fn decode(reply: Reply) -> Result<T, DecodeError>;
}

/// A decoder, as a value that an expansion passes on.
#[derive(Debug)]
pub struct Choice<D>(PhantomData<fn() -> D>);

impl<D> Choice<D> {
    /// This decoder.
    pub const NEW: Self = Self(PhantomData);

    /// `None` for an empty answer, this decoder otherwise.
    pub const fn option(self) -> Choice<Opt<D>> {
        Choice::NEW
    }

    /// Status and headers beside what this decoder makes.
    pub const fn response(self) -> Choice<Whole<D>> {
        Choice::NEW
    }
}

impl<D> Clone for Choice<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Choice<D> {}

/// Picks the decoder of `T`: by status for a type that implements [`FromStatus`], else JSON.
///
/// The inherent constant shadows the trait's where its bound holds, so that an expansion can say
/// `Pick::<T>::PICK` without knowing what `T` derives.
#[derive(Debug)]
pub struct Pick<T>(PhantomData<fn() -> T>);

impl<T: FromStatus> Pick<T> {
    /// By status.
    pub const PICK: Choice<ByStatus> = Choice::NEW;
}

/// The decoder of everything that [`Pick`] says nothing else about.
pub trait OrJson {
    /// JSON.
    const PICK: Choice<Json> = Choice::NEW;
}

impl<T> OrJson for Pick<T> {}

/// Reads JSON; on failure a second, untyped pass finds out where it failed.
pub(crate) fn json<'a, T: Deserialize<'a>>(text: &'a [u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(text).map_err(|error| place::locate(text, error))
}
