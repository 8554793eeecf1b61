//! From a document's spelling to words, and from words to identifiers.

use unicode_normalization::UnicodeNormalization;

/// How an identifier is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Style {
    /// `bank_account`: fields, methods, arguments, modules.
    Snake,
    /// `BankAccount`: types, variants.
    Pascal,
    /// `BANK_ACCOUNT`: constants.
    Constant,
}

/// The words of `text`: split at what no identifier may hold, and where the case changes.
///
/// `HTTPServer` is two words, `userIDs` too; digits belong to the word before them. A sign before
/// a number is a word, since `-1` is not `1`.
pub(crate) fn words(text: &str) -> Vec<String> {
    split(text, false)
}

/// Like [`words`], but every sign is a word too: `foo-bar` is `foo`, `dash`, `bar`.
pub(crate) fn words_with_signs(text: &str) -> Vec<String> {
    split(text, true)
}

fn split(text: &str, signs: bool) -> Vec<String> {
    let chars: Vec<char> = text.nfc().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, &here) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1).copied();
        if !in_word(here) {
            flush(&mut word, &mut words);
            let leads = before.is_none_or(|before| !in_word(before));
            let number = after.is_some_and(|after| after.is_ascii_digit());
            if signs || (matches!(here, '+' | '-') && leads && number) {
                words.extend(sign(here, at == 0));
            }
            continue;
        }
        if begins_word(before, here, after, &chars[at..]) {
            flush(&mut word, &mut words);
        }
        word.push(here);
    }
    flush(&mut word, &mut words);
    words
}

fn flush(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

fn in_word(char: char) -> bool {
    char != '_' && unicode_ident::is_xid_continue(char)
}

fn begins_word(before: Option<char>, here: char, after: Option<char>, rest: &[char]) -> bool {
    let Some(before) = before else { return false };
    if !here.is_uppercase() {
        return false;
    }
    if !before.is_uppercase() {
        // `oAuth`, `fooBar`, `v1Pod`
        return true;
    }
    // The last capital of a run begins a word (`HTTPServer`), unless the run is a plural (`IDs`)
    // or one of the names that are written like this.
    let plural = after == Some('s') && rest.get(2).is_none_or(|next| !next.is_lowercase());
    let oauth = before == 'O' && rest.starts_with(&['A', 'u', 't', 'h']);
    after.is_some_and(char::is_lowercase) && !plural && !oauth
}

/// A sign's name; a letter-like sign without one is its code point.
fn sign(char: char, first: bool) -> Option<String> {
    let word = match char {
        '_' if first => "underscore",
        '$' => "dollar",
        '+' => "plus",
        '-' if first => "minus",
        '-' => "dash",
        '@' => "at",
        '<' => "less",
        '>' => "greater",
        '=' => "equal",
        '~' => "tilde",
        '!' => "not",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '*' => "star",
        '/' => "slash",
        '\\' => "backslash",
        '.' => "dot",
        ':' => "colon",
        ';' => "semicolon",
        ',' => "comma",
        '#' => "hash",
        '?' => "question",
        '^' => "caret",
        '"' | '\'' | '`' => "quote",
        '(' | '[' | '{' => "open",
        ')' | ']' | '}' => "close",
        '_' => return None,
        char if char.is_whitespace() || char.is_control() => return None,
        char => return Some(format!("u{:x}", u32::from(char))),
    };
    Some(word.to_owned())
}

/// The words as one identifier, legal but for keywords; nothing at all becomes `empty`.
pub(crate) fn join<W: AsRef<str>>(words: &[W], style: Style) -> String {
    let mut name = String::new();
    for word in words.iter().map(AsRef::as_ref) {
        let word = match style {
            Style::Snake => word.to_lowercase(),
            Style::Constant => word.to_uppercase(),
            Style::Pascal => capitalised(word),
        };
        let digits = name.ends_with(|last: char| last.is_numeric())
            && word.starts_with(|first: char| first.is_numeric());
        if !name.is_empty() && (style != Style::Pascal || digits) {
            name.push('_');
        }
        name.push_str(&word);
    }
    if name.is_empty() {
        return join(&["empty"], style);
    }
    // Changing the case can take text out of its normal form.
    legal(name.nfc().collect())
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    let rest: String = chars.collect();
    // Only a word all in capitals is written anew; `iPhone`'s inner words were split before.
    first.chain(rest.to_lowercase().chars()).collect()
}

/// Puts a `_` before what no identifier may begin with, and after what cannot be raw.
fn legal(mut name: String) -> String {
    if !name.starts_with(|first: char| first == '_' || unicode_ident::is_xid_start(first)) {
        name.insert(0, '_');
    }
    if matches!(name.as_str(), "self" | "super" | "crate" | "Self" | "_") {
        name.push('_');
    }
    name
}

/// `text` in `style`; signs alone are spelt out.
pub(crate) fn identifier(text: &str, style: Style) -> String {
    let plain = words(text);
    if plain.is_empty() {
        return join(&words_with_signs(text), style);
    }
    join(&plain, style)
}

/// Whether `text` is an identifier just as it is, in `style`.
pub(crate) fn is_exact(text: &str, style: Style) -> bool {
    let mut chars = text.chars();
    let begins = chars
        .next()
        .is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first));
    let fits = |char: char| match style {
        Style::Snake => !char.is_uppercase(),
        Style::Constant => !char.is_lowercase(),
        Style::Pascal => char != '_',
    };
    begins
        && text
            .chars()
            .all(|char| unicode_ident::is_xid_continue(char) && fits(char))
        && text.chars().any(|char| char != '_')
        && (style != Style::Pascal
            || (text.chars().any(|char| !char.is_uppercase())
                && !text.starts_with(char::is_lowercase)))
        && unicode_normalization::is_nfc(text)
        && legal(text.to_owned()) == text
}

