//! The trait: as it was written, with a default body for each endpoint.

use super::signature::{in_trait, is_generic_signature, named, where_with};
use super::{Scope, label};
use crate::api::{Endpoint, Method, Provided};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Generics, ReturnType, Signature, parse_quote};

pub(super) fn trait_(scope: &Scope<'_>) -> TokenStream {
    let methods = scope.api.methods.iter().map(|method| match method {
        Method::Endpoint(endpoint) => self::endpoint(scope, endpoint),
        Method::Provided(provided) => self::provided(provided),
    });
    frame(scope, &Generics::default(), quote!(#(#methods)*))
}

/// The trait around its methods.
pub(super) fn frame(scope: &Scope<'_>, generics: &Generics, methods: TokenStream) -> TokenStream {
    let api = scope.api;
    let (attrs, vis, ident) = (&api.attrs, &api.vis, &api.ident);
    let (supertraits, where_clause) = (&api.supertraits, &api.where_clause);
    let colon = (!supertraits.is_empty()).then(|| quote!(:));
    quote!(#(#attrs)* #vis trait #ident #generics #colon #supertraits #where_clause { #methods })
}

/// A default body, so that a mock writes only what its test needs. It uses no argument.
fn endpoint(scope: &Scope<'_>, endpoint: &Endpoint) -> TokenStream {
    let (v1, attrs) = (&scope.v1, &endpoint.attrs);
    let sig = in_trait(scope, endpoint);
    let name = label(scope, endpoint);
    quote! {
        #(#attrs)*
        #[allow(unused_variables)]
        #sig { #v1::Call::unimplemented(#name) }
    }
}

pub(super) fn provided(provided: &Provided) -> TokenStream {
    let Provided { attrs, sig, body } = provided;
    let sig = named(sig);
    if sig.asyncness.is_some() {
        let (sig, attrs) = (future(sig), attrs);
        return quote!(#(#attrs)* #sig { async move #body });
    }
    let (front, bounds) = split(&sig);
    let bounds = match is_generic_signature(&sig) && sig.receiver().is_some() {
        true => where_with(&sig.generics, parse_quote!(Self: Sized)),
        false => quote!(#bounds),
    };
    quote!(#(#attrs)* #front #bounds #body)
}

/// The signature, and its `where` clause apart.
fn split(sig: &Signature) -> (Signature, Option<syn::WhereClause>) {
    let mut front = sig.clone();
    let bounds = front.generics.where_clause.take();
    (front, bounds)
}

/// `async fn` has no `Send` in a trait, and no place in a `dyn`.
fn future(mut sig: Signature) -> Signature {
    sig.asyncness = None;
    let output = match &sig.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => quote!(#ty),
    };
    sig.output =
        parse_quote!(-> impl ::core::future::Future<Output = #output> + ::core::marker::Send);
    sig.generics
        .make_where_clause()
        .predicates
        .push(parse_quote!(Self: Sized + ::core::marker::Sync));
    sig
}
