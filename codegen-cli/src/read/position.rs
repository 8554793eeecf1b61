//! Lines and columns, computed only when a diagnostic is printed.

/// A place in a text, as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// The first line is 1.
    pub(crate) line: u32,
    /// In characters; the first is 1.
    pub(crate) column: u32,
}

/// Where each line begins.
#[derive(Debug)]
pub(super) struct Lines(Vec<u32>);

impl Lines {
    pub(super) fn new(source: &str) -> Self {
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

    pub(super) fn position(&self, source: &str, at: u32) -> Position {
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
