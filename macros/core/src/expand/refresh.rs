//! The endpoint through which a session renews itself.

use super::Scope;
use super::attribute::conditions;
use super::decode::choice;
use super::endpoint::name;
use super::statement::{local, statement};
use crate::api::{Argument, Endpoint, Kind};
use crate::{check, shape};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Type, spanned::Spanned};

/// The `REFRESH` constant, and what gives it to the builder.
pub(super) struct Refresh {
    pub(super) constant: TokenStream,
    pub(super) step: TokenStream,
}

pub(super) fn refresh(scope: &Scope<'_>, endpoint: &Endpoint) -> Option<Refresh> {
    let token = check::token_argument(endpoint)?;
    let conditions: Vec<_> = conditions(&endpoint.attrs).collect();
    let (vis, ident, name) = (&scope.api.vis, &endpoint.ident, name(endpoint));
    let (fill, read) = (fill(scope, endpoint, token), read(endpoint));
    let doc =
        format!(" The method through which a session renews itself: [`{ident}`](Self::{ident}).");
    Some(Refresh {
        constant: quote! {
            #(#conditions)*
            #[doc = #doc]
            #vis const REFRESH: __v1::RefreshEndpoint = __v1::RefreshEndpoint::new(&#name, #fill, #read);
        },
        step: quote!(#(#conditions)* let builder = builder.__refresh(Self::REFRESH);),
    })
}

/// Puts the refresh token, and nothing else that the session does not know, into a request.
fn fill(scope: &Scope<'_>, endpoint: &Endpoint, token: &Argument) -> TokenStream {
    let case = scope.api.head.rename_all.map(|at| at.value);
    let (request, text) = (local("request"), local("token"));
    let statements = endpoint.arguments.iter().filter_map(|argument| {
        let Argument { ident, ty, .. } = argument;
        let value = match &argument.kind.value {
            _ if std::ptr::eq(argument, token) => made(ty),
            Kind::Params => {
                let ty = shape::referent(ty);
                quote!(&<#ty as ::core::default::Default>::default())
            }
            Kind::Query {
                default: Some(_), ..
            } => quote!(::core::option::Option::None),
            _ => return None,
        };
        let push = statement(argument, case);
        let ty = (!matches!(ty, Type::ImplTrait(_))).then(|| quote!(: #ty));
        Some(quote!(let #ident #ty = #value; #push))
    });
    quote! {
        |#request: &mut __v1::Request, #text: &str| {
            #(#statements)*
        }
    }
}

/// The refresh token as the argument's type.
fn made(ty: &Type) -> TokenStream {
    let text = local("token");
    let referent = shape::referent(ty);
    if shape::is(referent, "str") || matches!(referent, Type::ImplTrait(_)) {
        return quote!(#text);
    }
    let borrow = shape::is_reference(ty).then(|| quote!(&));
    quote_spanned!(ty.span()=> #borrow <#referent as ::core::convert::From<::std::string::String>>::from(#text.into()))
}

fn read(endpoint: &Endpoint) -> TokenStream {
    let (value, choice) = (&endpoint.reply.value, choice(endpoint));
    quote_spanned!(value.span()=> |reply| #choice.tokens::<#value>(reply))
}
