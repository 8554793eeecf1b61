//! Looks into JSON text that is known to be valid, without decoding it. On other text the answers
//! are meaningless, and nothing panics.

use std::borrow::Cow;

/// The first byte of a value tells its kind.
pub(super) fn first(json: &str) -> Option<u8> {
    json.bytes().find(|byte| !byte.is_ascii_whitespace())
}

/// The members of an object: names, and values as text. Nothing for any other value.
pub(super) fn members(json: &str) -> Vec<(Cow<'_, str>, &str)> {
    let mut scan = Scan { json, at: 0 };
    let mut members = Vec::new();
    scan.blank();
    if !scan.take(b'{') {
        return members;
    }
    loop {
        scan.blank();
        let name = scan.value();
        scan.blank();
        if name.is_empty() || !scan.take(b':') {
            return members;
        }
        scan.blank();
        members.push((unquote(name), scan.value()));
        scan.blank();
        if !scan.take(b',') {
            return members;
        }
    }
}

/// The text of a JSON string without escapes is its value.
fn unquote(json: &str) -> Cow<'_, str> {
    let inner = json.strip_prefix('"').and_then(|j| j.strip_suffix('"'));
    match inner {
        Some(inner) if !inner.contains('\\') => Cow::Borrowed(inner),
        _ => Cow::Owned(serde_json::from_str(json).unwrap_or_default()),
    }
}

struct Scan<'j> {
    json: &'j str,
    at: usize,
}

impl<'j> Scan<'j> {
    fn peek(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn blank(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Passes over one value: a string, a bracket with all that is in it, or a bare word.
    fn value(&mut self) -> &'j str {
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.string(),
                b'[' | b'{' => {
                    depth += 1;
                    self.at += 1;
                }
                b']' | b'}' if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                b']' | b'}' => break,
                b',' | b':' if depth == 0 => break,
                _ if depth == 0 && byte.is_ascii_whitespace() => break,
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            if depth == 0 {
                break;
            }
        }
        // Every end of a value is an ASCII byte or the text's own end.
        self.json.get(start..self.at).unwrap_or_default()
    }

    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'"' => return,
                b'\\' => self.at += 1,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &[(&str, &str)]) {
        let members = members(json);
        let found: Vec<_> = members.iter().map(|(n, v)| (n.as_ref(), *v)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn members_of_an_object() {
        check("{}", &[]);
        check(" [1] ", &[]);
        check("12", &[]);
        check(r#"{"a":1}"#, &[("a", "1")]);
        check(
            " { \"a\" : [1, {\"b\": \"]}\"}] , \"c\\u0064\":null, \"e\" : \"x\\\"y\" }\n",
            &[
                ("a", r#"[1, {"b": "]}"}]"#),
                ("cd", "null"),
                ("e", r#""x\"y""#),
            ],
        );
    }

    #[test]
    fn other_text_ends_quietly() {
        for json in [
            "",
            "{",
            "{\"",
            "{\"a",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":{",
            "{\"a\":\"\\",
            "{]",
            "{,",
            "{:",
        ] {
            let _ = members(json);
        }
    }
}
