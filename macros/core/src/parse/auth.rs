//! Schemes: `bearer`, `header("token", prefix = "Token ")`, `optional(…)`.

use super::entry::{Entry, Key, Keys, Value, entries, read, take_text};
use super::value::string;
use crate::api::{At, Auth};
use crate::mistake::Mistakes;
use crate::suggest;
use proc_macro2::TokenStream;

const SCHEMES: [&str; 5] = ["bearer", "basic", "header", "optional", "none"];

/// Schemes that have their place but no meaning yet.
const LATER: [&str; 4] = ["query", "cookie", "all", "any"];

pub(super) fn auth(entry: &Entry, mistakes: &mut Mistakes) -> Option<Option<At<Auth>>> {
    let Value::Equals(value) = &entry.value else {
        return None;
    };
    let entry = only(value.clone())?;
    Some(scheme(&entry, mistakes))
}

fn only(tokens: TokenStream) -> Option<Entry> {
    let mut all = entries(tokens);
    let first = all.pop();
    first.filter(|_| all.is_empty())
}

fn scheme(entry: &Entry, mistakes: &mut Mistakes) -> Option<At<Auth>> {
    let named = entry
        .name
        .as_ref()
        .filter(|_| !matches!(entry.value, Value::Equals(_)));
    let Some(name) = named else {
        let help = format!("expected {}", suggest::list(SCHEMES));
        mistakes
            .add(entry.place(), "this is not a scheme")
            .help(help);
        return None;
    };
    let found = match (name.to_string().as_str(), entry.list()) {
        ("none", None) => Ok(Auth::None),
        ("bearer", None) => Ok(Auth::Bearer),
        ("basic", None) => Ok(Auth::Basic),
        ("header", list) => header(list.unwrap_or_default(), mistakes),
        ("optional", list) => match list.and_then(only) {
            Some(inner) => Ok(Auth::Optional(Box::new(scheme(&inner, mistakes)?.value))),
            None => Err("`optional` takes one scheme: `optional(bearer)`".to_owned()),
        },
        (word, _) if LATER.contains(&word) => {
            Err(format!("the scheme `{word}` is not yet supported"))
        }
        (word, Some(_)) if SCHEMES.contains(&word) => {
            Err(format!("the scheme `{word}` takes nothing"))
        }
        (word, _) => {
            let hint = suggest::hint(word, SCHEMES);
            mistakes
                .add(name.span(), format!("unknown scheme `{word}`"))
                .help(hint);
            return None;
        }
    };
    match found {
        Ok(auth) => Some(At::new(auth, name.span())),
        Err(message) => {
            mistakes.add(name.span(), message);
            None
        }
    }
}

fn header(list: TokenStream, mistakes: &mut Mistakes) -> Result<Auth, String> {
    const KEYS: Keys = Keys {
        known: &[Key {
            name: "prefix",
            form: "prefix = \"Token \"",
        }],
        later: &[],
    };
    let mut parts = entries(list);
    let Some(name) = take_text(&mut parts) else {
        return Err("`header` takes the name of one: `header(\"X-Api-Key\")`".to_owned());
    };
    let mut prefix = None;
    read(parts, &KEYS, "header(…)", mistakes, |_, entry, _| {
        prefix = Some(string(entry)?.value);
        Some(())
    });
    let name = At::new(name.value(), name.span());
    Ok(Auth::Header { name, prefix })
}
