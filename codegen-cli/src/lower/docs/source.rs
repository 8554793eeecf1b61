//! What stands in descriptions besides Markdown, brought to Markdown before it is parsed.

use std::borrow::Cow;

/// The text without characters that do not print, and with HTML's common tags as Markdown.
pub(super) fn clean(text: &str) -> String {
    let text = printable(text);
    let text = if text.contains('<') {
        Cow::Owned(tags(&text))
    } else {
        text
    };
    if text.contains(" =") {
        image_sizes(&text)
    } else {
        text.into_owned()
    }
}

/// Characters that change the direction of text are spelt out (rustc denies them even in comments);
/// other control characters go.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    let harmless = |c: char| c == '\n' || !(c.is_control() || turns(c) || c == '\u{feff}');
    if text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' => out.push('\n'),
            '\t' => out.push_str("    "),
            c if turns(c) => out.push_str(&format!("U+{:04X}", u32::from(c))),
            c if harmless(c) => out.push(c),
            _ => {}
        }
    }
    Cow::Owned(out)
}

fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `![alt](address =100x50)` is an extension that CommonMark does not know.
fn image_sizes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(" =") {
        let size = &rest[at + 2..];
        let end = size.find(|c: char| !(c.is_ascii_digit() || "px%*".contains(c)));
        out.push_str(&rest[..at]);
        match end {
            Some(end) if end > 0 && size[end..].starts_with(')') => rest = &size[end..],
            _ => {
                out.push_str(" =");
                rest = size;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Replaces the tags that people write in descriptions, outside of code.
fn tags(text: &str) -> String {
    let block = ["<p>", "<p ", "<ul", "<ol", "<li", "<div", "<table", "<h"];
    let lower = text.to_ascii_lowercase();
    let html = block.iter().any(|tag| lower.contains(tag));
    let mut out = Tags {
        out: String::with_capacity(text.len()),
        links: Vec::new(),
    };
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| bare.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => {
                // Indented HTML would be read as code.
                out.line(if html { bare } else { line });
                continue;
            }
            _ => {}
        }
        out.out.push_str(line);
    }
    for target in out.links.drain(..).flatten().rev().collect::<Vec<_>>() {
        out.out.push_str(&format!("]({target})"));
    }
    out.out
}

struct Tags {
    out: String,
    /// Targets of the open anchors; `None` for one without.
    links: Vec<Option<String>>,
}

impl Tags {
    fn line(&mut self, line: &str) {
        let mut rest = line;
        while let Some(at) = rest.find(['<', '`']) {
            self.out.push_str(&rest[..at]);
            rest = &rest[at..];
            let taken = if rest.starts_with('`') {
                self.span(rest)
            } else {
                self.tag(rest)
            };
            rest = &rest[taken..];
        }
        self.out.push_str(rest);
    }

    /// A code span on this line stays as it is.
    fn span(&mut self, rest: &str) -> usize {
        let ticks = rest.bytes().take_while(|b| *b == b'`').count();
        let end = match rest[ticks..].find(&rest[..ticks]) {
            Some(at) => ticks + at + ticks,
            None => ticks,
        };
        self.out.push_str(&rest[..end]);
        end
    }

    fn tag(&mut self, rest: &str) -> usize {
        let name_end = rest[1..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '/'));
        let escaped = self.out.ends_with('\\');
        let (Some(name_end), Some(end), false) = (name_end, rest.find('>'), escaped) else {
            self.out.push('<');
            return 1;
        };
        let name = rest[1..=name_end].to_ascii_lowercase();
        let attributes = &rest[1 + name_end..end];
        match name.trim_end_matches('/') {
            "br" => self.out.push_str("\\\n"),
            "p" | "/p" | "div" | "/div" | "ul" | "/ul" | "ol" | "/ol" | "/table" | "/h1"
            | "/h2" | "/h3" | "/h4" | "/h5" | "/h6" => self.out.push_str("\n\n"),
            "li" if self.out.ends_with('\n') => self.out.push_str("- "),
            "li" => self.out.push_str("\n- "),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.out.push_str("\n\n### "),
            "/li" | "span" | "/span" | "font" | "/font" => {}
            "b" | "/b" | "strong" | "/strong" => self.out.push_str("**"),
            "i" | "/i" | "em" | "/em" => self.out.push('*'),
            "code" | "/code" | "tt" | "/tt" | "kbd" | "/kbd" => self.out.push('`'),
            "a" => self.open(attributes),
            "/a" => {
                if let Some(Some(target)) = self.links.pop() {
                    self.out.push_str(&format!("]({target})"));
                }
            }
            _ => {
                self.out.push('<');
                return 1;
            }
        }
        end + 1
    }

    fn open(&mut self, attributes: &str) {
        let target = attributes.split_once("href=").map(|(_, value)| {
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            match quote {
                Some(quote) => value[1..].split(quote).next().unwrap_or_default(),
                None => value.split_whitespace().next().unwrap_or_default(),
            }
        });
        let target = target.filter(|t| !t.contains([' ', '(', ')', '<', '>']) && !t.is_empty());
        if target.is_some() {
            self.out.push('[');
        }
        self.links.push(target.map(str::to_owned));
    }
}
