//! The values of keys: durations, statuses, schemes, header lists.

use super::entry::{Entry, Key, Keys, Value, entries, read, take_text};
use super::template::template;
use crate::api::{At, Auth, Header, Status, Template, Text, Timeout};
use crate::mistake::{Mistakes, Place};
use crate::suggest;
use proc_macro2::{Ident, Span, TokenStream};
use std::time::Duration;
use syn::{LitInt, LitStr, ext::IdentExt, parse::Parser};

/// A word after the equals sign, keywords included.
pub(super) fn word(entry: &Entry) -> Option<Ident> {
    match &entry.value {
        Value::Equals(value) => Ident::parse_any.parse2(value.clone()).ok(),
        _ => None,
    }
}

/// One of a few words after the equals sign. Another word is a mistake of its own.
pub(super) fn one_of<T: Clone>(
    entry: &Entry,
    words: &[(&str, T)],
    mistakes: &mut Mistakes,
) -> Option<Option<At<T>>> {
    let found = word(entry)?;
    let (text, span) = (found.to_string(), found.span());
    Some(choose(&text, span, words, mistakes))
}

pub(super) fn choose<T: Clone>(
    text: &str,
    span: Span,
    words: &[(&str, T)],
    mistakes: &mut Mistakes,
) -> Option<At<T>> {
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return Some(At::new(value.clone(), span));
    }
    let hint = suggest::hint(text, words.iter().map(|(word, _)| *word));
    mistakes
        .add(span, format!("unknown value `{text}`"))
        .help(hint);
    None
}

pub(super) fn string(entry: &Entry) -> Option<At<String>> {
    entry
        .equals::<LitStr>()
        .map(|text| At::new(text.value(), text.span()))
}

pub(super) fn path(entry: &Entry, mistakes: &mut Mistakes) -> Option<At<Template>> {
    Some(template(&entry.equals()?, mistakes))
}

