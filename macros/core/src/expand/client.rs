//! The client: a type with the trait's methods as its own, and the trait on top.

use super::attribute::{conditions, shown, silence};
use super::{Scope, endpoint, head, method, refresh};
use crate::api::{Endpoint, Method, Spelling};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

pub(super) fn client(scope: &Scope<'_>) -> TokenStream {
    let api = scope.api;
    let (client, trait_, v1, silence) = (&scope.client, &api.ident, &scope.v1, silence());
    let statics = api
        .endpoints()
        .map(|endpoint| endpoint::statics(scope, endpoint));
    let inherent = api.methods.iter().map(|method| match method {
        Method::Endpoint(endpoint) => Some(method::inherent(scope, endpoint)),
        Method::Provided(provided) => method::provided(scope, provided),
    });
    let delegated = api
        .endpoints()
        .map(|endpoint| method::delegated(scope, endpoint));
    let refresh = api
        .endpoints()
        .filter(|endpoint| endpoint.options.refresh.is_set());
    let refresh: Vec<_> = refresh
        .filter_map(|endpoint| refresh::refresh(scope, endpoint))
        .collect();
    let constants = refresh.iter().map(|refresh| &refresh.constant);
    let steps = refresh.iter().map(|refresh| &refresh.step);
    let (structure, common) = (structure(scope), common(scope, quote!(#(#steps)*)));
    let (shared, results) = (head::statics(scope), results(scope));
    let conversion = conversion(client);
    let conditions = conditions(&api.attrs);
    quote! {
        #structure
        #(#conditions)*
        #silence
        const _: () = {
            use #v1::{self, OrJson as _};
            #shared
            #(#statics)*
            impl #client {
                #(#constants)*
                #common
                #(#inherent)*
            }
            impl #trait_ for #client {
                #(#delegated)*
            }
            #conversion
            #results
        };
    }
}

/// The type, with the trait's documentation.
pub(super) fn structure(scope: &Scope<'_>) -> TokenStream {
    let (api, client, v1) = (scope.api, &scope.client, &scope.v1);
    let (attrs, vis) = (shown(&api.attrs), &api.vis);
    let gap = api
        .attrs
        .iter()
        .any(|attr| attr.path().is_ident("doc"))
        .then(|| quote!(#[doc = ""]));
    let doc = format!(" The client of [`{}`]; cheap to clone.", api.ident);
    quote! {
        #(#attrs)*
        #gap
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #[allow(dead_code)]
        #vis struct #client {
            client: #v1::Client,
        }
    }
}

/// What every client has. A method of the trait by the same name comes first.
pub(super) fn common(scope: &Scope<'_>, steps: TokenStream) -> TokenStream {
    let vis = &scope.api.vis;
    let functions = [
        (
            "builder",
            quote! {
                #[doc = " Starts from what the trait says: base URL, headers, timeout, the rules of its session."]
                #vis fn builder() -> __v1::Builder<Self> {
                    let builder = __v1::Builder::__api(&__API, |client| Self { client });
                    #steps
                    builder
                }
            },
        ),
        (
            "new",
            quote! {
                #[doc = " Shares the connection pool and the session of `client` with whatever else uses them."]
                #vis fn new(client: __v1::Client) -> Self {
                    Self { client }
                }
            },
        ),
        (
            "client",
            quote! {
                #[doc = " The client that sends."]
                #vis fn client(&self) -> &__v1::Client {
                    &self.client
                }
            },
        ),
    ];
    let taken = |name: &str| scope.api.methods.iter().any(|method| ident(method) == name);
    functions
        .into_iter()
        .filter(|(name, _)| !taken(name))
        .map(|(_, function)| function)
        .collect()
}

/// What `new` does, for generic code, and for a trait with a method of that name.
pub(super) fn conversion(client: &Ident) -> TokenStream {
    quote! {
        impl ::core::convert::From<__v1::Client> for #client {
            fn from(client: __v1::Client) -> Self {
                Self { client }
            }
        }
    }
}

fn ident(method: &Method) -> &Ident {
    match method {
        Method::Endpoint(endpoint) => &endpoint.ident,
        Method::Provided(provided) => &provided.sig.ident,
    }
}

/// `Result` of an `async fn` is the runtime's: said once for each spelling, at the first use of it.
pub(super) fn results(scope: &Scope<'_>) -> Option<TokenStream> {
    let mut paths: Vec<&syn::Path> = Vec::new();
    let spelt = scope
        .api
        .endpoints()
        .filter(|endpoint| endpoint.reply.spelling == Spelling::Async);
    for Endpoint { reply, .. } in spelt {
        let named = reply
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == "Result");
        if named && !paths.contains(&&reply.path) {
            paths.push(&reply.path);
        }
    }
    let checks = paths
        .iter()
        .map(|path| quote_spanned!(path.span()=> __v1::is_result::<#path<(), __v1::ApiError>>();));
    (!paths.is_empty()).then(|| quote!(const _: fn() = || { #(#checks)* };))
}
