//! The model as an annotated trait: what [`parse`](crate::parse) reads, written.

use crate::api::{
    Api, Argument, At, Auth, Case, Decode, Endpoint, Envelope, Expired, Head, Header, Kind, Method,
    Options, Provided, Session, Source, Spelling, Status, Style, Timeout, Verb,
};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};
use std::time::Duration;
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

fn list(name: &str, items: Vec<TokenStream>) -> Option<TokenStream> {
    let name = word(name);
    (!items.is_empty()).then(|| quote!(#name(#(#items),*)))
}

fn head_keys(head: &Head) -> Vec<TokenStream> {
    let Head {
        base_url,
        path,
        auth,
        session,
        envelope,
        headers,
        timeout,
        rename_all,
        runtime,
    } = head;
    let keys = [
        base_url.as_ref().map(|url| quote!(base_url = #url)),
        path.as_ref()
            .map(|path| text_key("path", &path.value.to_string())),
        auth.as_ref().map(auth_key),
        session.as_ref().map(|session| session_key(&session.value)),
        envelope
            .as_ref()
            .map(|envelope| envelope_key(&envelope.value)),
        list("headers", headers.iter().map(header).collect()),
        timeout.map(timeout_key),
        rename_all.and_then(case_key),
        runtime.as_ref().map(|path| quote!(crate = #path)),
    ];
    keys.into_iter().flatten().collect()
}

fn text_key(name: &str, text: &str) -> TokenStream {
    let name = word(name);
    quote!(#name = #text)
}

fn auth_key(auth: &At<Auth>) -> TokenStream {
    let scheme = scheme(&auth.value);
    quote!(auth = #scheme)
}

fn scheme(auth: &Auth) -> TokenStream {
    match auth {
        Auth::None => quote!(none),
        Auth::Bearer => quote!(bearer),
        Auth::Basic => quote!(basic),
        Auth::Header { name, prefix } => {
            let name = &name.value;
            let prefix = prefix.iter().map(|prefix| quote!(, prefix = #prefix));
            quote!(header(#name #(#prefix)*))
        }
        Auth::Optional(inner) => {
            let inner = scheme(inner);
            quote!(optional(#inner))
        }
    }
}

fn session_key(session: &Session) -> TokenStream {
    let number = |code: i64| Literal::i64_unsuffixed(code);
    let keys = [
        session
            .refresh
            .map(|code| (code.value, "refresh"))
            .map(|(code, name)| {
                let (name, code) = (word(name), number(code));
                quote!(#name = #code)
            }),
        session.expired.map(|expired| match expired.value {
            Expired::Never => quote!(expired = none),
            Expired::Code(code) => {
                let code = number(code);
                quote!(expired = #code)
            }
        }),
        session.from.as_ref().map(|sources| {
            let words = sources.value.iter().map(|source| match source {
                Source::Status => word("status"),
                Source::Envelope => word("envelope"),
            });
            quote!(from = [#(#words),*])
        }),
    ];
    let keys = keys.into_iter().flatten();
    quote!(session(#(#keys),*))
}

fn envelope_key(envelope: &Envelope) -> TokenStream {
    match envelope {
        Envelope::Type(path) => quote!(envelope = #path),
        Envelope::Fields {
            code,
            message,
            data,
            ok,
        } => {
            let message = message.iter().map(|message| text_key("message", message));
            let data = data.iter().map(|data| text_key("data", data));
            let ok = ok.iter().map(|code| Literal::i64_unsuffixed(*code));
            let keys = message.chain(data);
            quote!(envelope(code = #code, #(#keys,)* ok = [#(#ok),*]))
        }
    }
}

fn header(header: &Header) -> TokenStream {
    let (name, value) = (&header.name.value, &header.value);
    quote!(#name = #value)
}

fn timeout_key(timeout: At<Timeout>) -> TokenStream {
    match timeout.value {
        Timeout::Never => quote!(timeout = none),
        Timeout::After(limit) => text_key("timeout", &duration(limit)),
    }
}

/// In the largest unit that divides it; finer than a millisecond there is none.
fn duration(limit: Duration) -> String {
    let whole = limit.as_millis();
    if whole % 1000 == 0 {
        format!("{}s", whole / 1000)
    } else {
        format!("{whole}ms")
    }
}

fn case_key(case: At<Case>) -> Option<TokenStream> {
    let (name, _) = Case::ALL.iter().find(|(_, known)| *known == case.value)?;
    Some(text_key("rename_all", name))
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

fn option_keys(options: &Options) -> Vec<TokenStream> {
    let Options {
        refresh,
        auth,
        ok,
        none,
        decode,
        replay,
        timeout,
        headers,
        allow_body,
    } = options;
    let keys = [
        refresh.is_set().then(|| quote!(refresh)),
        auth.as_ref().map(auth_key),
        list("ok", ok.iter().map(|at| status(at.value)).collect()),
        list(
            "none",
            none.iter()
                .map(|at| status(Status::Code(at.value)))
                .collect(),
        ),
        decode.as_ref().map(|at| decode_key(&at.value)),
        replay.map(|_| quote!(replay = never)),
        timeout.map(timeout_key),
        list("headers", headers.iter().map(header).collect()),
        allow_body.is_set().then(|| quote!(allow_body)),
    ];
    keys.into_iter().flatten().collect()
}

fn status(status: Status) -> TokenStream {
    match status {
        Status::Code(code) => Literal::u16_unsuffixed(code).to_token_stream(),
        Status::Class(class) => format!("{class}XX").to_token_stream(),
    }
}

fn decode_key(decode: &Decode) -> TokenStream {
    match decode {
        Decode::Json => quote!(decode = json),
        Decode::Text => quote!(decode = text),
        Decode::Bytes => quote!(decode = bytes),
        Decode::JsonOrText => quote!(decode = json_or_text),
        Decode::With(path) => quote!(decode = #path),
    }
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