/// `"10s"`, or `none`.
pub(super) fn timeout(entry: &Entry, mistakes: &mut Mistakes) -> Option<Option<At<Timeout>>> {
    if let Some(word) = word(entry) {
        return Some(choose(
            &word.to_string(),
            word.span(),
            &[("none", Timeout::Never)],
            mistakes,
        ));
    }
    let text: LitStr = entry.equals()?;
    let whole = text.value();
    let (digits, unit) = whole.split_at(
        whole
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(whole.len()),
    );
    let milliseconds = match unit.trim() {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" | "min" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let number: Option<u64> = digits.parse().ok().filter(|number| *number > 0);
    if let Some(total) = number
        .zip(milliseconds)
        .and_then(|(number, unit)| number.checked_mul(unit))
    {
        return Some(Some(At::new(
            Timeout::After(Duration::from_millis(total)),
            text.span(),
        )));
    }
    let message = match number {
        Some(_) if unit.is_empty() => format!("`\"{whole}\"` is a duration without a unit"),
        _ => format!("`\"{whole}\"` is not a duration"),
    };
    let help = match number {
        Some(number) => format!("write \"{number}s\", or \"{number}ms\""),
        None => {
            "write a whole number and a unit, such as \"10s\" or \"500ms\"; `none` sets no limit"
                .to_owned()
        }
    };
    mistakes.add(text.span(), message).help(help);
    Some(None)
}

/// `200, "3XX"`.
pub(super) fn statuses(entry: &Entry, mistakes: &mut Mistakes) -> Option<Vec<At<Status>>> {
    Some(
        entry
            .items()?
            .into_iter()
            .filter_map(|item| status(item, mistakes))
            .collect(),
    )
}

/// `404, 410`: no classes.
pub(super) fn codes(entry: &Entry, mistakes: &mut Mistakes) -> Option<Vec<At<u16>>> {
    let code = |at: At<Status>, mistakes: &mut Mistakes| match at.value {
        Status::Code(code) => Some(At::new(code, at.span)),
        Status::Class(class) => {
            mistakes.add(
                at.span,
                format!("found \"{class}XX\", expected a single status, such as `404`"),
            );
            None
        }
    };
    let items = entry.items()?;
    Some(
        items
            .into_iter()
            .filter_map(|item| status(item, mistakes).and_then(|at| code(at, mistakes)))
            .collect(),
    )
}

fn status(item: TokenStream, mistakes: &mut Mistakes) -> Option<At<Status>> {
    if let Ok(number) = syn::parse2::<LitInt>(item.clone()) {
        let code = number
            .base10_parse()
            .ok()
            .filter(|code| (100..600).contains(code));
        if let Some(code) = code {
            return Some(At::new(Status::Code(code), number.span()));
        }
        mistakes.add(
            number.span(),
            format!("`{number}` is not an HTTP status, which is a number from 100 to 599"),
        );
        return None;
    }
    if let Ok(text) = syn::parse2::<LitStr>(item.clone()) {
        if let Some(class) = class(&text.value()) {
            return Some(At::new(Status::Class(class), text.span()));
        }
    }
    let message =
        format!("found `{item}`, expected a status (`404`) or a class of them (`\"4XX\"`)");
    mistakes.add(Place::of(&item), message);
    None
}

fn class(text: &str) -> Option<u8> {
    let digit = text
        .strip_suffix("XX")
        .or_else(|| text.strip_suffix("xx"))?;
    digit.parse().ok().filter(|class| (1..=5).contains(class))
}

/// `bearer`, `header("token", prefix = "Token ")`, `optional(…)`.
pub(super) fn auth(entry: &Entry, mistakes: &mut Mistakes) -> Option<Option<At<Auth>>> {
    let Value::Equals(value) = &entry.value else {
        return None;
    };
    let mut schemes = entries(value.clone());
    if schemes.len() != 1 {
        return None;
    }
    Some(scheme(&schemes.remove(0), mistakes))
}

const SCHEMES: [&str; 5] = ["bearer", "basic", "header", "optional", "none"];

fn scheme(entry: &Entry, mistakes: &mut Mistakes) -> Option<At<Auth>> {
    let name = match &entry.name {
        Some(name) if !matches!(entry.value, Value::Equals(_)) => name,
        _ => {
            let list = suggest::list(SCHEMES);
            mistakes
                .add(entry.place(), "this is not a scheme")
                .help(format!("expected {list}"));
            return None;
        }
    };
    let at = |auth| Some(At::new(auth, name.span()));
    match (name.to_string().as_str(), entry.list()) {
        ("none", None) => at(Auth::None),
        ("bearer", None) => at(Auth::Bearer),
        ("basic", None) => at(Auth::Basic),
        ("header", Some(list)) => header_scheme(name, list, mistakes),
        ("optional", Some(list)) => {
            let mut schemes = entries(list);
            if schemes.len() == 1 {
                let inner = scheme(&schemes.remove(0), mistakes)?;
                return at(Auth::Optional(Box::new(inner.value)));
            }
            mistakes.add(
                name.span(),
                "`optional` takes one scheme: `optional(bearer)`",
            );
            None
        }
        ("header", None) => {
            mistakes.add(
                name.span(),
                "`header` takes the name of one: `header(\"X-Api-Key\")`",
            );
            None
        }
        ("optional", None) => {
            mistakes.add(name.span(), "`optional` takes a scheme: `optional(bearer)`");
            None
        }
        ("query" | "cookie" | "all" | "any", _) => {
            mistakes.add(
                name.span(),
                format!("the scheme `{name}` is not yet supported"),
            );
            None
        }
        ("none" | "bearer" | "basic", Some(_)) => {
            mistakes.add(entry.place(), format!("the scheme `{name}` takes nothing"));
            None
        }
        (other, _) => {
            let hint = suggest::hint(other, SCHEMES);
            mistakes
                .add(name.span(), format!("unknown scheme `{other}`"))
                .help(hint);
            None
        }
    }
}

fn header_scheme(name: &Ident, list: TokenStream, mistakes: &mut Mistakes) -> Option<At<Auth>> {
    const KEYS: Keys = Keys {
        known: &[Key {
            name: "prefix",
            form: "prefix = \"Token \"",
        }],
        later: &[],
    };
    let mut parts = entries(list);
    let Some(header) = take_text(&mut parts) else {
        mistakes.add(
            name.span(),
            "`header` takes the name of one: `header(\"X-Api-Key\")`",
        );
        return None;
    };
    let mut prefix = None;
    read(parts, &KEYS, "header(…)", mistakes, |_, entry, _| {
        prefix = Some(string(entry)?.value);
        Some(())
    });
    Some(At::new(
        Auth::Header {
            name: At::new(header.value(), header.span()),
            prefix,
        },
        name.span(),
    ))
}

/// `"Accept-Language" = "en", "User-Agent" = concat!("demo/", env!("CARGO_PKG_VERSION"))`.
pub(super) fn headers(entry: &Entry, mistakes: &mut Mistakes) -> Option<Vec<Header>> {
    Some(
        entry
            .items()?
            .into_iter()
            .filter_map(|item| header(item, mistakes))
            .collect(),
    )
}

fn header(item: TokenStream, mistakes: &mut Mistakes) -> Option<Header> {
    let parser = |input: syn::parse::ParseStream<'_>| {
        let name: LitStr = input.parse()?;
        input.parse::<syn::Token![=]>()?;
        Ok(Header {
            name: At::new(name.value(), name.span()),
            value: Text(input.parse()?),
        })
    };
    let read = parser.parse2(item.clone());
    if read.is_err() {
        let message =
            format!("found `{item}`, expected a header, such as `\"Accept-Language\" = \"en\"`");
        mistakes.add(Place::of(&item), message);
    }
    read.ok()
}
