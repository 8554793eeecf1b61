//! What stands in the place of a mistaken trait: the same names and types, so that a mistake is one
//! error, and calls to what is healthy still type-check.

use super::attribute::{conditions, silence};
use super::lifetime::has_impl;
use super::signature::is_generic_signature;
use super::{Scope, client, head, method, trait_};
use crate::api::{Api, Provided, Tokens};
use crate::parse::{Parsed, Raw};
use crate::shape;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{PathArguments, ReceiverKind, ReturnType, Safety, Signature, parse_quote};

pub(super) fn stub(api: &Api, parsed: &Parsed) -> TokenStream {
    let scope = Scope::new(api);
    let (others, generics) = (&parsed.others, &parsed.generics);
    let methods = parsed.raw.iter().map(|raw| in_trait(&scope, raw));
    let trait_ = trait_::frame(&scope, generics, quote!(#(#others)* #(#methods)*));
    let structure = client::structure(&scope);
    let (name, v1, silence) = (&scope.client, &scope.v1, silence());
    // What a trait with parameters, constants or types asks of its client is not known.
    let simple = others.is_empty() && generics.params.is_empty();
    let methods = simple.then(|| methods_of_client(&scope, parsed));
    let (head, common) = (
        head::bare(&scope),
        client::common(&scope, TokenStream::new()),
    );
    let (vis, conditions) = (&api.vis, conditions(&api.attrs));
    let refresh = api
        .endpoints()
        .any(|endpoint| endpoint.options.refresh.is_set())
        .then(|| quote!(#vis const REFRESH: __v1::RefreshEndpoint = ::core::unimplemented!();));
    let conversion = client::conversion(name);
    quote! {
        #trait_
        #structure
        #(#conditions)*
        #silence
        const _: () = {
            use #v1::{self};
            #head
            impl #name { #refresh #common }
            #conversion
            #methods
        };
    }
}

fn methods_of_client(scope: &Scope<'_>, parsed: &Parsed) -> TokenStream {
    let (name, trait_) = (&scope.client, &scope.api.ident);
    let methods = parsed.raw.iter().filter_map(|raw| on_client(scope, raw));
    let results = client::results(scope);
    quote! {
        impl #name { #(#methods)* }
        impl #trait_ for #name {}
        #results
    }
}

/// A method of the trait, with a body that fits any result.
fn in_trait(scope: &Scope<'_>, raw: &Raw) -> TokenStream {
    if let Some(provided) = provided(raw) {
        return trait_::provided(&provided);
    }
    let (attrs, mut sig) = (raw.other_attributes(), tame(scope, raw.plain_signature()));
    let by_reference = sig
        .receiver()
        .is_some_and(|receiver| matches!(receiver.kind, ReceiverKind::Reference(..)));
    if !by_reference || is_generic_signature(&sig) {
        sig.generics
            .make_where_clause()
            .predicates
            .push(parse_quote!(Self: Sized));
    }
    quote!(#(#attrs)* #[allow(unused_variables)] #sig { ::core::unimplemented!() })
}

/// The client's own method, where a call is checked.
fn on_client(scope: &Scope<'_>, raw: &Raw) -> Option<TokenStream> {
    if let Some(provided) = provided(raw) {
        return method::provided(scope, &provided);
    }
    let (vis, conditions) = (&scope.api.vis, conditions(&raw.attrs));
    let sig = tame(scope, raw.plain_signature());
    sig.receiver()?;
    Some(quote!(#(#conditions)* #vis #sig { ::core::unimplemented!() }))
}

fn provided(raw: &Raw) -> Option<Provided> {
    let body = Tokens(raw.body.clone()?);
    Some(Provided {
        attrs: raw.other_attributes().cloned().collect(),
        sig: raw.plain_signature(),
        body,
    })
}

/// A signature that brings no error of its own: without qualifiers, and with a result that
/// `unimplemented!` fits.
fn tame(scope: &Scope<'_>, mut sig: Signature) -> Signature {
    let waits = sig.asyncness.take().is_some();
    (sig.constness, sig.abi, sig.variadic, sig.safety) = (None, None, None, Safety::Default);
    if let ReturnType::Type(_, ty) = &sig.output {
        let last =
            shape::last(ty).filter(|last| last.ident == if waits { "Result" } else { "Call" });
        match last.map(|last| &last.arguments) {
            Some(PathArguments::AngleBracketed(arguments)) if waits => {
                let v1 = &scope.v1;
                sig.output = parse_quote!(-> #v1::Call #arguments);
            }
            Some(PathArguments::None) if !waits => sig.output = parse_quote!(-> #ty<()>),
            Some(PathArguments::None) => sig.output = ReturnType::Default,
            _ if has_impl(ty) => sig.output = ReturnType::Default,
            _ => {}
        }
    }
    sig
}
