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
    let rest = match body.rest.as_slice() {
        [] => TokenStream::new(),
        _ if body.default => quote!(..Self::default()),
        names => {
            let names = names.iter().map(|name| ident(name));
            quote!(#(#names: Default::default(),)*)
        }
    };
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
                Self { #token: #value, #(#with)* #rest }
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
    let access = match optional(&tokens.access) {
        Value::There(value) => value,
        // Without it the token is empty, which the session takes for an answer it cannot read.
        Value::Maybe(value) => quote!(#value.unwrap_or_default()),
    };
    let refresh = tokens
        .refresh_token
        .as_ref()
        .map(|way| match optional(way) {
            Value::There(token) => quote!(tokens = tokens.refresh_token(#token);),
            Value::Maybe(token) => {
                quote!(if let Some(token) = #token { tokens = tokens.refresh_token(token); })
            }
        });
    let expires = tokens.expires_in.as_ref().map(|way| {
        let seconds = |lifetime: TokenStream| match (way.last().map(|step| &step.ty), tokens.milliseconds) {
            (Some(TypeRef::F64), false) => lifetime,
            (_, false) => quote!(#lifetime as f64),
            (Some(TypeRef::F64), true) => quote!(#lifetime / 1000.0),
            (_, true) => quote!(#lifetime as f64 / 1000.0),
        };
        match optional(way) {
            Value::There(lifetime) => {
                let seconds = seconds(lifetime);
                quote!(tokens = tokens.expires_in_seconds(#seconds);)
            }
            Value::Maybe(lifetime) => {
                let seconds = seconds(quote!(lifetime));
                quote!(if let Some(lifetime) = #lifetime { tokens = tokens.expires_in_seconds(#seconds); })
            }
        }
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

/// The value at the end of a way.
enum Value {
    There(TokenStream),
    /// An `Option`.
    Maybe(TokenStream),
}

fn optional(way: &[Step]) -> Value {
    let Some((last, before)) = way.split_last() else {
        return Value::Maybe(quote!(None));
    };
    let name = ident(&last.name);
    if before.iter().all(|step| step.options == 0) {
        let before = before.iter().map(|step| ident(&step.name));
        let member = quote!(answer #(.#before)* .#name);
        return match last.options {
            0 => Value::There(member),
            1 => Value::Maybe(member),
            _ => Value::Maybe(quote!(#member.flatten())),
        };
    }
    // Other ways may lead through the same `Option`, so it is only looked into.
    let mut here = quote!(Some(&answer));
    for step in way {
        let name = ident(&step.name);
        let inner = match step.options {
            0 => quote!(.map(|it| &it.#name)),
            1 => quote!(.and_then(|it| it.#name.as_ref())),
            _ => quote!(.and_then(|it| it.#name.as_ref()).and_then(|it| it.as_ref())),
        };
        here = quote!(#here #inner);
    }
    Value::Maybe(quote!(#here.cloned()))
}
