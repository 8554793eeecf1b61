//! One argument of an endpoint, and where it goes.

use super::entry::{Key, Keys, entries, read, take_text};
use super::value::{one_of, string};
use super::{arguments, word};
use crate::api::{Argument, At, Kind, Style};
use crate::mistake::{Mistakes, Place};
use crate::{shape, suggest};
use syn::{Attribute, Ident, Pat, PatType, ext::IdentExt};

const KINDS: [&str; 10] = [
    "query", "header", "json", "path", "params", "form", "field", "body", "cookie", "url",
];

/// Kinds that have their place but no meaning yet.
const LATER: [&str; 1] = ["part"];

/// Whether an attribute says where an argument goes, or looks as if it should: an argument takes no
/// others than `cfg` and lint levels, so whatever else there is, is a mistyped one.
pub(crate) fn is_kind(attr: &Attribute) -> bool {
    ![
        "cfg", "cfg_attr", "allow", "warn", "deny", "forbid", "expect", "doc",
    ]
    .iter()
    .any(|word| attr.path().is_ident(word))
}

/// Reads an argument; `placeholders` are those of the path.
pub(super) fn argument(
    input: &PatType,
    placeholders: &[&str],
    mistakes: &mut Mistakes,
) -> Option<Argument> {
    let (kinds, attrs): (Vec<_>, Vec<_>) = input.attrs.iter().partition(|attr| is_kind(attr));
    let ident = name(&input.pat, mistakes);
    let bare = || {
        ident
            .clone()
            .map_or_else(|| Place::of(&input.pat).start(), |ident| ident.span())
    };
    let mut kinds_read = kinds
        .iter()
        .map(|attr| kind(attr, ident.as_ref(), placeholders, mistakes));
    let first = kinds_read
        .next()
        .unwrap_or_else(|| At::new(Kind::Path, bare()));
    kinds_read.for_each(drop);
    for other in kinds.iter().skip(1) {
        mistakes
            .add(Place::of(other), "an argument goes to one place")
            .help("keep one of its attributes");
    }
    Some(Argument {
        attrs: attrs.into_iter().cloned().collect(),
        kind: first,
        ident: ident?,
        ty: (*input.ty).clone(),
    })
}

fn name(pat: &Pat, mistakes: &mut Mistakes) -> Option<Ident> {
    let found = match pat {
        Pat::Ident(pat) if pat.subpat.is_none() && pat.by_ref.is_none() => {
            if pat.mutability.is_none() {
                return Some(pat.ident.clone());
            }
            "`mut` means nothing where there is no body"
        }
        Pat::Wild(_) => "`_` gives the argument no name to send it under",
        _ => "a pattern gives the argument no name to send it under",
    };
    mistakes
        .add(Place::of(pat), found)
        .help("name it: `id: UserId`");
    match pat {
        Pat::Ident(pat) => Some(pat.ident.clone()),
        _ => None,
    }
}

fn kind(
    attr: &Attribute,
    ident: Option<&Ident>,
    placeholders: &[&str],
    mistakes: &mut Mistakes,
) -> At<Kind> {
    let span = Place::of(attr.path()).start();
    let found = word(attr).unwrap_or_default();
    let known = KINDS.into_iter().find(|kind| *kind == found);
    let kind = match known.or_else(|| unknown(attr, &found, mistakes)) {
        Some(kind) if known.is_some() => read_kind(kind, attr, mistakes),
        Some("json") => Kind::Json,
        Some("header") => Kind::Header { name: None },
        Some("field") => Kind::Field {
            name: None,
            style: Style::Form,
        },
        // What it should have been is not known: the kind that brings no further complaint.
        _ if ident
            .is_some_and(|ident| placeholders.contains(&ident.unraw().to_string().as_str())) =>
        {
            Kind::Path
        }
        _ => Kind::query(),
    };
    At::new(kind, span)
}

fn unknown(attr: &Attribute, found: &str, mistakes: &mut Mistakes) -> Option<&'static str> {
    let place = Place::of(attr.path());
    if LATER.contains(&found) {
        mistakes.add(place, format!("`#[{found}]` is not yet supported"));
        return None;
    }
    let hint = suggest::hint(found, KINDS);
    let shown = shape::show(attr.path());
    mistakes
        .add(place, format!("unknown attribute `{shown}` on an argument"))
        .help(hint);
    suggest::nearest(found, KINDS)
}

const STYLE: Key = Key {
    name: "style",
    form: "style = csv",
};

fn keys(kind: &str) -> Keys {
    let known: &'static [Key] = match kind {
        "query" => &[
            STYLE,
            Key {
                name: "default",
                form: "default = 1",
            },
            Key {
                name: "flatten",
                form: "flatten",
            },
        ],
        "field" | "form" => &[STYLE],
        "body" => &[Key {
            name: "mime",
            form: "mime = \"text/csv\"",
        }],
        _ => &[],
    };
    Keys { known, later: &[] }
}

fn read_kind(kind: &'static str, attr: &Attribute, mistakes: &mut Mistakes) -> Kind {
    let mut entries = entries(arguments(attr, mistakes));
    let named = matches!(kind, "query" | "header" | "cookie" | "field");
    let name = if named { take_text(&mut entries) } else { None };
    let name = name.map(|text| At::new(text.value(), text.span()));
    let (mut style, mut default, mut mime, mut flatten) = (Style::Form, None, None, false);
    read(
        entries,
        &keys(kind),
        &format!("#[{kind}(…)]"),
        mistakes,
        |key, entry, mistakes| {
            match key {
                "style" => {
                    style = one_of(entry, &Style::ALL, mistakes)?.map_or(Style::Form, |at| at.value)
                }
                "default" => default = Some(entry.equals()?),
                "mime" => mime = Some(string(entry)?),
                _ => {
                    entry.nothing()?;
                    flatten = true;
                }
            }
            Some(())
        },
    );
    if flatten && (name.is_some() || default.is_some() || style != Style::Form) {
        mistakes
            .add(
                Place::of(attr),
                "`flatten` sends each member under its own name, so it goes alone",
            )
            .help("write `#[query(flatten)]`");
    }
    match kind {
        "query" if flatten => Kind::Queries,
        "query" => Kind::Query {
            name,
            style,
            default,
        },
        "header" => Kind::Header { name },
        "cookie" => Kind::Cookie { name },
        "field" => Kind::Field { name, style },
        "form" => Kind::Form { style },
        "body" => Kind::Body { mime },
        "json" => Kind::Json,
        "params" => Kind::Params,
        "url" => Kind::Url,
        _ => Kind::Path,
    }
}
