//! `refresh.rs`: the session's own method, and how its answer becomes tokens.

use super::group;
use super::scope::{Scope, ident};
use crate::ir::{Refresh, RefreshBody, Step, Tokens, TypeRef};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn text<'a>(refresh: &'a Refresh, scope: &mut Scope<'a>) -> String {
    let body = refresh.body.as_ref().map(|body| self::body(body, scope));
    let tokens = refresh
        .tokens
        .as_ref()
        .map(|tokens| self::tokens(tokens, scope));
    group::text(&refresh.group, scope, quote!(#body #tokens))
}

/// The runtime makes the body from the refresh token.
fn body<'a>(body: &'a RefreshBody, scope: &mut Scope<'a>) -> TokenStream {
    let ty = scope.ty(&body.ty);
    let token = ident(&body.token.name);
    let value = some(&body.token, quote!(token), scope);
    let with = body.with.iter().map(|(step, text)| {
        let name = ident(&step.name);
        // Text that the configuration gives, for a member of whatever type it has.
        let value = match &step.ty {
            TypeRef::String => quote!(#text.into()),
            TypeRef::Bool | TypeRef::I32 | TypeRef::I64 | TypeRef::U64 | TypeRef::F64 => {
                text.parse().unwrap_or_default()
            }
            _ => quote!(#text.into()),
        };
        let value = some(step, value, scope);
        quote!(#name: #value,)
    });
    quote! {
        impl From<String> for #ty {
            /// The body of a refresh, from the refresh token.
            fn from(token: String) -> Self {
                Self { #token: #value, #(#with)* ..Self::default() }
            }
        }
    }
}

fn some(step: &Step, value: TokenStream, _: &Scope<'_>) -> TokenStream {
    (0..step.options).fold(value, |value, _| quote!(Some(#value)))
}

fn tokens<'a>(tokens: &'a Tokens, scope: &mut Scope<'a>) -> TokenStream {
    let ty = scope.ty(&tokens.ty);
    let target = scope.import("perennial", "Tokens");
    let access = required(&tokens.access);
    let refresh = tokens.refresh_token.as_ref().map(|way| {
        let token = optional(way);
        quote!(if let Some(token) = #token { tokens = tokens.refresh_token(token); })
    });
    let expires = tokens.expires_in.as_ref().map(|way| {
        let lifetime = optional(way);
        let seconds = match (way.last().map(|step| &step.ty), tokens.milliseconds) {
            (Some(TypeRef::F64), false) => quote!(lifetime),
            (_, false) => quote!(lifetime as f64),
            (Some(TypeRef::F64), true) => quote!(lifetime / 1000.0),
            (_, true) => quote!(lifetime as f64 / 1000.0),
        };
        quote!(if let Some(lifetime) = #lifetime { tokens = tokens.expires_in_seconds(#seconds); })
    });
    let mutable = (refresh.is_some() || expires.is_some()).then(|| quote!(mut));
    quote! {
        impl From<#ty> for #target {
            fn from(answer: #ty) -> Self {
                let #mutable tokens = #target::new(#access);
                #refresh
                #expires
                tokens
            }
        }
    }
}

/// The value at the end of a way that must lead somewhere: without it the token is empty, which
/// the session takes for an answer that it cannot read.
fn required(way: &[Step]) -> TokenStream {
    if way.iter().all(|step| step.options == 0) {
        let names = way.iter().map(|step| ident(&step.name));
        return quote!(answer #(.#names)* .clone());
    }
    let value = optional(way);
    quote!(#value.unwrap_or_default())
}

/// The value at the end of a way, as an `Option`.
fn optional(way: &[Step]) -> TokenStream {
    let mut here = quote!(Some(&answer));
    for (at, step) in way.iter().enumerate() {
        let name = ident(&step.name);
        let inner = match step.options {
            0 => quote!(.map(|it| &it.#name)),
            1 => quote!(.and_then(|it| it.#name.as_ref())),
            _ => quote!(.and_then(|it| it.#name.as_ref().and_then(|it| it.as_ref()))),
        };
        here = match (at, step.options) {
            (0, 0) => quote!(Some(&answer.#name)),
            (0, 1) => quote!(answer.#name.as_ref()),
            (0, _) => quote!(answer.#name.as_ref().and_then(|it| it.as_ref())),
            _ => quote!(#here #inner),
        };
    }
    match way.last().map(|step| &step.ty) {
        Some(TypeRef::String) | None => quote!(#here.cloned()),
        Some(_) => quote!(#here.copied()),
    }
}
