//! Laws 1 and 2 of the architecture: there is one grammar, for people and for the generator.

use crate::{TRAITS, api, random::Random, tokens};
use perennial_macros_core::{api::Api, check, expand, parse, print};

/// What the model says is what its text says, and it expands to the same.
fn check_laws(what: &str, api: &Api) {
    let printed = print::api(api);
    let parsed = parse::annotated(printed.clone());
    let mistakes: Vec<_> = parsed
        .mistakes
        .iter()
        .map(|mistake| &mistake.message)
        .collect();
    assert!(mistakes.is_empty(), "{what}: {mistakes:?} in {printed}");
    let read = parsed
        .api
        .unwrap_or_else(|| panic!("{what}: no trait in {printed}"));
    assert_eq!(read, *api, "{what}: read back from {printed}");
    assert_eq!(
        expand::api(&read).to_string(),
        expand::api(api).to_string(),
        "{what}"
    );
}

#[test]
fn traits_that_people_write() {
    for (name, text) in TRAITS {
        check_laws(name, &api(tokens(text)));
    }
}

#[test]
fn traits_that_programs_build() {
    for seed in 0..400 {
        let api = Random::new(seed).api();
        let mistakes: Vec<_> = check::api(&api)
            .into_iter()
            .map(|mistake| mistake.message)
            .collect();
        assert!(
            mistakes.is_empty(),
            "seed {seed}: {mistakes:?} in {}",
            print::api(&api)
        );
        check_laws(&format!("seed {seed}"), &api);
    }
}