/// `Bank Account` and `account type` in one: words that overlap stand once.
pub(crate) fn overlap(owner: &[String], member: &[String]) -> Vec<String> {
    let same = |length: &usize| {
        let tail = &owner[owner.len() - length..];
        tail.iter()
            .zip(member)
            .all(|(left, right)| left.to_lowercase() == right.to_lowercase())
    };
    let most = owner.len().min(member.len());
    let shared = (1..=most).rev().find(same).unwrap_or(0);
    owner.iter().chain(&member[shared..]).cloned().collect()
}

/// One of what `words` names: `tags` is made of `tag`s. What is no plural gets `item`.
pub(crate) fn singular(words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    let Some(last) = words.last_mut() else {
        return vec!["item".to_owned()];
    };
    let lower = last.to_lowercase();
    let cut = |ending: &str| last.get(..last.len() - ending.len()).map(str::to_owned);
    let one = if lower.ends_with("ies") && lower.len() > 4 {
        cut("ies").map(|stem| stem + "y")
    } else if ["sses", "xes", "ches", "shes"]
        .iter()
        .any(|ending| lower.ends_with(ending))
    {
        cut("es")
    } else if lower.ends_with('s')
        && lower.len() > 3
        && !["ss", "us", "is", "as", "news"]
            .iter()
            .any(|ending| lower.ends_with(ending))
    {
        cut("s")
    } else {
        None
    };
    match one {
        Some(one) => *last = one,
        None => words.push("item".to_owned()),
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_case_and_signs() {
        let check = |text: &str, expected: &str| assert_eq!(words(text).join(" "), expected);
        check("HTTPServer", "HTTP Server");
        check("userIDs", "user IDs");
        check("OAuth2Token", "OAuth2 Token");
        check("address_line1", "address line1");
        check("24h-stats", "24h stats");
        check("v1Pod", "v1 Pod");
        check("cat-_common.NodeRow", "cat common Node Row");
        check("-1", "minus 1");
        check("a-1", "a 1");
        check("größe", "größe");
        check("$", "");
    }

    #[test]
    fn identifiers_are_legal() {
        let check = |text: &str, snake: &str, pascal: &str| {
            assert_eq!(identifier(text, Style::Snake), snake);
            assert_eq!(identifier(text, Style::Pascal), pascal);
        };
        check("bank account", "bank_account", "BankAccount");
        check("2weeks", "_2weeks", "_2weeks");
        check("v1.2", "v1_2", "V1_2");
        check("self", "self_", "Self_");
        check("type", "type", "Type");
        check("$", "dollar", "Dollar");
        check("<=", "less_equal", "LessEqual");
        check("", "empty", "Empty");
        check("_", "underscore", "Underscore");
        check("☃", "u2603", "U2603");
        check("名前", "名前", "名前");
        check("+1", "plus_1", "Plus1");
        check("Result«Page»", "result_page", "ResultPage");
        check("API", "api", "Api");
        // Two code points that are one letter.
        check("e\u{301}t", "ét", "Ét");
    }

    #[test]
    fn overlapping_words_stand_once() {
        let check = |owner: &str, member: &str, expected: &str| {
            assert_eq!(
                join(&overlap(&words(owner), &words(member)), Style::Pascal),
                expected
            );
        };
        check("BankAccount", "account_type", "BankAccountType");
        check("BookingPayment", "source", "BookingPaymentSource");
        check("Item", "item", "Item");
    }

    #[test]
    fn one_of_many() {
        let check = |many: &str, expected: &str| {
            assert_eq!(join(&singular(&words(many)), Style::Snake), expected);
        };
        check("tags", "tag");
        check("categories", "category");
        check("addresses", "address");
        check("data", "data_item");
        check("status", "status_item");
        check("boxes", "box");
    }
}
