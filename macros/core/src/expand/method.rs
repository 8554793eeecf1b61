//! The client's methods: each fills a request and returns it as a `Call`.

use super::Scope;
use super::attribute::{conditions, shown};
use super::decode::choice;
use super::endpoint::name;
use super::signature::{in_impl, on_client, turbofish};
use super::statement::{local, statements};
use crate::api::{Argument, Endpoint, Provided};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{FnArg, Pat, Signature, spanned::Spanned};

/// The method that sends, as the client's own, so that a call needs no import.
pub(super) fn inherent(scope: &Scope<'_>, endpoint: &Endpoint) -> TokenStream {
    let vis = &scope.api.vis;
    let attrs = shown(&endpoint.attrs);
    let (sig, body) = (on_client(scope, endpoint), body(scope, endpoint));
    quote!(#(#attrs)* #vis #sig { #body })
}

fn body(scope: &Scope<'_>, endpoint: &Endpoint) -> TokenStream {
    let (request, this, name) = (
        local("request"),
        &endpoint.receiver.self_token,
        name(endpoint),
    );
    let statements = statements(endpoint, scope.api.head.rename_all.map(|at| at.value));
    let choice = choice(endpoint);
    // The places where a type that is no error, and one that cannot be decoded, are reported.
    let place = endpoint
        .reply
        .error
        .as_ref()
        .unwrap_or(&endpoint.reply.value)
        .span();
    let call = quote_spanned!(place=> __v1::Call::__new(#request, #choice));
    let mutable = (!statements.is_empty()).then(|| quote!(mut));
    quote! {
        let #mutable #request = __v1::Request::new(&#this.client, &#name);
        #(#statements)*
        #call
    }
}

/// The trait's method on the client. Where an argument comes and goes with a condition, which a call
/// cannot say, it has the body again.
pub(super) fn delegated(scope: &Scope<'_>, endpoint: &Endpoint) -> TokenStream {
    let Endpoint {
        attrs,
        ident,
        generics,
        receiver,
        arguments,
        ..
    } = endpoint;
    let conditions: Vec<_> = conditions(attrs).collect();
    let sig = in_impl(scope, endpoint);
    if arguments.iter().any(Argument::is_conditional) {
        let body = body(scope, endpoint);
        return quote!(#(#conditions)* #sig { #body });
    }
    let this = &receiver.self_token;
    let names = arguments.iter().map(|argument| &argument.ident);
    let turbofish = turbofish(generics);
    quote!(#(#conditions)* #sig { Self::#ident #turbofish(#this #(, #names)*) })
}

/// A method with a body, as the client's own: it calls the trait's, where the body is.
pub(super) fn provided(scope: &Scope<'_>, provided: &Provided) -> Option<TokenStream> {
    let mut sig = provided.sig.clone();
    let receiver = sig.receiver()?.self_token;
    let names = plain_names(&mut sig)?;
    let (vis, trait_, ident) = (&scope.api.vis, &scope.api.ident, &sig.ident);
    let (attrs, turbofish) = (shown(&provided.attrs), turbofish(&sig.generics));
    let wait = sig.asyncness.is_some().then(|| quote!(.await));
    let call = quote!(<Self as #trait_>::#ident #turbofish(#receiver #(, #names)*) #wait);
    Some(quote!(#(#attrs)* #vis #sig { #call }))
}

/// Gives each argument a name to hand it on by. A call cannot say that an argument comes and goes
/// with a condition, so there is no such method then.
fn plain_names(sig: &mut Signature) -> Option<Vec<syn::Ident>> {
    let mut names = Vec::new();
    for input in &mut sig.inputs {
        let FnArg::Typed(input) = input else { continue };
        if conditions(&input.attrs).next().is_some() {
            return None;
        }
        let name = match &*input.pat {
            Pat::Ident(pat) => pat.ident.clone(),
            _ => format_ident!("argument{}", names.len()),
        };
        *input.pat = syn::parse_quote!(#name);
        names.push(name);
    }
    Some(names)
}
