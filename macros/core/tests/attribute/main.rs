//! The attribute as a function from tokens to tokens; no runtime is needed here.

mod expansion;
mod fuzz;
mod half_typed;
mod knowledge;
mod laws;
mod random;

use perennial_macros_core::{api::Api, check, parse};
use proc_macro2::TokenStream;

/// Traits that are read by several tests.
const TRAITS: [(&str, &str); 4] = [
    ("shop", include_str!("traits/shop.rs")),
    ("origin", include_str!("traits/origin.rs")),
    ("keys", include_str!("traits/keys.rs")),
    ("plain", include_str!("traits/plain.rs")),
];

fn tokens(text: &str) -> TokenStream {
    text.parse()
        .unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// The model of a trait without mistakes.
fn api(item: TokenStream) -> Api {
    let parsed = parse::annotated(item);
    let mistakes: Vec<_> = parsed
        .mistakes
        .iter()
        .map(|mistake| &mistake.message)
        .collect();
    assert!(mistakes.is_empty(), "{mistakes:?}");
    let api = parsed.api.expect("a trait without mistakes has a model");
    let mistakes: Vec<_> = check::api(&api)
        .into_iter()
        .map(|mistake| mistake.message)
        .collect();
    assert!(mistakes.is_empty(), "{mistakes:?}");
    api
}
