//! What is known of a method before it is called, as a static.

use super::attribute::conditions;
use super::head::{auth, duration, headers, range, rule};
use super::signature::is_generic;
use super::{Scope, label};
use crate::api::{At, Auth, Endpoint, Options, Status, Timeout};
use crate::shape;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Type, ext::IdentExt};

/// The name of a method's static.
pub(super) fn name(endpoint: &Endpoint) -> Ident {
    format_ident!("__{}", endpoint.ident.unraw(), span = Span::call_site())
}

pub(super) fn statics(scope: &Scope<'_>, endpoint: &Endpoint) -> TokenStream {
    let conditions: Vec<_> = conditions(&endpoint.attrs).collect();
    let name = name(endpoint);
    let label = label(scope, endpoint);
    let verb = endpoint.verb.value.as_str();
    let path = endpoint
        .path
        .as_ref()
        .map(|path| path.value.to_string())
        .unwrap_or_default();
    let fields = fields(endpoint);
    let rest = quote!(__v1::Endpoint::new(&__API, #label, #verb, #path));
    let value = if fields.is_empty() {
        rest
    } else {
        quote!(__v1::Endpoint { #(#fields,)* ..#rest })
    };
    let disjoint = disjoint(endpoint).map(|check| quote!(#(#conditions)* #check));
    quote! {
        #(#conditions)*
        static #name: __v1::Endpoint = #value;
        #disjoint
    }
}

fn fields(endpoint: &Endpoint) -> Vec<TokenStream> {
    let Options {
        refresh,
        auth: scheme,
        ok,
        none,
        replay,
        timeout,
        retry,
        headers: fixed,
        ..
    } = &endpoint.options;
    let scheme = match scheme {
        Some(scheme) => Some(auth(&scheme.value)),
        None => refresh.is_set().then(|| auth(&Auth::None)),
    };
    let ranges = ok.iter().map(|status| range(status.value));
    let none = none
        .iter()
        .map(|status| Literal::u16_unsuffixed(status.value))
        .collect::<Vec<_>>();
    let fields = [
        scheme.map(|scheme| quote!(auth: #scheme)),
        (!ok.is_empty()).then(|| quote!(ok: &[#(#ranges),*])),
        (!none.is_empty()).then(|| quote!(none: &[#(#none),*])),
        own(ok),
        headers(fixed),
        timeout.map(|timeout| match timeout.value {
            Timeout::Never => quote!(timeout: __v1::Timeout::Never),
            Timeout::After(limit) => {
                let limit = duration(limit);
                quote!(timeout: __v1::Timeout::After(#limit))
            }
        }),
        retry.as_ref().map(|retry| match rule(&retry.value) {
            None => quote!(retry: __v1::Retry::Never),
            Some(rule) => quote!(retry: __v1::Retry::On(#rule)),
        }),
        replay.map(|_| quote!(replay: false)),
        refresh.is_set().then(|| quote!(refresh: true)),
    ];
    fields.into_iter().flatten().collect()
}

/// Statuses that mean what the method says, not what the session says. Those that its error has a
/// variant for are known to `Call` already.
fn own(ok: &[At<Status>]) -> Option<TokenStream> {
    let codes = ok.iter().filter_map(|status| match status.value {
        Status::Code(code) => Some(Literal::u16_unsuffixed(code)),
        Status::Class(_) => None,
    });
    let mut codes = codes.peekable();
    codes.peek().is_some().then(|| quote!(own: &[#(#codes),*]))
}

/// An error type of the method's own; a constant cannot name one that stands for a parameter.
fn typed_error(endpoint: &Endpoint) -> Option<&Type> {
    let error = endpoint.reply.error.as_ref()?;
    (!is_generic(&endpoint.generics) && !shape::is(error, "ApiError")).then_some(error)
}

/// `none(404)` beside a variant for 404: only the compiler knows the variants.
fn disjoint(endpoint: &Endpoint) -> Option<TokenStream> {
    let error = typed_error(endpoint)?;
    let checks = endpoint.options.none.iter().map(|none| {
        let (code, span) = (Literal::u16_unsuffixed(none.value), none.span);
        let message = format!(
            "`none({0})` stands beside an error type with a variant for {0}",
            none.value
        );
        quote_spanned! {span=>
            const _: () = {
                let claims = <#error as __v1::FromStatus>::CLAIMS;
                let mut at = 0;
                while at < claims.len() {
                    ::core::assert!(claims[at] != #code, #message);
                    at += 1;
                }
            };
        }
    });
    let checks: Vec<_> = checks.collect();
    (!checks.is_empty()).then(|| quote!(#(#checks)*))
}
