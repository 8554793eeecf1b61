//! `#[model(new)]`: a constructor from what is required.

use super::super::types;
use super::container::{Container, Fallback};
use super::member::Member;
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn expand(container: &Container<'_>, members: &[Member<'_>]) -> TokenStream {
    let (ident, vis) = (&container.item.ident, &container.item.vis);
    let (before, after, clause) = container.item.generics.split_for_impl();
    let (required, rest): (Vec<_>, Vec<_>) = members
        .iter()
        .partition(|member| member.is_required(container));
    let arguments = required.iter().map(|member| {
        let (ident, ty) = (member.ident, member.ty);
        match types::is(ty, "String") {
            true => quote!(#ident: impl ::core::convert::Into<#ty>),
            false => quote!(#ident: #ty),
        }
    });
    let given = required.iter().map(|member| {
        let ident = member.ident;
        match types::is(member.ty, "String") {
            true => quote!(#ident: #ident.into()),
            false => quote!(#ident),
        }
    });
    let rest = rest.iter().map(|member| {
        let ident = member.ident;
        match &member.default {
            Some(Fallback::Call(path)) => quote!(#ident: #path()),
            _ => quote!(#ident: ::core::default::Default::default()),
        }
    });
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #before #ident #after #clause {
            /// Makes one of what is required; the rest is absent.
            #[must_use]
            #[allow(clippy::too_many_arguments)]
            #vis fn new(#(#arguments),*) -> Self {
                Self { #(#given,)* #(#rest,)* }
            }
        }
    }
}
