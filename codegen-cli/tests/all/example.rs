//! The client that is checked in for the examples is what its published document gives today.

use gen_client::Generator;
use std::path::{Path, PathBuf};

#[test]
fn the_checked_in_client_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let specs =
        std::env::var_os("PERENNIAL_SPECS").map_or(root.join("../shared/specs"), PathBuf::from);
    let document = specs.join("supabase-auth.yaml");
    if !document.exists() {
        let needs =
            "supabase-auth.yaml of the published documents (set PERENNIAL_SPECS to their folder)";
        assert!(
            std::env::var_os("PERENNIAL_REQUIRE_ALL").is_none(),
            "needs {needs}"
        );
        println!("skipped the_checked_in_client_is_current: needs {needs}");
        return;
    }
    let client = root.join("examples/supabase-auth");
    let report = Generator::new(document)
        .config(client.join("gen-client.toml"))
        .out_dir(&client)
        .check()
        .expect("the document can be used");
    assert!(report.is_current(), "run `just regen`: {:?}", report.output);
}
