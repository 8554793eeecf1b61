//! Fits the normal form into a width.

use super::escape;

/// The lines of `text`, none longer than `width` where a space allows it.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence = None;
    for line in text.lines() {
        let (first, next, rest) = prefix(line);
        match fence {
            None if rest.starts_with("```") => fence = Some(rest.trim_end_matches("text")),
            Some(open) if rest == open => fence = None,
            None if !rest.starts_with(['|', '#']) => {
                paragraph(first, &next, rest, width, &mut lines);
                continue;
            }
            _ => {}
        }
        lines.push(line.to_owned());
    }
    lines
}

/// What the first line of a paragraph starts with, what its further lines do, and its text.
fn prefix(line: &str) -> (&str, String, &str) {
    let mut next = String::new();
    let mut rest = line;
    loop {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let taken = if rest.starts_with("> ") {
            next.push_str("> ");
            rest = &rest[2..];
            continue;
        } else if rest.starts_with("- ") {
            2
        } else if rest.starts_with(' ') {
            1
        } else if digits > 0 && rest[digits..].starts_with(". ") {
            digits + 2
        } else {
            return (&line[..line.len() - rest.len()], next, rest);
        };
        next.extend(std::iter::repeat_n(' ', taken));
        rest = &rest[taken..];
    }
}

fn paragraph(first: &str, next: &str, text: &str, width: usize, lines: &mut Vec<String>) {
    let mut line = first.to_owned();
    let mut length = first.chars().count();
    let mut empty = true;
    for word in text.split(' ') {
        let word_length = word.chars().count();
        if !empty {
            if length + 1 + word_length > width && !escape::starts_block(word) {
                lines.push(
                    std::mem::replace(&mut line, next.to_owned())
                        .trim_end()
                        .to_owned(),
                );
                length = next.chars().count();
            } else {
                line.push(' ');
                length += 1;
            }
        }
        empty = false;
        line.push_str(word);
        length += word_length;
    }
    lines.push(line.trim_end().to_owned());
}
