//! What `Cargo.toml` must hold.

use super::docs;
use crate::ir::Library;
use crate::write::{Feature, Manifest};
use std::collections::BTreeSet;

/// The dependencies of generated code, as TOML.
fn dependency(package: &str) -> &'static str {
    match package {
        "jiff" | "uuid" | "rust_decimal" => "{ version = \"1\", features = [\"serde\"] }",
        _ => "\"0.1\"",
    }
}

pub(super) fn manifest(library: &Library, packages: &BTreeSet<&'static str>) -> Manifest {
    let names = packages
        .iter()
        .copied()
        .chain(["perennial"])
        .collect::<BTreeSet<_>>();
    let mut features: Vec<Feature> = library
        .groups
        .iter()
        .filter_map(|group| group.feature.clone())
        .map(|name| Feature {
            name,
            ..Feature::default()
        })
        .collect();
    features.sort_by(|left, right| left.name.cmp(&right.name));
    let default_features = features
        .iter()
        .map(|feature| feature.name.clone())
        .collect();
    if let Some(first) = features.first_mut() {
        first.comment =
            "One feature per tag; each brings its trait and the types that trait reaches."
                .to_owned();
    }
    if !library.webhooks.is_empty() {
        features.push(Feature {
            name: library.webhooks_feature.clone(),
            enables: Vec::new(),
            comment: "The payloads of the API's webhooks.".to_owned(),
        });
    }
    Manifest {
        name: library.name.clone(),
        version: version(&library.version),
        description: description(library),
        dependencies: names
            .into_iter()
            .map(|name| (name.to_owned(), dependency(name).to_owned()))
            .collect(),
        features,
        default_features,
    }
}

/// The document's version, if Cargo can read it.
fn version(text: &str) -> String {
    let core = text.trim().trim_start_matches('v');
    let mut parts: Vec<&str> = core.split('.').collect();
    let number = |part: &&str| {
        !part.is_empty()
            && part.len() < 10
            && part.bytes().all(|b| b.is_ascii_digit())
            && (part.len() == 1 || !part.starts_with('0'))
    };
    if parts.is_empty() || parts.len() > 3 || !parts.iter().all(number) {
        return "0.1.0".to_owned();
    }
    while parts.len() < 3 {
        parts.push("0");
    }
    parts.join(".")
}

/// The first line of the description, else the title.
fn description(library: &Library) -> String {
    let text = docs::joined(&library.doc);
    let first = text.lines().next().unwrap_or_default();
    let plain = !first.is_empty() && first.len() < 200 && !first.contains(['[', '<', '\\', '#']);
    if plain {
        first.to_owned()
    } else {
        format!("A client of {}.", library.title)
    }
}
