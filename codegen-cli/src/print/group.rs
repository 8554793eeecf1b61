//! A group's file: the trait, and what belongs to its methods alone.

use super::scope::{Scope, ident};
use super::{docs, layout, trait_};
use crate::ir::{
    Argument, Group, ParamField, Params, Place, Status, StatusEnum, StatusVariant, Style,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The text of `group`'s file below its head.
pub(crate) fn text<'a>(group: &'a Group, scope: &mut Scope<'a>, further: TokenStream) -> String {
    let api = trait_::api(group, scope);
    let mut items = vec![perennial_macros_core::print::api(&api)];
    for operation in &group.operations {
        let params = group
            .params
            .iter()
            .filter(|params| params.method == operation.name);
        items.extend(params.map(|params| self::params(params, group, scope)));
    }
    items.extend(
        group
            .replies
            .iter()
            .map(|reply| statuses(reply, "ApiReply", scope)),
    );
    items.extend(
        group
            .errors
            .iter()
            .map(|error| statuses(error, "ApiError", scope)),
    );
    items.push(further);
    scope.import("perennial", "api_client");
    items.insert(0, scope.uses(true));
    let inner = docs::inner(&docs::joined(&group.doc));
    let mut text = layout::items(inner);
    for item in items.into_iter().filter(|item| !item.is_empty()) {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&layout::items(item));
    }
    text
}

fn params<'a>(params: &'a Params, group: &Group, scope: &mut Scope<'a>) -> TokenStream {
    scope.import("perennial", "Params");
    let title = if params.all_optional {
        "Optional parameters of"
    } else {
        "Parameters of"
    };
    let docs = docs::markdown(
        &format!("{} [`{}::{}`].", title, group.trait_name, params.method),
        0,
    );
    let name = ident(&params.name);
    let default = params.all_optional.then(|| quote!(Default,));
    let fields = params.fields.iter().map(|field| param_field(field, scope));
    quote! {
        #docs
        #[derive(Clone, Debug, #default Params)]
        pub struct #name { #(#fields,)* }
    }
}

fn param_field<'a>(field: &'a ParamField, scope: &mut Scope<'a>) -> TokenStream {
    let Argument {
        name, ty, required, ..
    } = &field.argument;
    let docs = docs::attributes(&field.doc, 4);
    let deprecated = field.deprecated.then(|| quote!(#[deprecated]));
    let attribute = place(&field.argument);
    let name = ident(name);
    let mut ty = scope.ty(ty);
    if !required {
        let option = scope.std("Option");
        ty = quote!(#option<#ty>);
    }
    quote!(#docs #deprecated #attribute pub #name: #ty)
}

/// Fields are query parameters under their own name unless they say otherwise.
fn place(argument: &Argument) -> Option<TokenStream> {
    let wire = &argument.wire;
    let renamed = argument.name != *wire;
    match &argument.place {
        Place::Query(Style::Form) => renamed.then(|| quote!(#[query(#wire)])),
        Place::Query(style) => {
            let style = ident(trait_::style(*style).as_str());
            let name = renamed.then(|| quote!(#wire,));
            Some(quote!(#[query(#name style = #style)]))
        }
        Place::Queries => Some(quote!(#[query(flatten)])),
        Place::Header => {
            let renamed = !argument.name.replace('_', "-").eq_ignore_ascii_case(wire);
            Some(if renamed {
                quote!(#[header(#wire)])
            } else {
                quote!(#[header])
            })
        }
        Place::Cookie => Some(if renamed {
            quote!(#[cookie(#wire)])
        } else {
            quote!(#[cookie])
        }),
        _ => None,
    }
}

fn statuses<'a>(ty: &'a StatusEnum, derive: &str, scope: &mut Scope<'a>) -> TokenStream {
    let derive = scope.import("perennial", derive);
    let docs = docs::attributes(&ty.doc, 0);
    let name = ident(&ty.name);
    let variants = ty
        .variants
        .iter()
        .map(|variant| status_variant(variant, scope));
    quote! {
        #docs
        #[derive(Clone, Debug, #derive)]
        #[non_exhaustive]
        pub enum #name { #(#variants,)* }
    }
}

fn status_variant<'a>(variant: &'a StatusVariant, scope: &mut Scope<'a>) -> TokenStream {
    let docs = docs::attributes(&variant.doc, 4);
    let status = match variant.status {
        Status::Code(code) => {
            let code = Literal::u16_unsuffixed(code);
            quote!(#code)
        }
        Status::Range(class) => {
            let class = format!("{class}XX");
            quote!(#class)
        }
        Status::Default => quote!(default),
    };
    let name = ident(&variant.name);
    let ty = variant.ty.as_ref().map(|ty| {
        let ty = scope.ty(ty);
        quote!((#ty))
    });
    quote!(#docs #[status(#status)] #name #ty)
}
