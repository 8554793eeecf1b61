//! The model as an annotated trait: what [`parse`](crate::parse) reads, written.

mod key;

use crate::api::{Api, Argument, At, Endpoint, Kind, Method, Provided, Spelling, Style, Verb};
use key::{head_keys, option_keys, text_key};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Attribute;

/// Writes the trait, `#[api_client(…)]` included.
pub fn api(api: &Api) -> TokenStream {
    let Api {
        attrs,
        vis,
        ident,
        supertraits,
        where_clause,
        head,
        methods,
    } = api;
    let (docs, others) = attrs.split_at(leading_docs(attrs));
    let attribute = attribute("api_client", head_keys(head));
    let colon = (!supertraits.is_empty()).then(|| quote!(:));
    let methods = methods.iter().map(|method| match method {
        Method::Endpoint(endpoint) => self::endpoint(endpoint),
        Method::Provided(provided) => self::provided(provided),
    });
    quote! {
        #(#docs)* #attribute #(#others)*
        #vis trait #ident #colon #supertraits #where_clause { #(#methods)* }
    }
}

/// The attribute stands below the documentation and above all else.
fn leading_docs(attrs: &[Attribute]) -> usize {
    attrs
        .iter()
        .take_while(|attr| attr.path().is_ident("doc"))
        .count()
}

fn attribute(name: &str, arguments: Vec<TokenStream>) -> TokenStream {
    let name = word(name);
    if arguments.is_empty() {
        quote!(#[#name])
    } else {
        quote!(#[#name(#(#arguments),*)])
    }
}

fn word(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

fn endpoint(endpoint: &Endpoint) -> TokenStream {
    let Endpoint {
        attrs,
        ident,
        generics,
        receiver,
        arguments,
        reply,
        ..
    } = endpoint;
    let (docs, others) = attrs.split_at(leading_docs(attrs));
    let verb = verb(endpoint);
    let arguments = arguments.iter().map(argument);
    let where_clause = &generics.where_clause;
    let (path, value) = (&reply.path, &reply.value);
    let error = reply.error.iter();
    let asyncness = (reply.spelling == Spelling::Async).then(|| quote!(async));
    quote! {
        #(#docs)* #verb #(#others)*
        #asyncness fn #ident #generics(#receiver #(, #arguments)*) -> #path<#value #(, #error)*> #where_clause;
    }
}

fn verb(endpoint: &Endpoint) -> TokenStream {
    let verb = &endpoint.verb.value;
    let attribute_name = Verb::ALL
        .iter()
        .find(|(_, known, _)| known == verb)
        .map_or("request", |(name, _, _)| name);
    let name = match verb {
        Verb::Other(name) => Some(name.to_token_stream()),
        _ => None,
    };
    let path = endpoint
        .path
        .as_ref()
        .map(|path| path.value.to_string().to_token_stream());
    attribute(
        attribute_name,
        name.into_iter()
            .chain(path)
            .chain(option_keys(&endpoint.options))
            .collect(),
    )
}

fn argument(argument: &Argument) -> TokenStream {
    let Argument {
        attrs,
        kind,
        ident,
        ty,
    } = argument;
    let kind = self::kind(&kind.value);
    quote!(#kind #(#attrs)* #ident: #ty)
}

fn kind(kind: &Kind) -> Option<TokenStream> {
    let (name, keys) = match kind {
        Kind::Path => return None,
        Kind::Url => ("url", vec![]),
        Kind::Query {
            name,
            style,
            default,
        } => {
            let default = default.as_ref().map(|value| quote!(default = #value));
            (
                "query",
                name_key(name)
                    .chain(style_key(*style))
                    .chain(default)
                    .collect(),
            )
        }
        Kind::Queries => ("query", vec![quote!(flatten)]),
        Kind::Params => ("params", vec![]),
        Kind::Header { name } => ("header", name_key(name).collect()),
        Kind::Cookie { name } => ("cookie", name_key(name).collect()),
        Kind::Json => ("json", vec![]),
        Kind::Form { style } => ("form", style_key(*style).into_iter().collect()),
        Kind::Field { name, style } => ("field", name_key(name).chain(style_key(*style)).collect()),
        Kind::Body { mime } => (
            "body",
            mime.iter()
                .map(|mime| text_key("mime", &mime.value))
                .collect(),
        ),
    };
    Some(attribute(name, keys))
}

fn name_key(name: &Option<At<String>>) -> impl Iterator<Item = TokenStream> {
    name.iter().map(|name| name.value.to_token_stream())
}

fn style_key(style: Style) -> Option<TokenStream> {
    let name = word(style.as_str());
    (style != Style::Form).then(|| quote!(style = #name))
}

fn provided(provided: &Provided) -> TokenStream {
    let Provided { attrs, sig, body } = provided;
    quote!(#(#attrs)* #sig #body)
}
