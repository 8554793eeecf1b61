//! What the derives expand to, and that no tokens make them panic.

mod never_panics;
mod structs;
mod unions;
mod wrappers;

use expect_test::Expect;
use proc_macro2::TokenStream;

/// The formatted expansion, without the paths and attributes that every implementation has.
#[track_caller]
fn check(derive: fn(TokenStream) -> TokenStream, item: &str, expected: Expect) {
    let tokens: TokenStream = item.parse().expect("it is Rust");
    let file = syn::parse2(derive(tokens)).expect("the expansion is Rust");
    let text = prettyplease::unparse(&file)
        .replace("::perennial::__v1::", "")
        .replace("::core::option::Option::", "")
        .replace("::core::option::", "")
        .replace("::core::result::", "")
        .replace("#[automatically_derived]\n#[allow(deprecated)]\n", "");
    expected.assert_eq(&text);
}
