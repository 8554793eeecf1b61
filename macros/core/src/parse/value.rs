//! The values of keys: words, durations, statuses, header lists.

use super::entry::{Entry, Value};
use super::template::template;
use crate::api::{At, Header, Status, Template, Text, Timeout};
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

pub(super) fn status(item: TokenStream, mistakes: &mut Mistakes) -> Option<At<Status>> {
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
