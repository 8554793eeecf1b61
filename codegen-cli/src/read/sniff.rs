//! What the bytes are: text or not, JSON or YAML.

use super::{MAX_BYTES, Unusable};
use crate::diagnostic::{Diagnostic, Diagnostics, Kind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Json,
    Yaml,
}

/// What files of other kinds begin with.
const MAGIC: &[(&[u8], &str)] = &[
    (b"\x89PNG", "a PNG picture"),
    (b"\xFF\xD8\xFF", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"\x7FELF", "a program"),
    (b"MZ", "a program"),
    (b"\xFF\xFE", "UTF-16 text"),
    (b"\xFE\xFF", "UTF-16 text"),
];

/// What text of other kinds begins with, in lower case.
const MARKUP: &[(&str, &str)] = &[
    ("<!doctype html", "an HTML page"),
    ("<html", "an HTML page"),
    ("<?xml", "an XML document"),
];

/// The bytes as text, without a byte order mark.
pub(super) fn text(file: &str, bytes: Vec<u8>, found: &Diagnostics) -> Result<String, Unusable> {
    let refuse = |diagnostic: Diagnostic| {
        found.push(diagnostic);
        Err(Unusable)
    };
    if bytes.len() > MAX_BYTES {
        let message = format!(
            "`{file}` has {} bytes; at most {MAX_BYTES} are read",
            bytes.len()
        );
        return refuse(Diagnostic::error(Kind::Limit, message));
    }
    let known = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic));
    // `MZ` and the like could begin a text; a byte that no text holds decides.
    let binary = std::str::from_utf8(&bytes).is_err() || bytes.contains(&0);
    if let Some((_, name)) = known.filter(|_| binary) {
        return refuse(
            not_openapi(file, name).help("an OpenAPI document is UTF-8 text, JSON or YAML"),
        );
    }
    let mut text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let byte = error.as_bytes()[at];
            let message = format!("`{file}` is not UTF-8: the byte {byte:#04x} at offset {at}");
            let help =
                "save the document as UTF-8; JSON and YAML of OpenAPI know no other encoding";
            return refuse(Diagnostic::error(Kind::Encoding, message).help(help));
        }
    };
    if text.starts_with('\u{FEFF}') {
        text.drain(..'\u{FEFF}'.len_utf8());
    }
    let start = text.trim_start();
    if start.is_empty() {
        return refuse(
            Diagnostic::error(Kind::Syntax, format!("`{file}` is empty"))
                .help("an OpenAPI document begins with `openapi: 3.1.0`"),
        );
    }
    let head = start.get(..64).unwrap_or(start).to_ascii_lowercase();
    match MARKUP.iter().find(|(magic, _)| head.starts_with(magic)) {
        Some((_, name)) => refuse(not_openapi(file, name)),
        None => Ok(text),
    }
}

fn not_openapi(file: &str, name: &str) -> Diagnostic {
    let message = format!("`{file}` is {name}, not an OpenAPI document");
    Diagnostic::error(Kind::NotOpenApi, message)
}

/// JSON is what begins like JSON. A YAML flow mapping begins with a bare word.
pub(super) fn language(text: &str) -> Language {
    let mut signs = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    match (signs.next(), signs.next()) {
        (Some(b'{'), Some(b'"' | b'}') | None) => Language::Json,
        (Some(b'['), Some(b'"' | b'{' | b'[' | b']') | None) => Language::Json,
        _ => Language::Yaml,
    }
}
