//! What an argument does to the request.

use crate::api::{Argument, Case, Endpoint, Kind, Style};
use crate::shape;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Type, ext::IdentExt, spanned::Spanned};

/// A name that no argument of a person can stand for.
pub(super) fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// One statement per argument: path arguments in the order of the template, then the others.
pub(super) fn statements(endpoint: &Endpoint, case: Option<Case>) -> Vec<TokenStream> {
    let names = endpoint.path.iter().flat_map(|path| path.value.names());
    let placed = names.filter_map(|name| {
        endpoint
            .arguments
            .iter()
            .find(|argument| argument.kind.value == Kind::Path && argument.ident.unraw() == name)
    });
    let others = endpoint
        .arguments
        .iter()
        .filter(|argument| argument.kind.value != Kind::Path);
    placed
        .chain(others)
        .map(|argument| statement(argument, case))
        .collect()
}

/// Puts an argument into the request. Under a condition of its own it stands in a block.
pub(super) fn statement(argument: &Argument, case: Option<Case>) -> TokenStream {
    let push = push(argument, case);
    let mut conditions = super::attribute::conditions(&argument.attrs).peekable();
    if conditions.peek().is_none() {
        push
    } else {
        quote!(#(#conditions)* { #push })
    }
}

fn push(argument: &Argument, case: Option<Case>) -> TokenStream {
    let request = local("request");
    let name = argument.wire_name(case);
    let value = borrowed(&argument.ident, &argument.ty);
    match &argument.kind.value {
        Kind::Path => quote!(#request.path(#value);),
        Kind::Url => quote!(#request.url(#value);),
        Kind::Header { .. } => quote!(#request.header(#name, #value);),
        Kind::Cookie { .. } => quote!(#request.cookie(#name, #value);),
        Kind::Query { style, default, .. } => {
            let ident = &argument.ident;
            let value = default
                .as_ref()
                .map_or(value, |default| quote!(&#ident.unwrap_or(#default)));
            styled("query", *style, quote!(#name, #value))
        }
        Kind::Field { style, .. } => styled("field", *style, quote!(#name, #value)),
        Kind::Form { style } => whole(argument, |value| styled("form", *style, value)),
        Kind::Json => whole(argument, |value| quote!(#request.json(#value);)),
        Kind::Queries => whole(argument, |value| quote!(#request.query_all(#value);)),
        Kind::Params => whole(argument, |value| quote!(#request.params(#value);)),
        Kind::Body { mime } => body(argument, mime.as_ref().map(|mime| mime.value.as_str())),
    }
}

/// A reference to an argument, at the place of its type, where a type that does not fit is reported.
fn borrowed(ident: &Ident, ty: &Type) -> TokenStream {
    let ident = moved(ident, ty);
    if shape::is_reference(ty) {
        quote!(#ident)
    } else {
        quote_spanned!(ident.span()=> &#ident)
    }
}

/// An argument at the place of its type. What stands behind a reference is what may not fit.
fn moved(ident: &Ident, ty: &Type) -> Ident {
    let mut ident = ident.clone();
    ident.set_span(ident.span().located_at(shape::referent(ty).span()));
    ident
}

fn styled(method: &str, style: Style, arguments: TokenStream) -> TokenStream {
    let request = local("request");
    let variant = match style {
        Style::Form => {
            let method = format_ident!("{method}");
            return quote!(#request.#method(#arguments););
        }
        Style::Csv => quote!(Csv),
        Style::Space => quote!(Space),
        Style::Pipe => quote!(Pipe),
        Style::DeepObject => quote!(DeepObject),
    };
    let method = format_ident!("{method}_style");
    quote!(#request.#method(#arguments, __v1::Style::#variant);)
}

/// An `Option` that is `None` adds nothing at all.
fn whole(argument: &Argument, push: impl FnOnce(TokenStream) -> TokenStream) -> TokenStream {
    let ident = &argument.ident;
    let Some(inner) = shape::inside(&argument.ty, "Option") else {
        return push(borrowed(ident, &argument.ty));
    };
    let value = local("value");
    let push = push(borrowed(&value, inner));
    quote!(if let ::core::option::Option::Some(#value) = #ident { #push })
}

fn body(argument: &Argument, mime: Option<&str>) -> TokenStream {
    let (request, ident) = (local("request"), &argument.ident);
    let inner = shape::inside(&argument.ty, "Option");
    let text = shape::is_text(inner.unwrap_or(&argument.ty));
    let mime = mime.unwrap_or(if text {
        "text/plain; charset=utf-8"
    } else {
        "application/octet-stream"
    });
    if inner.is_none() {
        let ident = moved(ident, &argument.ty);
        return quote!(#request.body(#ident, #mime););
    }
    let value = local("value");
    quote!(if let ::core::option::Option::Some(#value) = #ident { #request.body(#value, #mime); })
}
