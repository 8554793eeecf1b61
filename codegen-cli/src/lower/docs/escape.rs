//! Characters that Markdown or rustdoc would read as more than text.

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    Paragraph,
    /// Bare addresses stay as they are.
    Link,
    /// A bar would end the cell.
    Cell,
}

/// Appends `text`, escaping what would mean something.
pub(super) fn text(text: &str, out: &mut String, place: Place) {
    let mut rest = text;
    while let Some(here) = rest.chars().next() {
        let address = (place != Place::Link).then(|| address(rest, out)).flatten();
        if let Some(address) = address {
            out.push('<');
            out.push_str(address);
            out.push('>');
            rest = &rest[address.len()..];
            continue;
        }
        let after = &rest[here.len_utf8()..];
        if must_escape(here, out.chars().next_back(), after, place) {
            out.push('\\');
        }
        out.push(here);
        rest = after;
    }
}

fn must_escape(here: char, before: Option<char>, after: &str, place: Place) -> bool {
    let next = after.chars().next();
    let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match here {
        '`' | '[' => true,
        ']' => place == Place::Link,
        '|' => place == Place::Cell,
        '*' => !(space(before) && space(next)),
        '_' => !(space(before) && space(next) || word(before) && word(next)),
        '~' => !space(before) && !word(next),
        '<' => next.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')),
        '&' => entity(after),
        '\\' => next.is_none_or(|c| c.is_ascii_punctuation()),
        _ => false,
    }
}

fn entity(after: &str) -> bool {
    let name = after.strip_prefix('#').unwrap_or(after);
    let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    length > 0 && name[length..].starts_with(';')
}

/// The bare address that `rest` starts with: rustdoc wants it in angle brackets.
fn address<'a>(rest: &'a str, before: &str) -> Option<&'a str> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| rest.starts_with(scheme))?;
    if before
        .chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || c == '<')
    {
        return None;
    }
    let end = rest.find(|c: char| c.is_whitespace() || c.is_control() || "<>\"`\\|".contains(c));
    let mut address = &rest[..end.unwrap_or(rest.len())];
    while let Some(last) = address.chars().next_back() {
        let unbalanced = last == ')' && address.matches(')').count() > address.matches('(').count();
        if !unbalanced && !".,;:!?'*_~]}".contains(last) {
            break;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    (address.len() > scheme.len()).then_some(address)
}

/// Appends `text` as a code span.
pub(super) fn code(text: &str, out: &mut String) {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = text.trim().is_empty();
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() {
        " "
    } else {
        ""
    };
    if blank {
        // A span of blanks alone is no code span; say what it is in quotes.
        out.push_str(&format!("`\"{text}\"`"));
    } else {
        out.push_str(&format!("{fence}{pad}{text}{pad}{fence}"));
    }
}

/// Whether a line that starts with `word` would start a block.
pub(super) fn starts_block(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = (1..=9).contains(&digits) && matches!(&word[digits..], "." | ")");
    let fence = word.starts_with("~~~") || word.starts_with("```");
    let heading = word.bytes().all(|b| b == b'#') && word.len() <= 6;
    let rule = word.bytes().all(|b| b == b'=') || word.bytes().all(|b| b == b'-');
    numbered
        || fence
        || heading
        || rule
        || matches!(word, "+" | "*")
        || word.starts_with(['>', '|'])
}
