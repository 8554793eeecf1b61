//! What holds for every method, as a static.

use super::Scope;
use crate::api::{
    Auth, Envelope, Expired, Failure, Head, Header, Retry, Session, Source, Status, Timeout,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The static that all endpoints of the trait share.
pub(super) fn statics(scope: &Scope<'_>) -> TokenStream {
    let name = scope.api.ident.to_string();
    let fields = fields(&scope.api.head);
    let rest = quote!(__v1::Api::new(#name));
    let value = if fields.is_empty() {
        rest
    } else {
        quote!(__v1::Api { #(#fields,)* ..#rest })
    };
    quote!(static __API: __v1::Api = #value;)
}

/// The same, about which nothing is said.
pub(super) fn bare(scope: &Scope<'_>) -> TokenStream {
    let name = scope.api.ident.to_string();
    quote!(static __API: __v1::Api = __v1::Api::new(#name);)
}

fn fields(head: &Head) -> Vec<TokenStream> {
    let Head {
        base_url,
        path,
        auth,
        session,
        envelope,
        headers,
        timeout,
        retry,
        ..
    } = head;
    let path = path.as_ref().map(|path| path.value.to_string());
    let fields = [
        base_url
            .as_ref()
            .map(|url| quote!(base_url: ::core::option::Option::Some(#url))),
        path.map(|path| quote!(path: #path)),
        auth.as_ref()
            .map(|auth| self::auth(&auth.value))
            .map(|auth| quote!(auth: #auth)),
        session
            .as_ref()
            .map(|session| self::session(&session.value))
            .map(|session| quote!(session: ::core::option::Option::Some(#session))),
        envelope
            .as_ref()
            .map(|envelope| self::envelope(&envelope.value))
            .map(|envelope| quote!(envelope: ::core::option::Option::Some(#envelope))),
        self::headers(headers),
        timeout.and_then(|timeout| match timeout.value {
            Timeout::Never => None,
            Timeout::After(limit) => {
                let limit = duration(limit);
                Some(quote!(timeout: ::core::option::Option::Some(#limit)))
            }
        }),
        retry
            .as_ref()
            .and_then(|retry| rule(&retry.value))
            .map(|rule| quote!(retry: ::core::option::Option::Some(#rule))),
    ];
    fields.into_iter().flatten().collect()
}

pub(super) fn auth(auth: &Auth) -> TokenStream {
    match auth {
        Auth::None => quote!(__v1::Auth::None),
        Auth::Bearer => quote!(__v1::Auth::Bearer),
        Auth::Basic => quote!(__v1::Auth::Basic),
        Auth::Header { name, prefix } => {
            let (name, prefix) = (&name.value, prefix.as_deref().unwrap_or_default());
            quote!(__v1::Auth::Header { name: #name, prefix: #prefix })
        }
        Auth::Query(name) => {
            let name = &name.value;
            quote!(__v1::Auth::Query(#name))
        }
        Auth::Cookie(name) => {
            let name = &name.value;
            quote!(__v1::Auth::Cookie(#name))
        }
        Auth::All(inner) => {
            let inner = inner.iter().map(|inner| self::auth(&inner.value));
            quote!(__v1::Auth::All(&[#(#inner),*]))
        }
        Auth::Any(_) | Auth::Optional(_) => {
            let inner = auth.alternatives().into_iter().map(self::auth);
            quote!(__v1::Auth::Any(&[#(#inner),*]))
        }
    }
}

fn session(session: &Session) -> TokenStream {
    let refresh = session
        .refresh
        .map(|code| Literal::i64_unsuffixed(code.value))
        .map(|code| quote!(refresh: &[#code]));
    let expired = session.expired.map(|expired| match expired.value {
        Expired::Never => quote!(expired: __v1::Expired::Never),
        Expired::Code(code) => {
            let code = Literal::i64_unsuffixed(code);
            quote!(expired: __v1::Expired::Code(#code))
        }
    });
    let from = session.from.as_ref().map(|from| {
        let has = |source| from.value.contains(&source);
        match (has(Source::Status), has(Source::Envelope)) {
            (true, true) => quote!(from: __v1::Source::Both),
            (false, true) => quote!(from: __v1::Source::Envelope),
            _ => quote!(from: __v1::Source::Status),
        }
    });
    let fields = [refresh, expired, from].into_iter().flatten();
    quote!(__v1::SessionPolicy { #(#fields,)* ..__v1::SessionPolicy::DEFAULT })
}

fn envelope(envelope: &Envelope) -> TokenStream {
    match envelope {
        Envelope::Type(path) => quote!(__v1::EnvelopeSpec::of::<#path>()),
        Envelope::Fields {
            code,
            message,
            data,
            ok,
        } => {
            let (message, data) = (
                message.as_deref().unwrap_or_default(),
                data.as_deref().unwrap_or_default(),
            );
            let ok = ok.iter().map(|code| Literal::i64_unsuffixed(*code));
            quote!(__v1::EnvelopeSpec::fields(#code, #message, #data, &[#(#ok),*]))
        }
    }
}

pub(super) fn headers(headers: &[Header]) -> Option<TokenStream> {
    let pairs = headers.iter().map(|header| {
        let (name, value) = (&header.name.value, &header.value);
        quote!((#name, #value))
    });
    (!headers.is_empty()).then(|| quote!(headers: &[#(#pairs),*]))
}

/// `None` where nothing is tried again.
pub(super) fn rule(retry: &Retry) -> Option<TokenStream> {
    let Retry::On { max, on } = retry else {
        return None;
    };
    let max = Literal::u32_unsuffixed(max.value);
    let connect = on.iter().any(|failure| failure.value == Failure::Connect);
    let statuses = on.iter().filter_map(|failure| match failure.value {
        Failure::Connect => None,
        Failure::Status(status) => Some(range(status)),
    });
    Some(quote! {
        __v1::RetryRule { max: #max, connect: #connect, statuses: &[#(#statuses),*] }
    })
}

/// The first and the last of these statuses.
pub(super) fn range(status: Status) -> TokenStream {
    let (first, last) = status.range();
    let (first, last) = (
        Literal::u16_unsuffixed(first),
        Literal::u16_unsuffixed(last),
    );
    quote!((#first, #last))
}

pub(super) fn duration(limit: std::time::Duration) -> TokenStream {
    let milliseconds =
        Literal::u64_unsuffixed(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX));
    quote!(::core::time::Duration::from_millis(#milliseconds))
}
