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

/// A method's signature in pieces.
pub(super) struct Pieces {
    /// Up to the `where` clause, which trait and client do not share.
    pub(super) front: TokenStream,
    generics: Generics,
    generic: bool,
}

impl Pieces {
    pub(super) fn of_endpoint(scope: &Scope<'_>, endpoint: &Endpoint) -> Self {
        let Endpoint {
            ident,
            receiver,
            reply,
            ..
        } = endpoint;
        let mut names = Names::default();
        let mut types: Vec<Type> = endpoint
            .arguments
            .iter()
            .map(|argument| argument.ty.clone())
            .collect();
        types.iter_mut().for_each(|ty| names.argument(ty));
        let arguments = endpoint.arguments.iter().zip(&types).map(|(argument, ty)| {
            let (attrs, ident) = (&argument.attrs, &argument.ident);
            quote!(#(#attrs)* #ident: #ty)
        });
        let generics = with(&endpoint.generics, names.given);
        let output = output(scope, reply);
        let generic = is_generic(&generics) || types.iter().any(has_impl);
        Self {
            front: quote!(fn #ident #generics(#receiver #(, #arguments)*) -> #output),
            generics,
            generic,
        }
    }

    /// The `where` clause in the trait, where a method with type parameters is left out of `dyn`.
    pub(super) fn trait_where(&self) -> Option<TokenStream> {
        if self.generic {
            Some(where_with(&self.generics, parse_quote!(Self: Sized)))
        } else {
            self.client_where()
        }
    }

    pub(super) fn client_where(&self) -> Option<TokenStream> {
        self.generics
            .where_clause
            .as_ref()
            .map(ToTokens::to_token_stream)
    }
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
