//! Descriptions (CommonMark, often with HTML) as documentation that rustdoc reads as text alone.
//!
//! A description is somebody else's text inside our source: none of it may become code, a doctest,
//! a tag or a link into the crate. So it is parsed with the parser that rustdoc itself uses and
//! written anew, block by block, in a plain form; [`wrap`] then fits that form into a width.

mod blocks;
mod escape;
mod inline;
mod source;
mod wrap;

pub(crate) use wrap::wrap;

/// The normal form of a description: one line per paragraph, blocks apart, the first letter large
/// and a full stop at the end of sentences.
pub(crate) fn text(description: &str) -> String {
    blocks::write(&source::clean(description))
}

/// One short text as it stands, on one line: a title, a list of names.
pub(crate) fn plain(text: &str) -> String {
    let mut line = String::new();
    for word in source::printable(text).split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        escape::text(word, &mut line, escape::Place::Paragraph);
    }
    line
}

/// Raw text on one line, for what is no Markdown: a title, an address.
pub(crate) fn line(text: &str) -> String {
    source::printable(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// `text` as a code span.
pub(crate) fn code(text: &str) -> String {
    let mut span = String::new();
    let text = source::printable(text);
    escape::code(
        &text.split_whitespace().collect::<Vec<_>>().join(" "),
        &mut span,
    );
    span
}

/// Parts of a documentation, those that say something, as paragraphs.
pub(crate) fn paragraphs<I: IntoIterator<Item = String>>(parts: I) -> String {
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|part| !part.trim().is_empty())
        .collect();
    parts.join("\n\n")
}

/// An item of a list: `text` after `name`, further paragraphs indented.
pub(crate) fn item(name: &str, text: &str) -> String {
    let mut lines = text.lines();
    let mut item = format!("- {name}: {}", lines.next().unwrap_or_default());
    for line in lines {
        item.push('\n');
        if !line.is_empty() {
            item.push_str("  ");
            item.push_str(line);
        }
    }
    item
}

#[cfg(test)]
mod tests;
