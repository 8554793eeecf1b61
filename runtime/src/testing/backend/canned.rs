//! An answer written down in advance.

use super::gate::Gate;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

/// An answer: status, headers, body, and how the body arrives.
///
/// ```
/// use perennial::testing::{Backend, Canned};
///
/// let backend = Backend::start();
/// backend.on("/orders").nth(1).answer(Canned::html(502));
/// backend.on("/orders").nth(2).answer(Canned::status(204).header("x-trace", "17"));
/// ```
#[derive(Clone, Debug)]
pub struct Canned {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) rest: Option<Gate>,
    /// Whether the connection breaks in the middle of the body.
    pub(super) torn: bool,
}

impl Canned {
    /// An answer without a body.
    ///
    /// # Panics
    /// When `status` is no HTTP status.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status: StatusCode::from_u16(status).expect("a status"),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            rest: None,
            torn: false,
        }
    }

    /// A JSON answer.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::status(status).body("application/json", body.to_string())
    }

    /// A page such as a proxy in front of the back end shows.
    #[must_use]
    pub fn html(status: u16) -> Self {
        let page = format!("<html><body><h1>{status}</h1></body></html>");
        Self::status(status).body("text/html", page)
    }

    /// A redirect.
    #[must_use]
    pub fn redirect(status: u16, to: &str) -> Self {
        Self::status(status).header("location", to)
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, mime: &'static str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", mime)
    }

    /// Adds a header; its name is in lower case.
    ///
    /// # Panics
    /// When the name or the value cannot stand in a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("a header value");
        self.headers.append(HeaderName::from_static(name), value);
        self
    }

    /// Sends what was given as the body at once, but ends the body only when the gate opens.
    #[must_use]
    pub fn unfinished(mut self, until: &Gate) -> Self {
        self.rest = Some(until.clone());
        self
    }

    /// Sends the first half of the body, and then closes the connection.
    #[must_use]
    pub fn torn(mut self) -> Self {
        self.torn = true;
        self
    }
}
