//! The keys of the attributes, each as it is written.

use super::word;
use crate::api::{
    At, Auth, Case, Decode, Envelope, Expired, Failure, Head, Header, Options, Retry, Session,
    Source, Status, Timeout,
};
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use std::time::Duration;

fn list(name: &str, items: Vec<TokenStream>) -> Option<TokenStream> {
    let name = word(name);
    (!items.is_empty()).then(|| quote!(#name(#(#items),*)))
}

pub(super) fn head_keys(head: &Head) -> Vec<TokenStream> {
    let Head {
        base_url,
        path,
        auth,
        session,
        envelope,
        headers,
        timeout,
        retry,
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
        retry.as_ref().map(|retry| retry_key(&retry.value)),
        rename_all.and_then(case_key),
        runtime.as_ref().map(|path| quote!(crate = #path)),
    ];
    keys.into_iter().flatten().collect()
}

pub(super) fn text_key(name: &str, text: &str) -> TokenStream {
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
        Auth::Query(name) => {
            let name = &name.value;
            quote!(query(#name))
        }
        Auth::Cookie(name) => {
            let name = &name.value;
            quote!(cookie(#name))
        }
        Auth::All(inner) => {
            let inner = inner.iter().map(|inner| scheme(&inner.value));
            quote!(all(#(#inner),*))
        }
        Auth::Any(inner) => {
            let inner = inner.iter().map(|inner| scheme(&inner.value));
            quote!(any(#(#inner),*))
        }
        Auth::Optional(inner) => {
            let inner = scheme(inner);
            quote!(optional(#inner))
        }
    }
}

fn session_key(session: &Session) -> TokenStream {
    let refresh = session
        .refresh
        .map(|code| Literal::i64_unsuffixed(code.value));
    let refresh = refresh.map(|code| quote!(refresh = #code));
    let expired = session.expired.map(|expired| match expired.value {
        Expired::Never => quote!(expired = none),
        Expired::Code(code) => {
            let code = Literal::i64_unsuffixed(code);
            quote!(expired = #code)
        }
    });
    let from = session.from.as_ref().map(|sources| {
        let words = sources.value.iter().map(|source| match source {
            Source::Status => word("status"),
            Source::Envelope => word("envelope"),
        });
        quote!(from = [#(#words),*])
    });
    let keys = [refresh, expired, from].into_iter().flatten();
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

fn retry_key(retry: &Retry) -> TokenStream {
    match retry {
        Retry::Never => quote!(retry = none),
        Retry::On { max, on } => {
            let max = Literal::u32_unsuffixed(max.value);
            let on = on.iter().map(|failure| match failure.value {
                Failure::Connect => quote!(connect),
                Failure::Status(status) => self::status(status),
            });
            quote!(retry(max = #max, on = [#(#on),*]))
        }
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

pub(super) fn option_keys(options: &Options) -> Vec<TokenStream> {
    let Options {
        refresh,
        auth,
        ok,
        none,
        decode,
        replay,
        timeout,
        retry,
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
        retry.as_ref().map(|retry| retry_key(&retry.value)),
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
