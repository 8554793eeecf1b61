//! `#[get("/users/{id}", none(404))]`: the verb, the path, the keys.

use super::auth::auth;
use super::entry::{Key, Keys, entries, read, take_text};
use super::retry::retry;
use super::template::template;
use super::value::{codes, headers, one_of, statuses, timeout, word as word_of};
use super::{arguments, word};
use crate::api::{At, Decode, Flag, Options, Replay, Template, Verb};
use crate::mistake::{Mistakes, Place};
use proc_macro2::Span;
use syn::{Attribute, Path};

const KEYS: Keys = Keys {
    known: &[
        Key {
            name: "timeout",
            form: "timeout = \"10s\"` or `timeout = none",
        },
        Key {
            name: "auth",
            form: "auth = none",
        },
        Key {
            name: "refresh",
            form: "refresh",
        },
        Key {
            name: "ok",
            form: "ok(200, 201)",
        },
        Key {
            name: "none",
            form: "none(404)",
        },
        Key {
            name: "decode",
            form: "decode = text",
        },
        Key {
            name: "replay",
            form: "replay = never",
        },
        Key {
            name: "retry",
            form: "retry = none` or `retry(max = 2, on = [connect, 503])",
        },
        Key {
            name: "headers",
            form: "headers(\"Accept-Language\" = \"en\")",
        },
        Key {
            name: "allow_body",
            form: "allow_body",
        },
    ],
    later: &["page"],
};

/// The attributes that make a method an endpoint.
pub(super) struct Verbs;

impl Verbs {
    pub(super) fn words() -> impl Iterator<Item = &'static str> {
        Verb::ALL
            .iter()
            .map(|(word, _, _)| *word)
            .chain(["request"])
    }
}

/// Whether an attribute says what a method sends.
pub(crate) fn is_verb(attr: &Attribute) -> bool {
    attr.path()
        .get_ident()
        .is_some_and(|ident| Verbs::words().any(|word| ident == word))
}

/// What the attribute of an endpoint says.
pub(super) struct Request {
    pub(super) verb: At<Verb>,
    pub(super) path: Option<At<Template>>,
    pub(super) options: Options,
}

pub(super) fn request(attr: &Attribute, mistakes: &mut Mistakes) -> Request {
    let (name, span) = (
        word(attr).unwrap_or_default(),
        Place::of(attr.path()).start(),
    );
    let mut entries = entries(arguments(attr, mistakes));
    let verb = match Verb::ALL.into_iter().find(|(word, _, _)| *word == name) {
        Some((_, verb, _)) => At::new(verb, span),
        None => named(take_text(&mut entries), span, mistakes),
    };
    let path = take_text(&mut entries).map(|text| template(&text, mistakes));
    let mut options = Options::default();
    read(
        entries,
        &KEYS,
        &format!("#[{name}(…)]"),
        mistakes,
        |key, entry, mistakes| {
            match key {
                "refresh" => options.refresh = flag(entry)?,
                "allow_body" => options.allow_body = flag(entry)?,
                "auth" => options.auth = auth(entry, mistakes)?,
                "ok" => options.ok = statuses(entry, mistakes)?,
                "none" => options.none = codes(entry, mistakes)?,
                "decode" => options.decode = Some(decode(entry)?),
                "replay" => options.replay = one_of(entry, &[("never", Replay::Never)], mistakes)?,
                "retry" => options.retry = retry(entry, mistakes)?,
                "timeout" => options.timeout = timeout(entry, mistakes)?,
                _ => options.headers = headers(entry, mistakes)?,
            }
            Some(())
        },
    );
    Request {
        verb,
        path,
        options,
    }
}

/// `#[request("PURGE", "/cache")]`.
fn named(name: Option<syn::LitStr>, span: Span, mistakes: &mut Mistakes) -> At<Verb> {
    let Some(name) = name else {
        mistakes.add(
            span,
            "`request` takes a verb and a path: `#[request(\"PURGE\", \"/cache\")]`",
        );
        return At::new(Verb::Get, span);
    };
    At::new(Verb::named(&name.value()), name.span())
}

fn flag(entry: &super::entry::Entry) -> Option<Flag> {
    entry.nothing()?;
    Some(Flag::at(entry.place().start()))
}

/// A word that is known, else the path of a decoder.
fn decode(entry: &super::entry::Entry) -> Option<At<Decode>> {
    let known = [
        ("json", Decode::Json),
        ("text", Decode::Text),
        ("bytes", Decode::Bytes),
        ("json_or_text", Decode::JsonOrText),
    ];
    if let Some(word) = word_of(entry) {
        let found = known.iter().find(|(name, _)| word == name);
        let decoder = || Decode::With(Path::from(word.clone()));
        return Some(At::new(
            found.map_or_else(decoder, |(_, decode)| decode.clone()),
            word.span(),
        ));
    }
    let path: Path = entry.equals()?;
    Some(At::new(Decode::With(path), entry.value_place().start()))
}
