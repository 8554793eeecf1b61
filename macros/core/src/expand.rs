//! The model as code: the trait, its client, and nothing that decides anything at run time.
//!
//! All paths into the runtime go through one hidden, versioned module, `__v1`.

mod attribute;
mod client;
mod decode;
mod endpoint;
mod head;
mod lifetime;
mod method;
mod refresh;
mod signature;
mod statement;
mod stub;
mod trait_;

use crate::api::{Api, Endpoint};
use crate::{check, parse};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;

/// What `#[api_client(attr)] item` becomes: the expansion, or all mistakes and a stub in its place.
pub fn attribute(attr: TokenStream, item: TokenStream) -> TokenStream {
    let parsed = parse::trait_(attr, item.clone());
    let Some(api) = &parsed.api else {
        let errors = parsed
            .mistakes
            .iter()
            .map(|mistake| mistake.to_compile_error());
        return quote!(#(#errors)* #item);
    };
    let found = check::api(api);
    if parsed.mistakes.is_empty() && found.is_empty() {
        return self::api(api);
    }
    let errors = parsed
        .mistakes
        .iter()
        .chain(&found)
        .map(|mistake| mistake.to_compile_error());
    let stub = stub::stub(api, &parsed);
    quote!(#(#errors)* #stub)
}

/// The trait and its client.
pub fn api(api: &Api) -> TokenStream {
    let scope = Scope::new(api);
    let trait_ = trait_::trait_(&scope);
    let client = client::client(&scope);
    quote!(#trait_ #client)
}

/// What every part of the expansion needs to know.
struct Scope<'a> {
    api: &'a Api,
    /// The type that sends.
    client: Ident,
    /// The path of the runtime's hidden module.
    v1: TokenStream,
}

impl<'a> Scope<'a> {
    fn new(api: &'a Api) -> Self {
        let v1 = match &api.head.runtime {
            Some(path) => quote!(#path::__v1),
            None => quote!(::perennial::__v1),
        };
        Self {
            api,
            client: format_ident!("{}Client", api.ident),
            v1,
        }
    }
}

/// What a method is called in messages.
fn label(scope: &Scope<'_>, endpoint: &Endpoint) -> String {
    format!("{}::{}", scope.api.ident.unraw(), endpoint.ident.unraw())
}
