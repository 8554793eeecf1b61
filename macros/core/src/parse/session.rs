//! Which answers are the session's: its codes, and the envelope they may stand in.

use super::entry::{Entry, Key, Keys, Value, entries, read};
use super::value::{choose, string, word};
use crate::api::{At, Envelope, Expired, Session, Source};
use crate::mistake::Mistakes;
use proc_macro2::Span;
use syn::{
    Ident, LitInt, Path, Token, bracketed,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

/// `session(refresh = 401, expired = 402, from = [status, envelope])`.
pub(super) fn session(entry: &Entry, mistakes: &mut Mistakes) -> Option<At<Session>> {
    const KEYS: Keys = Keys {
        known: &[
            Key {
                name: "refresh",
                form: "refresh = 401",
            },
            Key {
                name: "expired",
                form: "expired = 402` or `expired = none",
            },
            Key {
                name: "from",
                form: "from = [status, envelope]",
            },
        ],
        later: &[],
    };
    let mut session = Session::default();
    read(
        entries(entry.list()?),
        &KEYS,
        "session(…)",
        mistakes,
        |key, entry, mistakes| {
            match key {
                "refresh" => session.refresh = Some(code(entry)?),
                "expired" => session.expired = Some(expired(entry)?),
                _ => session.from = sources(entry, mistakes)?,
            }
            Some(())
        },
    );
    Some(At::new(session, span(entry)))
}

fn expired(entry: &Entry) -> Option<At<Expired>> {
    match word(entry) {
        Some(word) => (word == "none").then(|| At::new(Expired::Never, word.span())),
        None => code(entry).map(|at| At::new(Expired::Code(at.value), at.span)),
    }
}

fn code(entry: &Entry) -> Option<At<i64>> {
    let Value::Equals(value) = &entry.value else {
        return None;
    };
    signed.parse2(value.clone()).ok()
}

fn signed(input: ParseStream<'_>) -> syn::Result<At<i64>> {
    let minus: Option<Token![-]> = input.parse()?;
    let digits: LitInt = input.parse()?;
    let value: i64 = digits.base10_parse()?;
    Ok(At::new(
        if minus.is_some() {
            value.saturating_neg()
        } else {
            value
        },
        digits.span(),
    ))
}

/// `[a, b]` after the equals sign.
fn bracketed<T>(entry: &Entry, item: fn(ParseStream<'_>) -> syn::Result<T>) -> Option<Vec<T>> {
    let Value::Equals(value) = &entry.value else {
        return None;
    };
    let parser = |input: ParseStream<'_>| {
        let content;
        bracketed!(content in input);
        Ok(
            Punctuated::<T, Token![,]>::parse_terminated_with(&content, item)?
                .into_iter()
                .collect(),
        )
    };
    parser.parse2(value.clone()).ok()
}

fn sources(entry: &Entry, mistakes: &mut Mistakes) -> Option<Option<At<Vec<Source>>>> {
    let words: Vec<Ident> = bracketed(entry, |input| input.parse())?;
    let span = words.first().map_or_else(|| span(entry), Ident::span);
    let known = [("status", Source::Status), ("envelope", Source::Envelope)];
    let found: Vec<Source> = words
        .iter()
        .filter_map(|word| choose(&word.to_string(), word.span(), &known, mistakes))
        .map(|at| at.value)
        .collect();
    Some((found.len() == words.len()).then(|| At::new(found, span)))
}

/// `envelope(…)`, or `envelope = Type`.
pub(super) fn envelope(entry: &Entry, mistakes: &mut Mistakes) -> Option<At<Envelope>> {
    const KEYS: Keys = Keys {
        known: &[
            Key {
                name: "code",
                form: "code = \"code\"",
            },
            Key {
                name: "message",
                form: "message = \"msg\"",
            },
            Key {
                name: "data",
                form: "data = \"data\"",
            },
            Key {
                name: "ok",
                form: "ok = [0, 200]",
            },
        ],
        later: &[],
    };
    if let Some(path) = entry.equals::<Path>() {
        return Some(At::new(Envelope::Type(path), span(entry)));
    }
    let (mut code, mut message, mut data, mut ok) = (None, None, None, vec![0]);
    let before = mistakes.len();
    read(
        entries(entry.list()?),
        &KEYS,
        "envelope(…)",
        mistakes,
        |key, entry, _| {
            match key {
                "code" => code = Some(string(entry)?.value),
                "message" => message = Some(string(entry)?.value),
                "data" => data = Some(string(entry)?.value),
                _ => {
                    ok = bracketed(entry, signed)?
                        .into_iter()
                        .map(|at| at.value)
                        .collect()
                }
            }
            Some(())
        },
    );
    if code.is_none() && mistakes.len() == before {
        let message = "`envelope(…)` does not say which member holds the code";
        mistakes
            .add(span(entry), message)
            .help("add `code = \"code\"`");
    }
    Some(At::new(
        Envelope::Fields {
            code: code.unwrap_or_default(),
            message,
            data,
            ok,
        },
        span(entry),
    ))
}

fn span(entry: &Entry) -> Span {
    entry
        .name
        .as_ref()
        .map_or_else(Span::call_site, Ident::span)
}
