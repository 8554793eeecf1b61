//! What the package and the root type are called, after the title.

use super::names::Names;
use super::surface::Surface;
use super::words::{Style, join, words};

/// The longest title that is taken whole, in words.
const LONGEST: usize = 4;

/// Names that Cargo gives to no package.
const RESERVED: [&str; 6] = ["alloc", "core", "proc-macro", "self", "std", "test"];

impl Surface<'_> {
    /// What a person called the client, else the title without `API` and what follows a sign.
    pub(super) fn title(&self) -> String {
        if let Some(name) = &self.config.name {
            return name.value.clone();
        }
        let title = self
            .document
            .api
            .info
            .title
            .replace("'s", "")
            .replace("\u{2019}s", "");
        let short = title
            .split(['+', ':', '(', '|', ','])
            .next()
            .unwrap_or_default();
        let short = if words(short).is_empty() {
            &title
        } else {
            short
        };
        let mut words: Vec<&str> = short.split_whitespace().collect();
        words.truncate(LONGEST);
        if words.len() > 1
            && words
                .last()
                .is_some_and(|last| last.eq_ignore_ascii_case("api"))
        {
            words.pop();
        }
        words.join(" ")
    }
}

/// `train-travel`.
pub(super) fn package(title: String) -> String {
    let lower = title.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-");
    let keyword = syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_err();
    match name.chars().next() {
        None => "api-client".to_owned(),
        Some(first) if !first.is_ascii_alphabetic() => format!("api-{name}"),
        _ if keyword || RESERVED.contains(&name.as_str()) => format!("{name}-client"),
        _ => name,
    }
}

/// `TrainTravel`.
pub(super) fn root(title: String, names: &mut Names) -> String {
    let words = words(&title);
    let name = if words.is_empty() {
        "Api".to_owned()
    } else {
        join(&words, Style::Pascal)
    };
    // What `lib.rs` imports or says in its example.
    for taken in ["Builder", "Client", "Result", "Session", "Self"] {
        names.take("roots", taken);
    }
    names.claim(
        "roots",
        &[name.clone(), format!("{name}Api")],
        Style::Pascal,
    )
}

#[cfg(test)]
#[test]
fn packages() {
    for (title, name) in [
        ("Train Travel", "train-travel"),
        ("OpenAI", "openai"),
        ("3D Things", "api-3d-things"),
        ("test", "test-client"),
        ("async", "async-client"),
        ("\u{8f66}", "api-client"),
    ] {
        assert_eq!(package(title.to_owned()), name);
    }
}
