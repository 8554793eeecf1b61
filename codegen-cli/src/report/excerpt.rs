//! The lines around a place, short enough for a terminal.

use std::ops::Range;

/// Characters kept on either side of the place, in a document that is one line of megabytes.
const SIDE: usize = 60;

/// A few lines of a text and what to point at in them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Excerpt {
    /// The number of the first line of `text`.
    pub line: u32,
    /// The lines; long ones are cut on both sides, with `…`.
    pub text: String,
    /// What to point at, in bytes of `text`; at least one character, unless the line is empty.
    pub span: Range<usize>,
    /// Whether the line is longer than `text`, so that columns of the two differ.
    pub cut: bool,
}

impl Excerpt {
    /// The line of `source` that holds `start`, with the part up to `end` marked.
    pub(super) fn new(source: &str, line: u32, start: usize, end: usize) -> Self {
        let start = floor(source, start);
        let first = source[..start].rfind('\n').map_or(0, |at| at + 1);
        let last = source[start..]
            .find('\n')
            .map_or(source.len(), |at| start + at);
        let end = floor(
            source,
            end.clamp(start, last.min(start + 2 * SIDE).max(start)),
        );
        let from = back(source, first, start);
        let to = forth(source, end, last);
        let before = if from > first { "…" } else { "" };
        let after = if to < last { "…" } else { "" };
        let text = visible(&format!("{before}{}{after}", source[from..to].trim_end()));
        let shift = before.len() + start - from;
        let span = widened(&text, shift..shift + end - start);
        Self {
            line,
            span,
            text,
            cut: from > first || to < last,
        }
    }
}

/// Some characters before `at`, not before `first`.
fn back(source: &str, first: usize, at: usize) -> usize {
    let start = source[first..at].char_indices().rev().nth(SIDE);
    start.map_or(first, |(offset, _)| first + offset)
}

/// Some characters after `at`, not after `last`.
fn forth(source: &str, at: usize, last: usize) -> usize {
    source[at..last]
        .char_indices()
        .nth(SIDE)
        .map_or(last, |(offset, _)| at + offset)
}

/// Spaces, byte for byte, instead of what a terminal would obey.
fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for sign in text.chars() {
        if sign.is_control() {
            visible.extend(std::iter::repeat_n(' ', sign.len_utf8()));
        } else {
            visible.push(sign);
        }
    }
    visible
}

/// The nearest start of a character at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// At least one character.
fn widened(text: &str, span: Range<usize>) -> Range<usize> {
    let start = floor(text, span.start);
    let end = floor(text, span.end).max(start);
    if end > start {
        return start..end;
    }
    let next = text[start..].chars().next().map_or(0, char::len_utf8);
    start..start + next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_of_many() {
        let excerpt = Excerpt::new("a: 1\nb: é2\nc: 3\n", 2, 8, 11);
        assert_eq!(
            excerpt,
            Excerpt {
                line: 2,
                text: "b: é2".to_owned(),
                span: 3..6,
                cut: false
            }
        );
    }

    #[test]
    fn a_line_of_megabytes() {
        let source = format!("{}é!{}", "ä".repeat(100_000), "ö".repeat(100_000));
        let excerpt = Excerpt::new(&source, 1, 200_000, 200_002);
        assert!(excerpt.text.chars().count() < 200, "{}", excerpt.text);
        assert_eq!(&excerpt.text[excerpt.span], "é");
    }

    #[test]
    fn the_end_and_beyond() {
        for at in 0..9 {
            for end in 0..12 {
                let excerpt = Excerpt::new("é\n\nx\n", 1, at, end);
                assert!(excerpt.text.get(excerpt.span.clone()).is_some());
            }
        }
    }
}
