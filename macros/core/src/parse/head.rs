//! The arguments of `#[api_client(…)]`.

use super::auth::auth;
use super::entry::{Entry, Key, Keys, Value, entries, read};
use super::retry::retry;
use super::session::{envelope, session};
use super::value::{choose, headers, path, timeout};
use crate::api::{At, Case, Head, Text};
use crate::mistake::Mistakes;
use proc_macro2::TokenStream;
use syn::{LitStr, Path, parse::Parser};

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
            name: "retry",
            form: "retry(max = 2, on = [connect, 503])",
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
    later: &[],
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
                "retry" => head.retry = retry(entry, mistakes)?,
                "rename_all" => head.rename_all = case(entry, mistakes)?,
                _ => head.runtime = Some(runtime(entry)?),
            }
            Some(())
        },
    );
    head
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
