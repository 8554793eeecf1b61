//! One answer of the server, whole.

use crate::{DecodeError, decode};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use std::fmt;

/// An answer of the server: status, headers and body as they came.
///
/// Debug shows neither header values nor the body, which may hold secrets.
///
/// ```
/// use perennial::{Answer, StatusCode};
///
/// let answer = Answer::new(StatusCode::NOT_FOUND, r#"{"missing": 7}"#);
/// assert_eq!(answer.code(), 404);
/// assert_eq!(format!("{answer:?}"), "Answer { status: 404, headers: [], body: 14 bytes }");
/// ```
#[derive(Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came; with an envelope, the envelope too.
    pub body: Bytes,
    pub(crate) opened: Option<Box<Opened>>,
}

/// What an envelope held.
#[derive(Clone)]
pub(crate) struct Opened {
    pub(crate) code: i64,
    pub(crate) message: Option<String>,
    /// The data as JSON text; empty where there is none.
    pub(crate) data: Bytes,
}

impl Answer {
    /// An answer without headers, for mocks.
    pub fn new(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: body.into(),
            opened: None,
        }
    }

    /// Says that the body was the data of an envelope with this code and message; for mocks.
    pub fn enveloped(mut self, code: i64, message: impl Into<String>) -> Self {
        let (message, data) = (Some(message.into()), self.body.clone());
        self.opened = Some(Box::new(Opened {
            code,
            message,
            data,
        }));
        self
    }

    /// The envelope's code inside an HTTP 2xx, and the HTTP status otherwise.
    pub fn code(&self) -> i64 {
        match &self.opened {
            Some(opened) if self.status.is_success() => opened.code,
            _ => i64::from(self.status.as_u16()),
        }
    }

    /// The data in the envelope, or the whole body where there is no envelope.
    pub fn bytes(&self) -> Bytes {
        self.opened
            .as_ref()
            .map_or(&self.body, |opened| &opened.data)
            .clone()
    }

    /// The message in the envelope, where there is one.
    pub fn message(&self) -> Option<&str> {
        self.opened.as_ref()?.message.as_deref()
    }

    /// Reads [`Answer::bytes`] as UTF-8; what is not UTF-8 becomes U+FFFD.
    ///
    /// Data in an envelope that is a JSON string is the text in it.
    pub fn text(&self) -> String {
        let bytes = self.bytes();
        let quoted = self
            .opened
            .as_ref()
            .and_then(|_| serde_json::from_slice(&bytes).ok());
        quoted.unwrap_or_else(|| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Reads [`Answer::bytes`] as JSON.
    ///
    /// # Errors
    /// Says where the document is not what `T` expects.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        decode::json(&self.bytes()).map_err(|error| error.under(self.status))
    }

    /// What to call this answer in an error: status, code and message.
    pub(crate) fn reason(&self) -> Reason<'_> {
        Reason(self)
    }
}

pub(crate) struct Reason<'a>(&'a Answer);

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.status)?;
        let Some(opened) = &self.0.opened else {
            return Ok(());
        };
        write!(f, ", code {}", opened.code)?;
        opened
            .message
            .as_ref()
            .map_or(Ok(()), |message| write!(f, ", {message}"))
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Answer");
        debug.field("status", &self.status);
        debug.field("headers", &self.headers.keys().collect::<Vec<_>>());
        debug
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}
