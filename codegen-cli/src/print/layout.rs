//! Text of items, as rustfmt would leave it.
//!
//! prettyplease breaks lines at 89 columns and has no blank lines; rustfmt breaks them at 100, has
//! a limit of its own for attributes, and keeps an argument's attribute on the argument's line.
//! What it broke and need not have is joined again; nothing else is touched.

use proc_macro2::TokenStream;

/// rustfmt's `max_width`.
const WIDTH: usize = 100;
/// rustfmt's `attr_fn_like_width`.
const ATTRIBUTE_WIDTH: usize = 70;

/// The text of one item, or of several that belong together.
pub(crate) fn items(tokens: TokenStream) -> String {
    // Only a fault of ours makes tokens that are no items; the compiler will say so again.
    match syn::parse2(tokens.clone()) {
        Ok(file) => arrange(&prettyplease::unparse(&file)),
        Err(error) => {
            debug_assert!(false, "the printer wrote no item: {error}\n{tokens}");
            tokens.to_string()
        }
    }
}

fn arrange(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Vec::with_capacity(lines.len());
    block(&lines, false, &mut out);
    let mut text = String::with_capacity(text.len());
    for (index, line) in out.iter().enumerate() {
        if index > 0 && apart(&out[index - 1], &out[index..]) {
            text.push('\n');
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// Whether a blank line stands before `lines`: after an item or a method, before the next.
fn apart(before: &str, lines: &[String]) -> bool {
    let next = lines[0].trim_start();
    let ends = match indent(&lines[0]) {
        0 => before.starts_with('}') || before.ends_with(';'),
        4 => before == "    }" || (before.ends_with(';') && indent(before) == 4),
        _ => false,
    };
    if !ends || comment(before) || next.starts_with('}') {
        return false;
    }
    let item = lines
        .iter()
        .find(|line| !line.starts_with('#') && !comment(line));
    // `};` ends an import or nothing.
    let import = before == "};" && item.is_some_and(|line| line.starts_with("use "));
    let same = |word: &str| {
        let is = |line: &str| line.strip_prefix("pub ").unwrap_or(line).starts_with(word);
        is(before) && item.is_some_and(|line| is(line))
    };
    // A body's statements follow each other; no method starts with one of these.
    let statement = next.starts_with("let ") || before.trim_start().starts_with("let ");
    !same("mod ") && !same("use ") && !import && !statement
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Arranges `lines`; `arguments` says that they are the arguments of a function.
fn block(lines: &[&str], arguments: bool, out: &mut Vec<String>) {
    let mut at = 0;
    // An argument's attributes wait for the argument.
    let mut waiting = String::new();
    while at < lines.len() {
        let line = lines[at];
        at += 1;
        if comment(line) {
            out.push(line.to_owned());
            continue;
        }
        if line.ends_with('{') && (line.starts_with("use ") || line.starts_with("pub use ")) {
            let end = at
                + lines[at..]
                    .iter()
                    .position(|line| *line == "};")
                    .unwrap_or_default();
            let names = join(&lines[at..end]);
            let one = format!("{line}{}}};", names.trim_end_matches(','));
            if one.len() + 1 < WIDTH {
                out.push(one);
            } else {
                fill(line, "};", &names, "    ", out);
            }
            at = end + 1;
            continue;
        }
        let long_use = line.len() + 1 >= WIDTH && line.starts_with("use ");
        if let Some((open, names)) = line.split_once('{').filter(|_| long_use) {
            let names = names.trim_end_matches(';').trim_end_matches('}');
            fill(&format!("{open}{{"), "};", names, "    ", out);
            continue;
        }
        if line.trim_start().starts_with("#[") || line.trim_start().starts_with("#![") {
            let end = if line.ends_with(']') {
                at
            } else {
                at + close(&lines[at..], indent(line)) + 1
            };
            let joined = join(&lines[at - 1..end.min(lines.len())]);
            at = end;
            if arguments {
                waiting.push_str(if waiting.is_empty() { "" } else { " " });
                waiting.push_str(&joined);
            } else {
                attribute(&joined, indent(line), out);
            }
            continue;
        }
        let mut line = line.to_owned();
        if arguments && opens(&line) {
            let end = (at + close(&lines[at..], indent(&line)) + 1).min(lines.len());
            line = format!("{}{}", " ".repeat(indent(&line)), join(&lines[at - 1..end]));
            at = end;
        }
        if !waiting.is_empty() {
            let spaces = " ".repeat(indent(&line));
            let one = format!("{spaces}{waiting} {}", line.trim_start());
            waiting.clear();
            if one.len() <= WIDTH {
                line = one;
            } else if let Some(broken) = broken_generic(&one) {
                out.extend(broken);
                continue;
            } else {
                let (attribute, _) = one.split_at(one.len() - line.trim_start().len());
                out.push(attribute.trim_end().to_owned());
            }
        }
        match broken_generic(&line).filter(|_| arguments && line.len() > WIDTH) {
            Some(broken) => out.extend(broken),
            None => at += group(line, &lines[at..], out),
        }
    }
}

fn comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

fn opens(line: &str) -> bool {
    !comment(line) && line.ends_with(['(', '<', '['])
}

/// The place of the line that closes what a line with `indentation` opened.
fn close(lines: &[&str], indentation: usize) -> usize {
    lines
        .iter()
        .position(|line| indent(line) == indentation)
        .unwrap_or(lines.len())
}

/// Writes `line` and, if it opens a group, the group: joined where that fits. Returns how many of
/// `rest` it took.
fn group(mut line: String, rest: &[&str], out: &mut Vec<String>) -> usize {
    let mut taken = 0;
    while opens(&line) {
        let end = close(&rest[taken..], indent(&line));
        let Some(last) = rest.get(taken + end) else {
            break;
        };
        let inner = &rest[taken..taken + end];
        taken += end + 1;
        let mut parts = vec![line.as_str()];
        parts.extend(inner);
        parts.push(last);
        let joined = format!("{}{}", " ".repeat(indent(&line)), join(&parts));
        let function = line.contains("fn ");
        if let Some(halves) = function.then(|| result_below(&joined)).flatten() {
            out.push(halves.0);
            line = halves.1;
            continue;
        }
        // A result that is broken itself leaves its arguments broken.
        let result = opens(last) && function;
        // A result alone on its line may be this much longer, says rustfmt.
        let room = if line.trim_start().starts_with(") -> ") && last.ends_with(';') {
            3
        } else {
            0
        };
        if joined.len() <= WIDTH + room && !result && !inner.iter().any(|line| comment(line)) {
            line = joined;
        } else if let Some(halves) = next_line(&joined) {
            out.push(halves.0);
            line = halves.1;
        } else {
            out.push(line);
            block(inner, function, out);
            line = (*last).to_owned();
        }
    }
    match constant(&line).or_else(|| long(&line)) {
        Some((first, second)) => {
            out.extend([first, second].into_iter().filter(|it| !it.is_empty()))
        }
        None => out.push(line),
    }
    taken
}

/// rustfmt counts the semicolon of a signature twice: one that fills the line has its result below.
fn result_below(joined: &str) -> Option<(String, String)> {
    if joined.len() != WIDTH || !joined.ends_with(';') {
        return None;
    }
    let (head, result) = joined.split_once(") -> ")?;
    Some((
        format!("{head})"),
        format!("{}-> {result}", " ".repeat(indent(joined))),
    ))
}

/// A line that cannot be shorter than it is: a member's type goes below it, and so does the brace
/// after a name.
fn long(line: &str) -> Option<(String, String)> {
    if line.len() <= WIDTH || comment(line) {
        return None;
    }
    match line.strip_suffix(" {") {
        Some(head) if head.len() <= WIDTH || head.contains("struct ") || head.contains("enum ") => {
            Some((head.to_owned(), format!("{}{{", " ".repeat(indent(line)))))
        }
        // A result that fills more than a line loses even the blank before the brace.
        Some(head) if head.trim_start().starts_with(") -> ") => {
            Some((format!("{head}{{"), String::new()))
        }
        _ => next_line(line),
    }
}

/// A member whose type fits on a line of its own.
fn next_line(joined: &str) -> Option<(String, String)> {
    let (name, ty) = joined.split_once(": ")?;
    let member = name.trim_start().strip_prefix("pub ")?;
    let word = member
        .chars()
        .all(|c| c.is_alphanumeric() || c == '_' || c == '#');
    let spaces = " ".repeat(indent(joined) + 4);
    let second = format!("{spaces}{ty}");
    (word && second.len() <= WIDTH).then(|| (format!("{name}:"), second))
}

/// A constant whose value does not fit beside its name.
fn constant(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(" = ")?;
    let fits = line.len() <= WIDTH || !name.contains("const ") || comment(line);
    (!fits).then(|| {
        (
            format!("{name} ="),
            format!("{}{value}", " ".repeat(indent(line) + 4)),
        )
    })
}

/// The lines as one, without indentation.
fn join(lines: &[&str]) -> String {
    let mut joined = String::new();
    for line in lines {
        let line = line.trim();
        if line.starts_with([')', '>', ']']) {
            if joined.ends_with(',') {
                joined.pop();
            }
        } else if !joined.is_empty() && !joined.ends_with(['(', '<', '[']) {
            joined.push(' ');
        }
        joined.push_str(line);
    }
    joined
}

/// Breaks an attribute as rustfmt does.
fn attribute(joined: &str, indentation: usize, out: &mut Vec<String>) {
    let spaces = " ".repeat(indentation);
    let whole = format!("{spaces}{joined}");
    let Some((head, arguments)) = list(joined, "]") else {
        out.push(whole);
        return;
    };
    // What is no list of literals is left as it is.
    let free = arguments.contains("= none") || !meta(arguments);
    let parts = split(arguments);
    let alone = match parts.as_slice() {
        [one] => list(one, "").is_none_or(|(_, inner)| inner.len() <= ATTRIBUTE_WIDTH),
        _ => false,
    };
    if whole.len() <= WIDTH && (arguments.len() <= ATTRIBUTE_WIDTH || free || alone) {
        out.push(whole);
        return;
    }
    if head == "#[derive(" {
        let (open, close) = (format!("{spaces}#[derive("), format!("{spaces})]"));
        fill(&open, &close, arguments, &format!("{spaces}    "), out);
        return;
    }
    let nested = match parts.as_slice() {
        [one] => list(one, ""),
        _ => None,
    };
    let (open, parts, end) = match &nested {
        Some((inner, arguments)) => (format!("{head}{inner}"), split(arguments), "))]"),
        None => (head.to_owned(), parts, ")]"),
    };
    out.push(format!("{spaces}{open}"));
    for (index, part) in parts.iter().enumerate() {
        let comma = if index + 1 < parts.len() { "," } else { "" };
        out.push(format!("{spaces}    {part}{comma}"));
    }
    out.push(format!("{spaces}{end}"));
}

/// Whether every value is a literal, as far as our own attributes go.
fn meta(arguments: &str) -> bool {
    split(arguments)
        .iter()
        .all(|part| match part.split_once(" = ") {
            Some((_, value)) => value.starts_with('"') || value.parse::<f64>().is_ok(),
            None => true,
        })
}

/// `name(arguments)` before `end`: up to the bracket, and what stands in it.
fn list<'a>(text: &'a str, end: &str) -> Option<(&'a str, &'a str)> {
    let at = text.find('(')?;
    let name = text[..at].trim_start_matches(['#', '!', '[']);
    let word = name
        .chars()
        .all(|c| c.is_alphanumeric() || c == '_' || c == ':');
    let inner = text[at + 1..].strip_suffix(end)?.strip_suffix(')')?;
    word.then_some((&text[..=at], inner))
}

/// Splits at commas outside strings and brackets.
fn split(arguments: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut escaped, mut start) = (0usize, false, false, 0);
    let mut parts = Vec::new();
    for (at, byte) in arguments.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                parts.push(arguments[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(arguments[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// Derives and imports fill lines.
fn fill(open: &str, close: &str, arguments: &str, spaces: &str, out: &mut Vec<String>) {
    out.push(open.to_owned());
    let mut line = spaces.to_owned();
    for part in split(arguments) {
        let blank = usize::from(line.len() > spaces.len());
        if line.len() + blank + part.len() + 1 >= WIDTH {
            out.push(std::mem::replace(&mut line, spaces.to_owned()));
        }
        if line.len() > spaces.len() {
            line.push(' ');
        }
        line.push_str(part);
        line.push(',');
    }
    out.extend([line, close.to_owned()]);
}

/// An argument that is too long beside its attribute: its type's arguments go below.
fn broken_generic(one: &str) -> Option<[String; 3]> {
    let inner = one.strip_suffix(">,")?;
    let (_, ty) = inner.rsplit_once(": ")?;
    let (outer, argument) = ty.split_once('<')?;
    let head = &inner[..inner.len() - ty.len()];
    let spaces = " ".repeat(indent(one));
    let lines = [
        format!("{head}{outer}<"),
        format!("{spaces}    {argument},"),
        format!("{spaces}>,"),
    ];
    lines
        .iter()
        .all(|line| line.len() <= WIDTH)
        .then_some(lines)
}

#[cfg(test)]
mod tests;
