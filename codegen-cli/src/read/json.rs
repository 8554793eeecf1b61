//! JSON by a scanner of our own: iterative, with the place of every node, and in one pass.

use std::sync::Arc;

use super::Unusable;
use super::build::Builder;
use super::position::Source;
use super::tree::Tree;
use crate::diagnostic::{Diagnostic, Diagnostics, Kind};

/// Reads JSON text (RFC 8259).
pub(super) fn read(source: &Arc<Source>, found: &Diagnostics) -> Result<Tree, Unusable> {
    let mut builder = Builder::new(source.clone(), found);
    let scanner = Scanner {
        text: source.text(),
        bytes: source.text().as_bytes(),
        at: 0,
    };
    match scanner.run(&mut builder) {
        Ok(()) => Ok(builder.finish()),
        Err(Fault::Reported) => Err(Unusable),
        Err(Fault::At(at, message, help)) => {
            let diagnostic = Diagnostic::error(Kind::Syntax, message).at(at as u32);
            found.push(if help.is_empty() {
                diagnostic
            } else {
                diagnostic.help(help)
            });
            Err(Unusable)
        }
    }
}

enum Fault {
    At(usize, String, &'static str),
    Reported,
}

impl From<Unusable> for Fault {
    fn from(_: Unusable) -> Self {
        Self::Reported
    }
}

struct Scanner<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
}

