//! The last step: a value or an error of the method's own types.

use super::Failure;
use crate::{
    DecodeError, Error, Response, Unexpected,
    decode::{FromStatus, Mismatch},
};

/// What a failure is to a method whose refusals are `E`s.
pub(crate) fn refused<E: FromStatus>(failure: Failure) -> Error<E> {
    match failure {
        Failure::Error(error) => error.widen(),
        Failure::Refused(answer) => match E::from_status(&answer) {
            Ok(value) => Response::refused(*answer, value).into(),
            Err(Mismatch::Undescribed) => Unexpected::new(*answer).into(),
            Err(Mismatch::Decode(why)) => Unexpected::unreadable(*answer, why).into(),
        },
    }
}

/// What a success that could not be read is.
pub(crate) fn undecoded<E>(mut error: DecodeError) -> Error<E> {
    match error.take_undescribed() {
        Some(answer) => Unexpected::new(answer).into(),
        None => error.into(),
    }
}
