//! A value with the status and headers it came under.

use crate::{Answer, ApiError};
use http::{HeaderMap, StatusCode};
use std::fmt;

/// A value with the status and headers it came under.
///
/// ```
/// use perennial::{Response, StatusCode};
///
/// let created = Response::new(StatusCode::CREATED, 7);
/// assert_eq!(created.map(|id| id + 1).value, 8);
/// ```
#[derive(Clone)]
pub struct Response<T> {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// What the body says.
    pub value: T,
    /// The answer it was made from, so that a typed refusal can become an [`ApiError`].
    answer: Option<Box<Answer>>,
}

impl<T> Response<T> {
    /// A response without headers, for mocks.
    pub fn new(status: StatusCode, value: T) -> Self {
        Self::with(status, HeaderMap::new(), value)
    }

    pub(crate) fn with(status: StatusCode, headers: HeaderMap, value: T) -> Self {
        Self {
            status,
            headers,
            value,
            answer: None,
        }
    }

    /// A refusal, which keeps the answer that it was read from.
    pub(crate) fn refused(answer: Answer, value: T) -> Self {
        let headers = answer.headers.clone();
        Self {
            status: answer.status,
            headers,
            value,
            answer: Some(Box::new(answer)),
        }
    }

    /// Another value under the same status and headers.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        let Self {
            status,
            headers,
            value,
            answer,
        } = self;
        Response {
            status,
            headers,
            value: change(value),
            answer,
        }
    }

    /// The refusal with its type forgotten.
    pub(crate) fn untyped(self) -> Response<ApiError> {
        let answer = self
            .answer
            .map_or_else(|| Answer::new(self.status, ""), |answer| *answer);
        // Display does not ask the value, so the answer stays beside it.
        Response {
            status: self.status,
            headers: self.headers,
            value: answer.clone().into(),
            answer: Some(Box::new(answer)),
        }
    }

    /// Writes a refusal without asking `T`.
    pub(crate) fn refusal(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.answer {
            Some(answer) => write!(f, "the API refused: {}", answer.reason()),
            None => write!(f, "the API refused: {}", self.status),
        }
    }
}

impl<T: PartialEq> PartialEq for Response<T> {
    fn eq(&self, other: &Self) -> bool {
        self.status == other.status && self.headers == other.headers && self.value == other.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Response");
        debug.field("status", &self.status);
        debug.field("headers", &self.headers.keys().collect::<Vec<_>>());
        debug.field("value", &self.value).finish()
    }
}
