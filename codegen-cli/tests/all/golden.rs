//! What is written for whole documents, byte for byte, as the files in `tests/goldens` show it.
//!
//! `just bless` writes them anew.

use std::path::{Path, PathBuf};

use gen_client::Generator;

/// Compares the client of `document` with the golden `name`.
fn check(name: &str, document: &Path, form: fn(Generator) -> Generator) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/goldens")
        .join(name);
    let mut generator = form(Generator::new(document).out_dir(&folder));
    let config = folder.join("gen-client.toml");
    if config.exists() {
        generator = generator.config(config);
    }
    if std::env::var_os("PERENNIAL_BLESS").is_some() {
        generator.generate().expect("a client");
    }
    for file in generator.render().expect("a client").files {
        let golden = std::fs::read_to_string(folder.join(&file.path)).unwrap_or_default();
        let differs = golden
            .lines()
            .zip(file.text.lines())
            .position(|(old, new)| old != new);
        let line = differs.unwrap_or_else(|| golden.lines().count().min(file.text.lines().count()));
        assert!(
            golden == file.text,
            "{name}/{} differs from line {}: see `just bless`\nwas: {}\nis:  {}",
            file.path,
            line + 1,
            golden.lines().nth(line).unwrap_or("(the end)"),
            file.text.lines().nth(line).unwrap_or("(the end)"),
        );
    }
    let current = generator.check().expect("a report").is_current();
    assert!(
        current,
        "{name} holds a file that is no longer written: see `just bless`"
    );
}

/// A document of `../shared/specs`, where that is at hand.
fn spec(test: &str, name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/specs");
    let folder = std::env::var_os("PERENNIAL_SPECS").map_or(beside, PathBuf::from);
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    let needs = format!("needs {name} (in the folder that PERENNIAL_SPECS names)");
    assert!(
        std::env::var("PERENNIAL_REQUIRE_ALL").as_deref() != Ok("1"),
        "{test} {needs}"
    );
    println!("skipped {test}: {needs}");
    None
}

#[test]
fn train_travel() {
    if let Some(document) = spec("train_travel", "train-travel.yaml") {
        check("train-travel", &document, |generator| generator);
    }
}

/// With documentation; `perennial-tests` compiles it.
#[test]
fn harbour() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/harbour/openapi.yaml");
    check("harbour", &document, Generator::module);
}

/// `perennial-tests` compiles it and looks at the requests.
#[test]
fn wire() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/wire/openapi.yaml");
    check("wire", &document, Generator::module);
}
