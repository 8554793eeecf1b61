//! Lines and columns, computed only when a diagnostic is printed.

use std::sync::OnceLock;

/// A place in a text, as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// The first line is 1.
    pub(crate) line: u32,
    /// In characters; the first is 1.
    pub(crate) column: u32,
}

/// A text with a name, and its lines once somebody asks for them.
#[derive(Debug)]
pub(crate) struct Source {
    name: String,
    text: String,
    lines: OnceLock<Lines>,
}

impl Source {
    /// `name` is how diagnostics call the text.
    pub(crate) fn new(name: &str, text: String) -> Self {
        Self {
            name: name.to_owned(),
            text,
            lines: OnceLock::new(),
        }
    }

    /// How diagnostics call the text.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte.
    pub(crate) fn position(&self, at: u32) -> Position {
        self.lines
            .get_or_init(|| Lines::new(&self.text))
            .position(&self.text, at)
    }
}

/// Where each line begins.
#[derive(Debug)]
struct Lines(Vec<u32>);

impl Lines {
    fn new(source: &str) -> Self {
        let breaks = source
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n');
        Self(
            std::iter::once(0)
                .chain(breaks.map(|(at, _)| at as u32 + 1))
                .collect(),
        )
    }

    fn position(&self, source: &str, at: u32) -> Position {
        let at = at.min(source.len() as u32);
        let line = self.0.partition_point(|start| *start <= at).max(1);
        let start = self.0[line - 1] as usize;
        let before = source
            .as_bytes()
            .get(start..at as usize)
            .unwrap_or_default();
        // Bytes that do not continue a character: the number of characters.
        let column = before.iter().filter(|byte| (**byte & 0xC0) != 0x80).count() as u32 + 1;
        Position {
            line: line as u32,
            column,
        }
    }
}
