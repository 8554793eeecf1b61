//! `retry(max = 2, on = [connect, 503])`, or `retry = none`.

use super::entry::{Entry, Key, Keys, Value, cut, entries, read};
use super::value::{choose, status, word};
use crate::api::{At, Failure, Retry};
use crate::mistake::Mistakes;
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::LitInt;

const KEYS: Keys = Keys {
    known: &[
        Key {
            name: "max",
            form: "max = 2",
        },
        Key {
            name: "on",
            form: "on = [connect, 503]",
        },
    ],
    later: &[],
};

pub(super) fn retry(entry: &Entry, mistakes: &mut Mistakes) -> Option<Option<At<Retry>>> {
    if let Some(word) = word(entry) {
        let known = [("none", Retry::Never)];
        return Some(choose(&word.to_string(), word.span(), &known, mistakes));
    }
    let span = entry
        .name
        .as_ref()
        .map_or_else(Span::call_site, Ident::span);
    let (mut max, mut on) = (None, Vec::new());
    let before = mistakes.len();
    let list = entries(entry.list()?);
    read(
        list,
        &KEYS,
        "retry(…)",
        mistakes,
        |key, entry, mistakes| {
            match key {
                "max" => max = Some(number(entry)?),
                _ => on = failures(entry, mistakes)?,
            }
            Some(())
        },
    );
    let Some(max) = max else {
        if mistakes.len() == before {
            mistakes
                .add(span, "`retry(…)` does not say how often")
                .help("add `max = 2`");
        }
        return Some(None);
    };
    Some(Some(At::new(Retry::On { max, on }, span)))
}

fn number(entry: &Entry) -> Option<At<u32>> {
    let digits: LitInt = entry.equals()?;
    Some(At::new(digits.base10_parse().ok()?, digits.span()))
}

/// `[connect, 503, "5XX"]`.
fn failures(entry: &Entry, mistakes: &mut Mistakes) -> Option<Vec<At<Failure>>> {
    let Value::Equals(value) = &entry.value else {
        return None;
    };
    let mut trees = value.clone().into_iter();
    let Some(TokenTree::Group(group)) = trees.next() else {
        return None;
    };
    if group.delimiter() != Delimiter::Bracket || trees.next().is_some() {
        return None;
    }
    let items = cut(group.stream()).into_iter();
    Some(items.filter_map(|item| failure(item, mistakes)).collect())
}

fn failure(item: TokenStream, mistakes: &mut Mistakes) -> Option<At<Failure>> {
    if let Ok(word) = syn::parse2::<Ident>(item.clone()) {
        let known = [("connect", Failure::Connect)];
        return choose(&word.to_string(), word.span(), &known, mistakes);
    }
    let at = status(item, mistakes)?;
    Some(At::new(Failure::Status(at.value), at.span))
}
