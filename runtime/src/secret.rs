//! Text that must not be seen.

use http::HeaderValue;
use serde::{Deserialize, Deserializer};
use std::{fmt, sync::Arc};
use zeroize::Zeroizing;

/// A token or password: never printed, wiped from memory with its last clone.
///
/// There is no `Display`, and `Debug` shows a placeholder. Clones share one buffer.
///
/// ```
/// use perennial::Secret;
///
/// let secret = Secret::new("hunter2");
/// assert_eq!(secret.expose(), "hunter2");
/// assert_eq!(format!("{secret:?}"), "Secret(***)");
/// ```
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    /// Takes the text over; what it came from is the caller's to wipe.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Arc::new(Zeroizing::new(text.into())))
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `prefix` and the text as a header that HTTP libraries know not to print.
    ///
    /// None if the text holds what a header cannot carry, a newline for example.
    pub(crate) fn header(&self, prefix: &str) -> Option<HeaderValue> {
        let text = Zeroizing::new([prefix, self.expose()].concat());
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(
            format!("{:?}", Some(Secret::new("A1"))),
            "Some(Secret(***))"
        );
    }

    #[test]
    fn headers_are_sensitive() {
        let value = Secret::new("A1")
            .header("Bearer ")
            .expect("plain text fits a header");
        assert!(value.is_sensitive());
        assert_eq!(value, "Bearer A1");
        assert!(Secret::new("A\n1").header("").is_none());
    }
}
