//! Where in a JSON document decoding failed.
//!
//! `serde_path_to_error` would tell it too, at the price of compiling each type's `Deserialize`
//! once more. The offset that serde_json reports is enough for a second, untyped pass.

use crate::DecodeError;
use serde::de::IgnoredAny;

/// Longest excerpt, in bytes.
const EXCERPT: usize = 80;

pub(super) fn locate(text: &[u8], error: serde_json::Error) -> DecodeError {
    let offset = offset(text, error.line(), error.column());
    let (mut path, mut start) = path(text, offset);
    let mut message = message(&error);
    // Where a type has decoded a piece of the text on its own, its message says where in it.
    let piece = message.split_once("at `$").and_then(|(piece, rest)| {
        let (inner, rest) = rest.split_once("`: ")?;
        Some((piece.to_owned(), inner.to_owned(), rest.to_owned()))
    });
    if let Some((piece, inner, rest)) = piece {
        let length = piece
            .strip_prefix("in the ")
            .and_then(|piece| piece.strip_suffix(" bytes before, "))
            .and_then(|length| length.parse().ok());
        match length.and_then(|length| ending(text, offset, length)) {
            Some(end) => (path, start) = self::path(text, end),
            None if piece.is_empty() => {}
            None => return DecodeError::at(path, excerpt(text, start), message),
        }
        path.push_str(&inner);
        message = rest;
    }
    DecodeError::at(path, excerpt(text, start), message)
}

/// Where the last value of that length ends, at `offset` or before.
fn ending(text: &[u8], offset: usize, length: usize) -> Option<usize> {
    // Between the value and the error stand blanks and at most one bracket or comma.
    let is_blank = |end: usize| text[end].is_ascii_whitespace();
    let mut end = offset;
    for _ in 0..2 {
        while end > 0 && is_blank(end - 1) {
            end -= 1;
        }
        let start = end.checked_sub(length)?;
        if path(text, end).1 == start && is_json(&text[start..end]) {
            return Some(end);
        }
        end = end.checked_sub(1)?;
    }
    None
}

fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// serde_json appends line and column, which the path says better.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    without_value(text.rfind(" at line ").map_or(&*text, |end| &text[..end]))
}

/// What serde says, without the value that it did not like: that may be a token.
pub(super) fn without_value(text: &str) -> String {
    let names_the_value = ["invalid type: ", "invalid value: ", "unknown variant "];
    let start = names_the_value
        .iter()
        .find(|start| text.starts_with(**start));
    match (start, text.rfind(", expected ")) {
        (Some(start), Some(expected)) => {
            let found = &text[start.len()..expected];
            let kind = found.split(['"', '`']).next().unwrap_or_default();
            format!("{}{}", [start, kind].concat().trim_end(), &text[expected..])
        }
        _ => text.to_owned(),
    }
}

fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let start = match line {
        0 | 1 => 0,
        _ => {
            let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
            ends.map(|(at, _)| at + 1).nth(line - 2).unwrap_or(0)
        }
    };
    (start + column).min(text.len())
}

fn excerpt(text: &[u8], start: usize) -> String {
    let end = (start + EXCERPT).min(text.len());
    String::from_utf8_lossy(&text[start..end])
        .trim_end_matches('\u{fffd}')
        .to_owned()
}

enum Frame {
    Key(String, usize),
    Index(usize, usize),
}

/// The path of the value that ends at `offset`, or starts there, or else holds it; and its start.
fn path(text: &[u8], offset: usize) -> (String, usize) {
    let mut frames: Vec<Frame> = Vec::new();
    let mut value = 0;
    let mut at = 0;
    while at < offset {
        let start = at;
        match text[at] {
            b'{' | b'[' => {
                let frame = if text[at] == b'{' {
                    Frame::Key(String::new(), start)
                } else {
                    Frame::Index(0, start)
                };
                at += 1;
                frames.push(frame);
                value = skip_space(text, at);
            }
            b'}' | b']' => {
                at += 1;
                let Some(Frame::Key(_, opened) | Frame::Index(_, opened)) = frames.pop() else {
                    break;
                };
                value = opened;
            }
            b',' => {
                at += 1;
                value = skip_space(text, at);
                match frames.last_mut() {
                    Some(Frame::Index(index, _)) => *index += 1,
                    Some(Frame::Key(key, _)) => key.clear(),
                    None => {}
                }
            }
            b':' => {
                at += 1;
                value = skip_space(text, at);
            }
            b'"' => {
                at = string_end(text, at);
                if text[skip_space(text, at)..].first() == Some(&b':') {
                    if let Some(Frame::Key(key, _)) = frames.last_mut() {
                        *key = serde_json::from_slice(&text[start..at]).unwrap_or_default();
                    }
                }
            }
            _ => at += 1,
        }
    }
    (print(&frames), value.min(text.len()))
}

