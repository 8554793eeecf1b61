//! The text of one block.

use super::escape::{self, Place};

#[derive(Debug)]
pub(super) struct Inline {
    out: String,
    pub(super) place: Place,
    links: Vec<Link>,
}

impl Default for Inline {
    fn default() -> Self {
        Self {
            out: String::new(),
            place: Place::Paragraph,
            links: Vec::new(),
        }
    }
}

#[derive(Debug)]
struct Link {
    start: usize,
    image: bool,
    target: String,
    title: String,
}

impl Inline {
    pub(super) fn text(&mut self, text: &str) {
        let place = if self.links.is_empty() {
            self.place
        } else {
            Place::Link
        };
        let start = self.out.is_empty();
        escape::text(text, &mut self.out, place);
        let word = self.out.split(' ').next().unwrap_or_default();
        if start && place == Place::Paragraph && escape::starts_block(word) {
            // A number's mark is its full stop, any other mark its first character.
            let digits = word.bytes().take_while(u8::is_ascii_digit).count();
            self.out.insert(digits, '\\');
        }
    }

    pub(super) fn code(&mut self, code: &str) {
        let from = self.out.len();
        escape::code(&code.replace('\n', " "), &mut self.out);
        if self.place == Place::Cell {
            let cell = self.out.split_off(from).replace('|', "\\|");
            self.out.push_str(&cell);
        }
    }

    pub(super) fn mark(&mut self, mark: &str) {
        self.out.push_str(mark);
    }

    pub(super) fn heading(&mut self, level: usize) {
        self.out = format!("{} ", "#".repeat(level));
    }

    pub(super) fn line_break(&mut self, kept: bool) {
        self.out.push(if kept { '\n' } else { ' ' });
    }

    pub(super) fn hard_break(&mut self) {
        self.out.push_str(if self.place == Place::Cell {
            " "
        } else {
            "\\\n"
        });
    }

    pub(super) fn is_word(&self) -> bool {
        !self.out.is_empty() && self.out.bytes().all(|b| b.is_ascii_alphanumeric())
    }

    pub(super) fn open(&mut self, image: bool, target: &str, title: &str) {
        let (target, title) = (target.to_owned(), title.to_owned());
        self.links.push(Link {
            start: self.out.len(),
            image,
            target,
            title,
        });
    }

    /// Only absolute addresses are links: rustdoc would look anything else up in the crate.
    pub(super) fn close(&mut self) {
        let Some(Link {
            start,
            image,
            target,
            title,
        }) = self.links.pop()
        else {
            return;
        };
        let text = self.out.split_off(start);
        let absolute = ["https://", "http://", "mailto:"]
            .iter()
            .any(|s| target.starts_with(s));
        let odd = target.contains(|c: char| c.is_whitespace() || "<>()\\`".contains(c));
        if absolute && !image && (text == target || format!("mailto:{text}") == target) && !odd {
            self.out.push_str(&format!("<{text}>"));
        } else if absolute && !target.contains(['<', '>', '\n']) {
            let target = if odd { format!("<{target}>") } else { target };
            let title = match title.contains(['"', '\\', '\n']) || title.is_empty() {
                true => String::new(),
                false => format!(" \"{title}\""),
            };
            let mark = if image { "!" } else { "" };
            self.out
                .push_str(&format!("{mark}[{text}]({target}{title})"));
        } else {
            self.out.push_str(&text);
            if !target.is_empty() && !target.starts_with('#') && text != target {
                self.out.push_str(" (");
                escape::code(&target.replace('\n', " "), &mut self.out);
                self.out.push(')');
            }
        }
    }

    pub(super) fn take(&mut self) -> String {
        let taken = std::mem::take(&mut self.out);
        let ended = taken.trim_end_matches(['\\', '\n']);
        let escaped = taken[ended.len()..].starts_with("\\\\");
        if escaped {
            taken
        } else {
            ended.trim().to_owned()
        }
    }

    /// Whether a full stop is all that the text lacks.
    pub(super) fn is_sentence(&self) -> bool {
        let text = self.out.trim_end();
        // An image is no sentence; a link is.
        let image = text.ends_with(')') && text.starts_with("![") || text.starts_with("[![");
        let heading = text.starts_with('#');
        !image && !heading && text.chars().next_back().is_some_and(ends_without_stop)
    }

    pub(super) fn capitalise(&mut self) {
        let word = self.out.split([' ', '\\', '\n']).next().unwrap_or_default();
        let plain = word.trim_end_matches([',', ':', '.', ';']);
        let ordinary = plain.bytes().all(|b| b.is_ascii_lowercase());
        if ordinary && !plain.is_empty() && word.len() - plain.len() < 2 {
            self.out[..1].make_ascii_uppercase();
        }
    }
}

fn ends_without_stop(last: char) -> bool {
    // Scripts from CJK onwards have stops of their own.
    (last.is_alphanumeric() && last < '\u{2e80}')
        || matches!(last, '`' | ')' | ']' | '"' | '\'' | '>')
}
