//! A success that could not be read.

use crate::Answer;
use http::StatusCode;
use std::{borrow::Cow, error, fmt};

/// An answer that says success and could not be read.
///
/// Neither Display nor Debug repeats the value at fault, which may be a token.
///
/// ```
/// use perennial::{Answer, StatusCode};
///
/// let answer = Answer::new(StatusCode::OK, r#"{"id": 7, "tags": ["a", 1]}"#);
/// #[derive(Debug)]
/// struct Tags;
/// # impl<'de> serde::Deserialize<'de> for Tags {
/// #     fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
/// #         std::collections::BTreeMap::<String, Vec<String>>::deserialize(d).map(|_| Tags)
/// #     }
/// # }
/// let error = answer.json::<Tags>().unwrap_err();
/// assert_eq!(error.path(), "$.id");
/// assert!(error.excerpt().contains("7"));
/// ```
pub struct DecodeError(Box<Inner>);

struct Inner {
    path: String,
    excerpt: String,
    found: Cow<'static, str>,
    status: Option<StatusCode>,
    undescribed: Option<Answer>,
}

impl DecodeError {
    /// Says what was found and what was expected; for decoders of one's own.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self::at("$", "", message)
    }

    /// The same with the place in the document, and a piece of it.
    pub fn at(
        path: impl Into<String>,
        excerpt: impl Into<String>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Inner {
            path: path.into(),
            excerpt: excerpt.into(),
            found: message.into(),
            status: None,
            undescribed: None,
        }))
    }

    /// A status that the result's type has no variant for; becomes [`crate::Unexpected`].
    pub(crate) fn undescribed(answer: Answer) -> Self {
        let mut error = Self::new("no variant describes this status");
        error.0.status = Some(answer.status);
        error.0.undescribed = Some(answer);
        error
    }

    pub(crate) fn under(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn take_undescribed(&mut self) -> Option<Answer> {
        self.0.undescribed.take()
    }

    /// Forgets what the document said, keeping where it was wrong.
    pub(crate) fn redact(mut self) -> Self {
        self.0.excerpt.clear();
        self.0.found = "not what was expected".into();
        self
    }

    /// What was found and what was expected, without the place.
    pub(crate) fn found(&self) -> &str {
        &self.0.found
    }

    /// Where decoding failed, as a JSON path: `$.items[2].id`.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// At most 80 characters of the document around that place.
    ///
    /// What stands there is the server's own text, which may be a secret.
    pub fn excerpt(&self) -> &str {
        &self.0.excerpt
    }

    /// The HTTP status of the answer, where one was at hand.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("DecodeError");
        debug
            .field("path", &self.0.path)
            .field("found", &self.0.found);
        debug
            .field("status", &self.0.status)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the answer cannot be read at {}: {}",
            self.0.path, self.0.found
        )
    }
}

impl error::Error for DecodeError {}
