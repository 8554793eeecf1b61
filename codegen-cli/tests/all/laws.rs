//! The laws that hold for the whole generator.

use std::process::Command;

use gen_client::Generator;

use crate::project::Project;

/// A document that has a bit of everything.
pub(crate) const SHOP: &str = include_str!("shop.yaml");

/// Law 9. Each hash map of a run has a seed of its own, so two runs are two seeds.
#[test]
fn the_same_document_gives_the_same_bytes() {
    let first = Generator::from_bytes("shop.yaml", SHOP)
        .out_dir("a")
        .render()
        .expect("a client");
    for folder in ["a", "somewhere/else", "/tmp/x"] {
        let again = Generator::from_bytes("shop.yaml", SHOP)
            .out_dir(folder)
            .render()
            .expect("a client");
        assert_eq!(again.files, first.files);
    }
    // JSON with the same content in the same order.
    assert!(first.files.iter().any(|file| file.path == "src/lib.rs"));
}

/// The command line and the library are one.
#[test]
fn the_command_line_gives_the_same_bytes() {
    let project = Project::new("the_command_line_gives_the_same_bytes");
    project.write("shop.yaml", SHOP);
    let said = project.run(&["shop.yaml", "-o", "out"]);
    assert!(said.starts_with("exit 0"), "{said}");
    let output = Generator::from_bytes("shop.yaml", SHOP)
        .out_dir("out")
        .render()
        .expect("a client");
    for file in &output.files {
        assert_eq!(
            project.read(&format!("out/{}", file.path)),
            file.text,
            "{}",
            file.path
        );
    }
    assert_eq!(project.files().len(), output.files.len() + 1);
}

/// Law 3, second half: no HTTP client, and nothing of the runtime.
#[test]
fn the_generator_knows_no_http_client() {
    let ran = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--locked",
            "-p",
            "gen-client",
            "-e",
            "normal",
            "--prefix",
            "none",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let tree = String::from_utf8_lossy(&ran.stdout);
    let names: Vec<_> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(names.contains(&"perennial-macros-core"), "{tree}");
    for unwanted in [
        "perennial",
        "perennial-macros",
        "reqwest",
        "hyper",
        "tokio",
        "http",
        "rustls",
    ] {
        assert!(!names.contains(&unwanted), "{unwanted} in\n{tree}");
    }
}
