//! Types whose variant is told by the status.

use super::{Decode, Reply};
use crate::{Answer, DecodeError};

/// A type whose variants stand for statuses.
///
/// `#[derive(ApiError)]` implements it for refusals, `#[derive(ApiReply)]` for successes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which status it stands for",
    label = "this is not told apart by status",
    note = "an error type needs `#[derive(ApiError)]`, a result by status `#[derive(ApiReply)]`"
)]
pub trait FromStatus: Sized {
    /// The single statuses that have a variant; ranges and `default` are not claims.
    const CLAIMS: &'static [u16];

    /// Makes the variant that stands for the answer's status.
    ///
    /// # Errors
    /// Where no variant does, or its body does not fit.
    fn from_status(answer: &Answer) -> Result<Self, Mismatch>;
}

/// Why an answer is no variant.
#[derive(Debug)]
pub enum Mismatch {
    /// No variant stands for the status.
    Undescribed,
    /// The variant's body does not fit.
    Decode(DecodeError),
}

impl From<DecodeError> for Mismatch {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

/// The variant that stands for the status.
#[derive(Debug)]
pub struct ByStatus;

impl<T: FromStatus> Decode<T> for ByStatus {
    const ACCEPT: &'static str = "application/json, */*;q=0.5";

    fn decode(reply: Reply) -> Result<T, DecodeError> {
        T::from_status(&reply.answer).map_err(|mismatch| match mismatch {
            Mismatch::Undescribed => DecodeError::undescribed(reply.answer),
            Mismatch::Decode(error) => error,
        })
    }
}
