//! `/users/{owner}/files/{*rest}?sort=asc`: text into a template.

use crate::api::{At, Part, Template};
use crate::mistake::Mistakes;
use syn::LitStr;

/// Reads a template. What is wrong in it is a mistake at the whole literal (a place inside one is not
/// stable), and is read as what was likely meant, so that it is reported once.
pub(crate) fn template(text: &LitStr, mistakes: &mut Mistakes) -> At<Template> {
    let span = text.span();
    let whole = text.value();
    let (path, query) = match whole.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (whole.as_str(), None),
    };
    let mut reader = Reader {
        parts: Vec::new(),
        complain: |message: String, help: String| {
            mistakes.add(span, message).help(help);
        },
    };
    reader.path(path);
    let query = query.and_then(|query| reader.query(query));
    At::new(
        Template {
            parts: reader.parts,
            query,
        },
        span,
    )
}

struct Reader<F> {
    parts: Vec<Part>,
    complain: F,
}

impl<F: FnMut(String, String)> Reader<F> {
    fn path(&mut self, mut rest: &str) {
        if let Some((before, fragment)) = rest.split_once('#') {
            (self.complain)(
                format!("`#{fragment}` in a path is never sent"),
                format!("write \"{before}\""),
            );
            rest = before;
        }
        while let Some(at) = rest.find(['{', '}']) {
            self.literal(&rest[..at]);
            let open = rest[at..].starts_with('{');
            rest = &rest[at + 1..];
            if !open {
                (self.complain)(
                    "`}` in a path without `{` before it".into(),
                    "write `{name}`".into(),
                );
                continue;
            }
            rest = self.placeholder(rest);
        }
        self.literal(rest);
    }

    /// Reads up to the closing brace; returns what stands after it.
    fn placeholder<'a>(&mut self, text: &'a str) -> &'a str {
        let end = text.find(['}', '{', '/']).unwrap_or(text.len());
        let (name, after) = text.split_at(end);
        let closed = after.strip_prefix('}');
        let (star, name) = match name.strip_prefix('*') {
            Some(name) => ("*", name),
            None => ("", name),
        };
        let ident = identifier(name);
        if closed.is_none() {
            let help = format!("close it: `{{{star}{ident}}}`");
            (self.complain)(format!("`{{{star}{name}` in a path is never closed"), help);
        } else if name.is_empty() {
            let help = format!("write the name of an argument: `{{{star}id}}`");
            (self.complain)(format!("`{{{star}}}` in a path names no argument"), help);
        } else if ident != name {
            let help = format!(
                "write `{{{star}{ident}}}` and call the argument `{ident}`; the name is not sent"
            );
            (self.complain)(
                format!("`{{{star}{name}}}` in a path is not the name of an argument"),
                help,
            );
        }
        if !name.is_empty() {
            self.parts.push(if star.is_empty() {
                Part::One(ident)
            } else {
                Part::Rest(ident)
            });
        }
        closed.unwrap_or(after)
    }

    /// Text, in which a segment that starts with a colon is another framework's placeholder.
    fn literal(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find("/:") {
            let name: String = rest[at + 2..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if name.is_empty() {
                break;
            }
            let message = format!("`:{name}` in a path is sent as it is");
            (self.complain)(message, format!("a placeholder has braces: `{{{name}}}`"));
            self.text(&rest[..=at]);
            rest = &rest[at + 2 + name.len()..];
            self.parts.push(Part::One(name));
        }
        self.text(rest);
    }

    fn text(&mut self, text: &str) {
        match self.parts.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Literal(last)) => last.push_str(text),
            _ => self.parts.push(Part::Literal(text.to_owned())),
        }
    }

    /// The fixed query. A placeholder in it is taken for one of the path, lest its argument count as
    /// misplaced too.
    fn query(&mut self, query: &str) -> Option<String> {
        let Some((_, after)) = query.split_once('{') else {
            return Some(query.to_owned());
        };
        let name = identifier(after.split('}').next().unwrap_or(after));
        let key = query.split('{').next().unwrap_or(query);
        let key = key.rsplit('&').next().unwrap_or(key).trim_end_matches('=');
        let attribute = if key == name || key.is_empty() {
            "#[query]".to_owned()
        } else {
            format!("#[query(\"{key}\")]")
        };
        (self.complain)(
            format!("`{{{name}}}` stands in the query, where only fixed text may stand"),
            format!("take it out of the path and mark the argument: `{attribute} {name}: …`"),
        );
        self.parts.push(Part::One(name));
        None
    }
}

/// The nearest name that an argument can have.
fn identifier(name: &str) -> String {
    let mut out: String = name
        .trim()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    if out.starts_with(|c: char| c.is_numeric()) {
        out.insert(0, '_');
    }
    out
}
