//! How the client says who it is (RFC 6749, section 2.3).

use crate::{RequestError, Secret, auth};
use http::HeaderValue;
use std::fmt;
use url::form_urlencoded::byte_serialize;

#[derive(Clone)]
pub(super) enum Authentication {
    /// By its name alone: it has no secret, or none that could be kept.
    None,
    /// By a header.
    Basic(Secret),
    /// In the form.
    Post(Secret),
}

impl Authentication {
    pub(super) fn check(&self, client_id: &str) -> Result<(), RequestError> {
        if client_id.is_empty() {
            return Err(RequestError::new(
                "the client id is empty, expected the name this program is registered under",
            ));
        }
        let secret = match self {
            Self::None => return Ok(()),
            Self::Basic(secret) | Self::Post(secret) => secret,
        };
        match secret.is_empty() {
            true => Err(RequestError::new(
                "the client secret is empty, expected one, or no authentication for a public client",
            )),
            false => Ok(()),
        }
    }

    /// Whether it is more than a name.
    pub(super) fn proves(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The header, if it goes by one.
    pub(super) fn header(&self, client_id: &str) -> Option<HeaderValue> {
        let Self::Basic(secret) = self else {
            return None;
        };
        // Section 2.3.1: both are form-encoded before RFC 7617 joins them; a colon in the id, or a
        // letter beyond ASCII, would not survive otherwise. The result fits any header.
        let secret = Secret::new(encoded(secret.expose()));
        auth::basic(&encoded(client_id), &secret)
    }
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

impl fmt::Debug for Authentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Basic(_) => "Basic(***)",
            Self::Post(_) => "Post(***)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_and_secret_are_form_encoded_before_they_are_joined() {
        let basic = Authentication::Basic(Secret::new("p:ss w\u{f6}rd"));
        let header = basic.header("my:app").expect("encoded text fits a header");
        // base64("my%3Aapp:p%3Ass+w%C3%B6rd")
        assert_eq!(header, "Basic bXklM0FhcHA6cCUzQXNzK3clQzMlQjZyZA==");
        assert!(header.is_sensitive());
    }
}
