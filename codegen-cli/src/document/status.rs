//! The keys of `responses`.

use openapiv3::StatusCode;

/// A key of `responses`, and whether it is written as OpenAPI wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Status {
    /// `None` is `default`.
    pub(super) code: Option<StatusCode>,
    pub(super) correct: bool,
}

/// Reads `200`, `4XX`, `default`; also `4xx`, `Default`, `204 NO_CONTENT`.
pub(super) fn status(key: &str) -> Option<Status> {
    if key.eq_ignore_ascii_case("default") {
        return Some(Status {
            code: None,
            correct: key == "default",
        });
    }
    let word = key
        .split(|sign: char| !sign.is_ascii_alphanumeric())
        .next()?;
    let code = match word.as_bytes() {
        [first @ b'1'..=b'5', b'X' | b'x', b'X' | b'x'] => {
            StatusCode::Range(u16::from(first - b'0'))
        }
        [b'1'..=b'9', _, _] => StatusCode::Code(word.parse().ok()?),
        _ => return None,
    };
    let correct = code.to_string() == key;
    Some(Status {
        code: Some(code),
        correct,
    })
}
