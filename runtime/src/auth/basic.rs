//! HTTP basic authentication (RFC 7617), for clients rather than users.

use crate::{Client, RequestError, Secret, endpoint::Endpoint};
use http::HeaderValue;
use zeroize::Zeroizing;

/// What `.client_credentials(…)` said, as a header.
///
/// # Errors
/// Says that it said nothing, or that no header can carry it.
pub(super) fn client_credentials(
    client: &Client,
    endpoint: &Endpoint,
) -> Result<HeaderValue, RequestError> {
    let Some((id, secret)) = &client.settings().credentials else {
        return Err(RequestError::new(format!(
            "{}: it authenticates the client, expected `.client_credentials(…)` on the builder",
            endpoint.name
        )));
    };
    basic(id, secret).ok_or_else(|| {
        RequestError::new("the client's credentials hold a character that a header cannot carry")
    })
}

/// `Basic …` for a client's id and secret, as a sensitive header value.
pub(crate) fn basic(id: &str, secret: &Secret) -> Option<HeaderValue> {
    let pair = Zeroizing::new([id, ":", secret.expose()].concat());
    let encoded = Secret::new(base64(pair.as_bytes()));
    encoded.header("Basic ")
}

/// RFC 4648, section 4, with padding; too little code for a dependency.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0u32, |group, at| {
            group << 8 | u32::from(chunk.get(at).copied().unwrap_or_default())
        });
        for at in 0..4 {
            let letter = ALPHABET[(group >> (18 - 6 * at) & 63) as usize];
            text.push(if at <= chunk.len() {
                char::from(letter)
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_in_the_rfc() {
        let cases = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, encoded) in cases {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn basic_as_in_the_rfc() {
        let value = basic("Aladdin", &Secret::new("open sesame")).unwrap();
        assert_eq!(value, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert!(value.is_sensitive());
    }
}