impl Scanner<'_> {
    fn run(mut self, builder: &mut Builder<'_>) -> Result<(), Fault> {
        loop {
            self.value(builder)?;
            // After a value: what closes it, or the next member.
            loop {
                self.space();
                let Some(byte) = self.bytes.get(self.at) else {
                    return if builder.depth() == 0 {
                        Ok(())
                    } else {
                        Err(self.truncated(builder))
                    };
                };
                match byte {
                    b',' if builder.depth() > 0 => {
                        self.at += 1;
                        self.space();
                        if builder.in_mapping() {
                            self.key(builder)?;
                        } else if self.bytes.get(self.at) == Some(&b']') {
                            return Err(self.trailing_comma());
                        }
                        break;
                    }
                    b'}' if builder.in_mapping() => {
                        self.at += 1;
                        builder.close(self.at);
                    }
                    b']' if builder.depth() > 0 && !builder.in_mapping() => {
                        self.at += 1;
                        builder.close(self.at);
                    }
                    _ => return Err(self.after_value(builder)),
                }
            }
        }
    }

    /// A scalar, an empty collection, or a collection up to the first thing in it.
    fn value(&mut self, builder: &mut Builder<'_>) -> Result<(), Fault> {
        loop {
            self.space();
            let at = self.at;
            match self.bytes.get(at) {
                Some(b'"') => return self.string(builder),
                Some(b'{') => {
                    builder.open(at, true)?;
                    self.at += 1;
                    self.space();
                    if self.bytes.get(self.at) == Some(&b'}') {
                        self.at += 1;
                        builder.close(self.at);
                        return Ok(());
                    }
                    self.key(builder)?;
                }
                Some(b'[') => {
                    builder.open(at, false)?;
                    self.at += 1;
                    self.space();
                    if self.bytes.get(self.at) == Some(&b']') {
                        self.at += 1;
                        builder.close(self.at);
                        return Ok(());
                    }
                }
                Some(_) => return self.literal(builder),
                None => return Err(self.truncated(builder)),
            }
        }
    }

    fn key(&mut self, builder: &mut Builder<'_>) -> Result<(), Fault> {
        match self.bytes.get(self.at) {
            Some(b'"') => self.string(builder)?,
            Some(b'}') => return Err(self.trailing_comma()),
            None => return Err(self.truncated(builder)),
            Some(_) => return Err(self.unexpected("a key in double quotes")),
        }
        self.space();
        match self.bytes.get(self.at) {
            Some(b':') => {
                self.at += 1;
                Ok(())
            }
            None => Err(self.truncated(builder)),
            Some(_) => Err(self.unexpected("`:` after the key")),
        }
    }

    fn string(&mut self, builder: &mut Builder<'_>) -> Result<(), Fault> {
        let open = self.at;
        let start = open + 1;
        let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1F);
        let length = self.bytes[start..].iter().position(special);
        let end = start + length.ok_or_else(|| self.unclosed(open))?;
        if self.bytes[end] == b'"' {
            builder.scalar(open, start..end, false);
            self.at = end + 1;
            return Ok(());
        }
        let mut text = String::new();
        let mut from = start;
        let mut here = end;
        loop {
            text.push_str(&self.text[from..here]);
            match self.bytes[here] {
                b'"' => break,
                b'\\' => here = self.escape(here, &mut text)?,
                byte => {
                    let message = format!("the control character {byte:#04x} stands in a string");
                    return Err(Fault::At(
                        here,
                        message,
                        "write it as an escape, such as `\\n`",
                    ));
                }
            }
            from = here;
            let length = self
                .bytes
                .get(here..)
                .and_then(|rest| rest.iter().position(special));
            here += length.ok_or_else(|| self.unclosed(open))?;
        }
        builder.spilled(open, &text, false);
        self.at = here + 1;
        Ok(())
    }

    /// Undoes the escape at `at`; returns where the text goes on.
    fn escape(&self, at: usize, text: &mut String) -> Result<usize, Fault> {
        let simple = match self.bytes.get(at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(at, text),
            None => return Err(self.unclosed(at)),
            Some(_) => {
                let message = "this escape is not one of JSON's".to_owned();
                return Err(Fault::At(
                    at,
                    message,
                    "a backslash itself is written `\\\\`",
                ));
            }
        };
        text.push(simple);
        Ok(at + 2)
    }

    fn unicode(&self, at: usize, text: &mut String) -> Result<usize, Fault> {
        let high = self.hex(at + 2).ok_or_else(|| {
            let message = "`\\u` needs four hexadecimal digits".to_owned();
            Fault::At(at, message, "")
        })?;
        if let Some(letter) = char::from_u32(high) {
            text.push(letter);
            return Ok(at + 6);
        }
        let low = (self.bytes.get(at + 6..at + 8) == Some(b"\\u"))
            .then(|| self.hex(at + 8))
            .flatten();
        let low = low.filter(|low| (0xDC00..0xE000).contains(low) && high < 0xDC00);
        let Some(low) = low else {
            // Half of a pair is no character. The rest of the document is still good.
            text.push(char::REPLACEMENT_CHARACTER);
            return Ok(at + 6);
        };
        let pair = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        text.push(char::from_u32(pair).unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(at + 12)
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 4)?;
        digits.iter().try_fold(0, |value, digit| {
            Some(value * 16 + char::from(*digit).to_digit(16)?)
        })
    }

    /// A number, `true`, `false` or `null`.
    fn literal(&mut self, builder: &mut Builder<'_>) -> Result<(), Fault> {
        let start = self.at;
        let inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        let rest = &self.bytes[start..];
        let end = start
            + rest
                .iter()
                .position(|byte| !inside(byte))
                .unwrap_or(rest.len());
        let text = &self.text[start..end];
        if !(matches!(text, "true" | "false" | "null") || is_number(text)) {
            return Err(self.bad_literal(text, builder));
        }
        builder.scalar(start, start..end, true);
        self.at = end;
        Ok(())
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn bad_literal(&self, text: &str, builder: &Builder<'_>) -> Fault {
        if self.at + text.len() == self.bytes.len() && !text.is_empty() {
            return self.truncated(builder);
        }
        match text {
            "" => self.unexpected("a value"),
            "True" | "False" | "None" | "NaN" | "Infinity" | "undefined" => Fault::At(
                self.at,
                format!("found `{text}`, which JSON does not know"),
                "",
            ),
            _ => {
                let shown: String = text.chars().take(40).collect();
                let message = format!("found `{shown}`, expected a value");
                Fault::At(self.at, message, "text goes into double quotes")
            }
        }
    }

    fn after_value(&self, builder: &Builder<'_>) -> Fault {
        if builder.depth() == 0 {
            let message = "something follows the end of the document".to_owned();
            return Fault::At(self.at, message, "one document per file");
        }
        self.unexpected(if builder.in_mapping() {
            "`,` or `}`"
        } else {
            "`,` or `]`"
        })
    }

    fn trailing_comma(&self) -> Fault {
        Fault::At(
            self.at,
            "a comma stands before the closing bracket".to_owned(),
            "remove the comma",
        )
    }

    fn truncated(&self, builder: &Builder<'_>) -> Fault {
        let open = builder.depth();
        let message = format!("the document ends while {open} brackets are still open");
        Fault::At(
            self.bytes.len(),
            message,
            "it seems to be cut off; fetch it again",
        )
    }

    fn unclosed(&self, open: usize) -> Fault {
        let message = "the string that begins here never ends".to_owned();
        Fault::At(
            open,
            message,
            "the document seems to be cut off; fetch it again",
        )
    }

    fn unexpected(&self, expected: &str) -> Fault {
        let sign = self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next());
        let found = sign.map_or("the end".to_owned(), shown);
        let help = match sign {
            Some('\'') => "JSON quotes with `\"`",
            Some('/') => "JSON has no comments",
            _ => "",
        };
        Fault::At(self.at, format!("found {found}, expected {expected}"), help)
    }
}

/// A character in a message.
fn shown(sign: char) -> String {
    if sign.is_control() {
        format!("the control character {:#04x}", u32::from(sign))
    } else {
        format!("`{sign}`")
    }
}

/// The grammar of RFC 8259, section 6, but for zeros in front.
fn is_number(text: &str) -> bool {
    let bytes = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let mut at = digits(0);
    if at == 0 {
        return false;
    }
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return false;
        }
        at += 1 + fraction;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        at += 1;
        if let Some(b'+' | b'-') = bytes.get(at) {
            at += 1;
        }
        let exponent = digits(at);
        if exponent == 0 {
            return false;
        }
        at += exponent;
    }
    at == bytes.len()
}
