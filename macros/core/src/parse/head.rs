//! The arguments of `#[api_client(…)]`.

use super::entry::{Entry, Key, Keys, Value, entries, read};
use super::value::{auth, choose, headers, path, string, timeout, word};
use crate::api::{At, Case, Envelope, Expired, Head, Session, Source, Text};
use crate::mistake::Mistakes;
use proc_macro2::{Span, TokenStream};
use syn::{Ident, LitInt, LitStr, Path, Token, bracketed, parse::Parser, punctuated::Punctuated};

const KEYS: Keys = Keys {
    known: &[
        Key {
            name: "base_url",
            form: "base_url = \"https://api.example.com\"",
        },
        Key {
            name: "path",
            form: "path = \"/v1\"",
        },
        Key {
            name: "auth",
            form: "auth = bearer",
        },
        Key {
            name: "session",
            form: "session(refresh = 401, expired = 402)",
        },
        Key {
            name: "envelope",
            form: "envelope(code = \"code\", message = \"msg\", data = \"data\", ok = [0])",
        },
        Key {
            name: "headers",
            form: "headers(\"User-Agent\" = \"demo/1\")",
        },
        Key {
            name: "timeout",
            form: "timeout = \"10s\"",
        },
        Key {
            name: "rename_all",
            form: "rename_all = \"camelCase\"",
        },
        Key {
            name: "crate",
            form: "crate = my_sdk::perennial",
        },
    ],
    later: &["retry"],
};

/// Reads the head. A key that cannot be read is left out.
pub(super) fn head(tokens: TokenStream, mistakes: &mut Mistakes) -> Head {
    let mut head = Head::default();
    read(
        entries(tokens),
        &KEYS,
        "#[api_client(…)]",
        mistakes,
        |key, entry, mistakes| {
            match key {
                "base_url" => head.base_url = Some(Text(entry.equals()?)),
                "path" => head.path = Some(path(entry, mistakes)?),
                "auth" => head.auth = auth(entry, mistakes)?,
                "session" => head.session = Some(session(entry, mistakes)?),
                "envelope" => head.envelope = Some(envelope(entry, mistakes)?),
                "headers" => head.headers = headers(entry, mistakes)?,
                "timeout" => head.timeout = timeout(entry, mistakes)?,
                "rename_all" => head.rename_all = case(entry, mistakes)?,
                _ => head.runtime = Some(runtime(entry)?),
            }
            Some(())
        },
    );
    head
}

fn span(entry: &Entry) -> Span {
    entry
        .name
        .as_ref()
        .map_or_else(Span::call_site, Ident::span)
}

/// `session(refresh = 401, expired = 402, from = [status, envelope])`.
fn session(entry: &Entry, mistakes: &mut Mistakes) -> Option<At<Session>> {
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

fn signed(input: syn::parse::ParseStream<'_>) -> syn::Result<At<i64>> {
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
fn bracketed<T>(
    entry: &Entry,
    item: fn(syn::parse::ParseStream<'_>) -> syn::Result<T>,
) -> Option<Vec<T>> {
    let Value::Equals(value) = &entry.value else {
        return None;
    };
    let parser = |input: syn::parse::ParseStream<'_>| {
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
fn envelope(entry: &Entry, mistakes: &mut Mistakes) -> Option<At<Envelope>> {
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

fn case(entry: &Entry, mistakes: &mut Mistakes) -> Option<Option<At<Case>>> {
    let text: LitStr = entry.equals()?;
    Some(choose(&text.value(), text.span(), &Case::ALL, mistakes))
}

/// A path, or one in quotes as serde takes it.
fn runtime(entry: &Entry) -> Option<Path> {
    match entry.equals::<LitStr>() {
        Some(text) => text.parse_with(Path::parse_mod_style).ok(),
        None => match &entry.value {
            Value::Equals(value) => Path::parse_mod_style.parse2(value.clone()).ok(),
            _ => None,
        },
    }
}
