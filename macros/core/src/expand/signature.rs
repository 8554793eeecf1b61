//! Signatures of methods, as trait and client have them.

use super::Scope;
use super::lifetime::{Names, has_impl};
use crate::api::{Endpoint, Reply, Spelling};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    FnArg, GenericParam, Generics, Lifetime, LifetimeParam, Signature, Type, WherePredicate,
    parse_quote,
};

/// An endpoint's signature in the trait: with names for the lifetimes inside its arguments, and left
/// out of `dyn` where it has type parameters.
pub(super) fn in_trait(scope: &Scope<'_>, endpoint: &Endpoint) -> TokenStream {
    let mut names = Names::default();
    let mut types = types(endpoint);
    types.iter_mut().for_each(|ty| names.argument(ty));
    let generics = with(&endpoint.generics, names.given);
    let front = front(scope, endpoint, &generics, &types);
    let bounds = trait_where(endpoint);
    quote!(#front #bounds)
}

/// The same, as the client's own: as it was written.
pub(super) fn on_client(scope: &Scope<'_>, endpoint: &Endpoint) -> TokenStream {
    let front = front(scope, endpoint, &endpoint.generics, &types(endpoint));
    let bounds = &endpoint.generics.where_clause;
    quote!(#front #bounds)
}

/// The same, where the client implements the trait.
pub(super) fn in_impl(scope: &Scope<'_>, endpoint: &Endpoint) -> TokenStream {
    let front = front(scope, endpoint, &endpoint.generics, &types(endpoint));
    let bounds = trait_where(endpoint);
    quote!(#front #bounds)
}

fn types(endpoint: &Endpoint) -> Vec<Type> {
    endpoint
        .arguments
        .iter()
        .map(|argument| argument.ty.clone())
        .collect()
}

fn front(
    scope: &Scope<'_>,
    endpoint: &Endpoint,
    generics: &Generics,
    types: &[Type],
) -> TokenStream {
    let Endpoint {
        ident,
        receiver,
        reply,
        ..
    } = endpoint;
    let arguments = endpoint.arguments.iter().zip(types).map(|(argument, ty)| {
        let (attrs, ident) = (&argument.attrs, &argument.ident);
        quote!(#(#attrs)* #ident: #ty)
    });
    let output = output(scope, reply);
    quote!(fn #ident #generics(#receiver #(, #arguments)*) -> #output)
}

fn trait_where(endpoint: &Endpoint) -> Option<TokenStream> {
    let generics = &endpoint.generics;
    if is_generic(generics)
        || endpoint
            .arguments
            .iter()
            .any(|argument| has_impl(&argument.ty))
    {
        return Some(where_with(generics, parse_quote!(Self: Sized)));
    }
    generics
        .where_clause
        .as_ref()
        .map(ToTokens::to_token_stream)
}

pub(super) fn where_with(generics: &Generics, predicate: WherePredicate) -> TokenStream {
    let mut generics = generics.clone();
    generics.make_where_clause().predicates.push(predicate);
    generics.where_clause.to_token_stream()
}

/// What a method returns, in the one form that is ever emitted.
fn output(scope: &Scope<'_>, reply: &Reply) -> TokenStream {
    let (path, value) = (&reply.path, &reply.value);
    let error = reply.error.iter();
    match reply.spelling {
        Spelling::Call => quote!(#path<#value #(, #error)*>),
        Spelling::Async => {
            let v1 = &scope.v1;
            quote!(#v1::Call<#value #(, #error)*>)
        }
    }
}

/// Lifetimes stand before all other parameters.
fn with(generics: &Generics, lifetimes: Vec<Lifetime>) -> Generics {
    let mut generics = generics.clone();
    for lifetime in lifetimes.into_iter().rev() {
        generics
            .params
            .insert(0, GenericParam::Lifetime(LifetimeParam::new(lifetime)));
    }
    generics
}

pub(super) fn is_generic(generics: &Generics) -> bool {
    generics
        .params
        .iter()
        .any(|parameter| !matches!(parameter, GenericParam::Lifetime(_)))
}

/// `::<T, N>`, for a call that hands all on.
pub(super) fn turbofish(generics: &Generics) -> Option<TokenStream> {
    let names = generics
        .params
        .iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Type(parameter) => Some(&parameter.ident),
            GenericParam::Const(parameter) => Some(&parameter.ident),
            GenericParam::Lifetime(_) => None,
        });
    is_generic(generics).then(|| quote!(::<#(#names),*>))
}

/// A signature that a person gave a body, with the lifetimes inside its arguments named.
pub(super) fn named(sig: &Signature) -> Signature {
    let mut sig = sig.clone();
    let mut names = Names::default();
    for input in &mut sig.inputs {
        if let FnArg::Typed(input) = input {
            names.argument(&mut input.ty);
        }
    }
    sig.generics = with(&sig.generics, names.given);
    sig
}

/// Whether a signature keeps its trait from being a `dyn`.
pub(super) fn is_generic_signature(sig: &Signature) -> bool {
    let types = sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) => Some(&*input.ty),
        FnArg::Receiver(_) => None,
    });
    is_generic(&sig.generics) || types.into_iter().any(has_impl)
}