fn skip_space(text: &[u8], mut at: usize) -> usize {
    while text.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

fn print(frames: &[Frame]) -> String {
    let mut path = String::from("$");
    for frame in frames {
        match frame {
            Frame::Key(key, _) if is_word(key) => {
                path.push('.');
                path.push_str(key);
            }
            Frame::Key(key, _) if !key.is_empty() => path.push_str(&format!("[{key:?}]")),
            Frame::Key(..) => {}
            Frame::Index(index, _) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

fn is_word(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;
    use std::collections::BTreeMap;

    type Nested = BTreeMap<String, Vec<BTreeMap<String, u8>>>;

    fn check<T: DeserializeOwned>(text: &str, path: &str, excerpt: &str) {
        let error = crate::decode::json::<T>(text.as_bytes())
            .err()
            .expect("it does not fit");
        assert_eq!((error.path(), error.excerpt()), (path, excerpt), "{error}");
    }

    #[test]
    fn the_value_at_fault_is_named() {
        check::<u8>(r#""x""#, "$", r#""x""#);
        check::<Nested>(
            r#"{"a": [{"b": 1}, {"b": 2, "c": "x"}]}"#,
            "$.a[1].c",
            r#""x"}]}"#,
        );
        check::<Nested>(r#"{"a": [{"b": 1}, 7]}"#, "$.a[1]", "7]}");
        check::<Nested>(r#"{"a": [{"b": {"c": 1}}]}"#, "$.a[0].b", r#"{"c": 1}}]}"#);
        check::<Nested>(
            "{\n  \"a\": [\n    {\"b\": 300}\n  ]\n}",
            "$.a[0].b",
            "300}\n  ]\n}",
        );
        check::<Nested>(
            r#"{"a b": [{"\u00e4": true}]}"#,
            r#"$["a b"][0].ä"#,
            "true}]}",
        );
    }

    #[test]
    fn a_missing_member_is_its_objects() {
        let text = r#"{"a": [{"x": 1}], "b": 2}"#;
        check::<BTreeMap<String, Vec<(u8, u8)>>>(text, "$.a[0]", r#"{"x": 1}], "b": 2}"#);
        check::<Vec<(u8, u8)>>("[[1, 2], [3]]", "$[1]", "[3]]");
    }

    #[test]
    fn torn_and_strange_documents_are_survived() {
        for text in [
            "",
            "{",
            "[",
            "{\"a",
            "{\"a\"",
            "{\"a\":",
            "{\"a\\",
            "]",
            "}",
            ",",
            "\u{fffd}",
            "[[[[",
            "{\"a\":[{}},",
        ] {
            let error = crate::decode::json::<Nested>(text.as_bytes()).unwrap_err();
            assert!(error.path().starts_with('$'), "{text}: {}", error.path());
        }
        let bytes = [b'{', b'"', 0xff, b'"', b':', 0xff, b'}'];
        assert!(crate::decode::json::<Nested>(&bytes).is_err());
    }

    #[test]
    fn no_document_makes_it_panic() {
        let whole = br#"{"a": [{"b": 1}, {"c\u00e4": [true, null, -1.5e3, "x\""]}], "d": "e"}"#;
        for end in 0..whole.len() {
            drop(crate::decode::json::<Nested>(&whole[..end]));
            for byte in [0, b'"', b'\\', b'{', b']', b',', b':', 0xff] {
                let mut text = whole.to_vec();
                text[end] = byte;
                drop(crate::decode::json::<Nested>(&text));
            }
        }
    }

    #[test]
    fn the_value_at_fault_stays_out_of_display_and_debug() {
        #[derive(Debug, serde::Deserialize)]
        enum Open {
            Here,
        }
        let check = |error: crate::DecodeError, expected: &str| {
            assert_eq!(
                error.to_string(),
                format!("the answer cannot be read at $: {expected}")
            );
            assert!(!format!("{error:?}").contains("s3cret"));
            assert!(error.excerpt().contains("s3cret"));
        };
        let json = br#""s3cret, expected x""#;
        let error = crate::decode::json::<u8>(json).unwrap_err();
        check(error, "invalid type: string, expected u8");
        let error = crate::decode::json::<Open>(json).unwrap_err();
        check(error, "unknown variant, expected `Here`");
        assert!(matches!(crate::decode::json(b"\"Here\""), Ok(Open::Here)));
        let error = crate::decode::json::<u8>(b"{\"s3cret\": 1}").unwrap_err();
        check(error, "invalid type: map, expected u8");
    }
}
