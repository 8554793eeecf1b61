//! Schemes: `bearer`, `header("token", prefix = "Token ")`, `query("key")`, `any(…)`.

use super::entry::{Entry, Key, Keys, Value, entries, read, take_text};
use super::value::string;
use crate::api::{At, Auth};
use crate::mistake::Mistakes;
use crate::suggest;
use proc_macro2::TokenStream;

const SCHEMES: [&str; 9] = [
    "bearer", "basic", "header", "query", "cookie", "all", "any", "optional", "none",
];

/// How many combinations and choices may stand in each other; the rules allow fewer.
const DEPTH: usize = 8;

pub(super) fn auth(entry: &Entry, mistakes: &mut Mistakes) -> Option<Option<At<Auth>>> {
    let Value::Equals(value) = &entry.value else {
        return None;
    };
    let entry = only(value.clone())?;
    Some(scheme(&entry, DEPTH, mistakes))
}

fn only(tokens: TokenStream) -> Option<Entry> {
    let mut all = entries(tokens);
    let first = all.pop();
    first.filter(|_| all.is_empty())
}

fn scheme(entry: &Entry, depth: usize, mistakes: &mut Mistakes) -> Option<At<Auth>> {
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
        ("query", list) => name_in(list, "query", "key").map(Auth::Query),
        ("cookie", list) => name_in(list, "cookie", "sid").map(Auth::Cookie),
        ("all" | "any" | "optional", _) if depth == 0 => Err(format!(
            "found more than {DEPTH} schemes in each other, expected three at most"
        )),
        ("optional", list) => match list.and_then(only) {
            Some(inner) => {
                let inner = scheme(&inner, depth - 1, mistakes)?;
                Ok(Auth::Optional(Box::new(inner.value)))
            }
            None => Err("`optional` takes one scheme: `optional(bearer)`".to_owned()),
        },
        ("all", Some(list)) => Ok(Auth::All(schemes(list, depth - 1, mistakes)?)),
        ("any", Some(list)) => Ok(Auth::Any(schemes(list, depth - 1, mistakes)?)),
        (word @ ("all" | "any"), None) => Err(format!(
            "`{word}` takes schemes: `{word}(bearer, header(\"X-Api-Key\"))`"
        )),
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

/// All of them, or none if one of them cannot be read.
fn schemes(list: TokenStream, depth: usize, mistakes: &mut Mistakes) -> Option<Vec<At<Auth>>> {
    let read: Vec<_> = entries(list)
        .iter()
        .map(|entry| scheme(entry, depth, mistakes))
        .collect();
    read.into_iter().collect()
}

/// The one name in the parentheses.
fn name_in(list: Option<TokenStream>, word: &str, example: &str) -> Result<At<String>, String> {
    let mut parts = entries(list.unwrap_or_default());
    match take_text(&mut parts).filter(|_| parts.is_empty()) {
        Some(name) => Ok(At::new(name.value(), name.span())),
        None => Err(format!("`{word}` takes one name: `{word}(\"{example}\")`")),
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
