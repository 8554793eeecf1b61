//! Which attributes go from the trait to its client.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Meta};

/// Those that say whether something exists at all.
pub(super) fn conditions(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
}

/// Those that people see at the client too: documentation, `deprecated`, `must_use`, conditions. Lint
/// levels do not matter there, since the client is silent as a whole.
pub(super) fn shown(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| {
        ["doc", "deprecated", "must_use", "cfg"]
            .iter()
            .any(|name| attr.path().is_ident(name))
            || is_conditional_doc(attr)
    })
}

/// `cfg_attr(docsrs, doc(cfg(feature = "admin")))`.
fn is_conditional_doc(attr: &Attribute) -> bool {
    let Meta::List(list) = &attr.meta else {
        return false;
    };
    let words = ["doc", "deprecated", "must_use"];
    list.path.is_ident("cfg_attr")
        && list
            .tokens
            .clone()
            .into_iter()
            .any(|tree| words.contains(&tree.to_string().as_str()))
}

/// What the expansion must not warn about: it is the person's trait again, and was judged there.
pub(super) fn silence() -> TokenStream {
    quote!(#[allow(
        deprecated,
        missing_docs,
        non_local_definitions,
        non_upper_case_globals,
        unused,
        unused_qualifications,
        clippy::all,
        clippy::pedantic,
        clippy::nursery,
        clippy::restriction
    )])
}
