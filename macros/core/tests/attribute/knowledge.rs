//! Laws 3 and 4: who may know what, read from the manifests and sources themselves.

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the workspace is two folders up")
        .to_owned()
}

/// The names under `[dependencies]`.
fn dependencies(package: &str) -> Vec<String> {
    let manifest = root().join(package).join("Cargo.toml");
    let text = fs::read_to_string(&manifest)
        .unwrap_or_else(|error| panic!("{}: {error}", manifest.display()));
    let section = text.split("\n[dependencies]\n").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let names = section
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['=', '.', ' ']).next());
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Each source file below a folder, and its lines that are no comments.
fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    {
        let path = entry.expect("a folder that can be listed").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let text = fs::read_to_string(&path).expect("a source file is text");
            let code: Vec<_> = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect();
            found.push((path, code.join("\n")));
        }
    }
}

#[test]
fn the_core_knows_no_documents() {
    let known = dependencies("macros/core");
    assert!(
        known
            .iter()
            .all(|name| ["proc-macro2", "quote", "syn"].contains(&name.as_str())),
        "{known:?}"
    );
    let mut files = Vec::new();
    sources(&root().join("macros/core/src"), &mut files);
    for (path, code) in files {
        for word in ["openapi", "swagger", "yaml"] {
            assert!(
                !code.to_lowercase().contains(word),
                "{} speaks of {word}",
                path.display()
            );
        }
    }
}

#[test]
fn the_generator_knows_no_http_client() {
    let known = dependencies("codegen-cli");
    for name in ["perennial", "reqwest", "hyper", "ureq", "tokio"] {
        assert!(
            !known.iter().any(|known| known == name),
            "gen-client depends on {name}"
        );
    }
}

/// The expander and the derives name the runtime, through its hidden module.
#[test]
fn the_expander_alone_names_the_runtime() {
    let mut files = Vec::new();
    let source = root().join("macros/core/src");
    sources(&source, &mut files);
    for (path, code) in files {
        let place = path.strip_prefix(&source).expect("it was found there");
        let may = place.starts_with("expand.rs")
            || place.starts_with("expand")
            || place.starts_with("derive")
            || place.starts_with("derive.rs");
        assert!(
            may || !code.contains("__v1"),
            "{} names the runtime",
            path.display()
        );
    }
}
