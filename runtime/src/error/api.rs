//! The API's own refusals, when nobody gave them a type.

use crate::{
    Answer, DecodeError,
    decode::{FromStatus, Mismatch},
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use std::{error, fmt};

/// A refusal as it came: status, headers, code, message and body.
///
/// ```
/// use perennial::{Answer, ApiError, StatusCode};
///
/// let refused = ApiError::from(Answer::new(StatusCode::CONFLICT, r#"{"name": "taken"}"#));
/// assert_eq!(refused.status(), StatusCode::CONFLICT);
/// assert_eq!(refused.code(), None);
/// assert_eq!(refused.body(), r#"{"name": "taken"}"#);
/// ```
#[derive(Clone)]
pub struct ApiError(Answer);

impl ApiError {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The code in the API's envelope, where it has one.
    pub fn code(&self) -> Option<i64> {
        self.0.opened.as_ref().map(|opened| opened.code)
    }

    /// The message in the API's envelope, where it has one.
    pub fn message(&self) -> Option<&str> {
        self.0.message()
    }

    /// The body as it came.
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// The whole answer.
    pub fn answer(&self) -> &Answer {
        &self.0
    }
}

impl From<Answer> for ApiError {
    fn from(answer: Answer) -> Self {
        Self(answer)
    }
}

impl FromStatus for ApiError {
    const CLAIMS: &'static [u16] = &[];

    fn from_status(answer: &Answer) -> Result<Self, Mismatch> {
        Ok(Self(answer.clone()))
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ApiError").field(&self.0).finish()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the API refused: {}", self.0.reason())
    }
}

impl error::Error for ApiError {}

/// An answer that neither the result nor the error type of the method describes.
///
/// ```
/// use perennial::{Answer, StatusCode, Unexpected};
///
/// let odd = Unexpected::new(Answer::new(StatusCode::BAD_GATEWAY, "<html>"));
/// assert_eq!(odd.answer().status, StatusCode::BAD_GATEWAY);
/// ```
pub struct Unexpected(Box<(Answer, Option<DecodeError>)>);

impl Unexpected {
    /// A status that nothing describes.
    pub fn new(answer: Answer) -> Self {
        Self(Box::new((answer, None)))
    }

    /// A status that is described, with a body that is not.
    pub fn unreadable(answer: Answer, why: DecodeError) -> Self {
        Self(Box::new((answer, Some(why))))
    }

    /// The answer as it came.
    pub fn answer(&self) -> &Answer {
        &self.0.0
    }
}

impl fmt::Debug for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unexpected")
            .field("answer", &self.0.0)
            .field("why", &self.0.1)
            .finish()
    }
}

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.0.1.is_some() { "body" } else { "status" };
        write!(
            f,
            "the answer has a {what} that is not described: {}",
            self.0.0.reason()
        )
    }
}

impl error::Error for Unexpected {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.1.as_ref().map(|why| why as _)
    }
}
