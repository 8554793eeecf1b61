//! One type: struct, enum, union or tuple, with what `Model` is told about it.

use super::docs;
use super::scope::{Scope, ident};
use crate::ir::{
    Case, Enum, Field, Repr, Shape, Struct, Tagging, Tuple, Type, Union, UnionVariant, Value,
};
use crate::lower::case;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The item for `ty`.
pub(crate) fn item<'a>(ty: &'a Type, scope: &mut Scope<'a>) -> TokenStream {
    let docs = docs::attributes(&ty.doc, 0);
    let body = match &ty.shape {
        Shape::Struct(made) => structure(ty, made, scope),
        Shape::Enum(values) => values_enum(ty, values, scope),
        Shape::Union(union) => union_enum(ty, union, scope),
        Shape::Tuple(tuple) => tuple_struct(ty, tuple, scope),
    };
    quote!(#docs #body)
}

/// What goes one way only needs half the code.
fn way(ty: &Type) -> Option<TokenStream> {
    match (ty.sent, ty.received) {
        (true, false) => Some(quote!(send)),
        (false, true) => Some(quote!(receive)),
        _ => None,
    }
}

fn model(keys: &[TokenStream]) -> Option<TokenStream> {
    (!keys.is_empty()).then(|| quote!(#[model(#(#keys),*)]))
}

fn structure<'a>(ty: &'a Type, made: &'a Struct, scope: &mut Scope<'a>) -> TokenStream {
    let model_derive = scope.import("perennial", "Model");
    let default = made.default.then(|| quote!(Default,));
    let mut keys: Vec<TokenStream> = way(ty).into_iter().collect();
    if made.new {
        keys.push(quote!(new));
    }
    if !made.constants.is_empty() {
        let constants = made.constants.iter().map(|(wire, value)| {
            let value = literal(value);
            quote!(#wire = #value)
        });
        keys.push(quote!(constant(#(#constants),*)));
    }
    let keys = model(&keys);
    let rename_all = made.rename_all.map(rename_all);
    let name = ident(&ty.name);
    let fields: Vec<TokenStream> = made
        .fields
        .iter()
        .map(|one| field(one, made.rename_all, scope))
        .collect();
    let other = made.other.as_ref().map(|(name, value)| {
        let name = ident(name);
        let map = scope.import("std::collections", "BTreeMap");
        let (string, value) = (scope.std("String"), scope.ty(value));
        let docs = docs::markdown("All other members.", 4);
        quote!(#docs #[serde(flatten)] pub #name: #map<#string, #value>,)
    });
    quote! {
        #[derive(Clone, Debug, #default PartialEq, #model_derive)]
        #keys
        #rename_all
        pub struct #name { #(#fields,)* #other }
    }
}

fn field<'a>(field: &'a Field, case: Option<Case>, scope: &mut Scope<'a>) -> TokenStream {
    let docs = docs::attributes(&field.doc, 4);
    let deprecated = deprecated(field.deprecated);
    let renamed = case::field(&field.name, case) != field.wire;
    let rename = renamed.then(|| rename(&field.wire));
    let mut keys = Vec::new();
    if field.required && field.nullable {
        keys.push(quote!(nullable));
    }
    if field.read_only {
        keys.push(quote!(read_only));
    }
    let keys = model(&keys);
    let name = ident(&field.name);
    let mut ty = scope.ty(&field.ty);
    let option = scope.std("Option");
    for _ in 0..u8::from(!field.required) + u8::from(field.nullable) {
        ty = quote!(#option<#ty>);
    }
    quote!(#docs #deprecated #rename #keys pub #name: #ty)
}

fn values_enum<'a>(ty: &'a Type, values: &'a Enum, scope: &mut Scope<'a>) -> TokenStream {
    let model_derive = scope.import("perennial", "Model");
    let keys = model(&way(ty).into_iter().collect::<Vec<_>>());
    let rename_all = values.rename_all.map(rename_all);
    let variants = values.variants.iter().map(|variant| {
        let docs = docs::attributes(&variant.doc, 4);
        let deprecated = deprecated(variant.deprecated);
        let value = match &variant.value {
            Value::String(text) => {
                let renamed = case::variant(&variant.name, values.rename_all) != *text;
                renamed.then(|| rename(text))
            }
            value => {
                let value = literal(value);
                Some(quote!(#[model(constant = #value)]))
            }
        };
        let name = ident(&variant.name);
        quote!(#docs #deprecated #value #name,)
    });
    let variants: TokenStream = variants.collect();
    let raw = match values.repr {
        Repr::String => scope.std("String"),
        Repr::Integer => quote!(i64),
        Repr::Boolean => quote!(bool),
    };
    let open = values.unknown.as_ref().map(|name| {
        let docs = docs::markdown("A value that the document does not list.", 4);
        let name = ident(name);
        quote!(#docs #[model(unknown)] #name(#raw),)
    });
    let non_exhaustive = open.is_some().then(|| quote!(#[non_exhaustive]));
    let name = ident(&ty.name);
    quote! {
        #[derive(Clone, Debug, PartialEq, Eq, Hash, #model_derive)]
        #keys
        #rename_all
        #non_exhaustive
        pub enum #name { #variants #open }
    }
}

fn union_enum<'a>(ty: &'a Type, union: &'a Union, scope: &mut Scope<'a>) -> TokenStream {
    let model_derive = scope.import("perennial", "Model");
    let mut keys: Vec<TokenStream> = way(ty).into_iter().collect();
    if let Tagging::Tag {
        member,
        or_required,
    } = &union.tagging
    {
        keys.push(quote!(tag = #member));
        if *or_required {
            keys.push(quote!(or = required));
        }
    }
    let keys = model(&keys);
    let variants: Vec<TokenStream> = union
        .variants
        .iter()
        .map(|variant| union_variant(variant, scope))
        .collect();
    let open = union.unknown.as_ref().map(|name| {
        let came = if ty.received { ", as it came" } else { "" };
        let text = format!("A variant that the document does not list{came}.");
        let docs = docs::markdown(&text, 4);
        let (name, raw) = (ident(name), scope.import("perennial", "RawJson"));
        quote!(#docs #[model(unknown)] #name(#raw),)
    });
    let non_exhaustive = open.is_some().then(|| quote!(#[non_exhaustive]));
    let name = ident(&ty.name);
    quote! {
        #[derive(Clone, Debug, PartialEq, #model_derive)]
        #keys
        #non_exhaustive
        pub enum #name { #(#variants,)* #open }
    }
}

fn union_variant<'a>(variant: &'a UnionVariant, scope: &mut Scope<'a>) -> TokenStream {
    let docs = docs::attributes(&variant.doc, 4);
    let deprecated = deprecated(variant.deprecated);
    let tag = variant.tag.as_ref().map(|tag| match tag {
        Value::String(text) => rename(text),
        value => {
            let value = literal(value);
            quote!(#[model(constant = #value)])
        }
    });
    let (name, ty) = (ident(&variant.name), scope.ty(&variant.ty));
    quote!(#docs #deprecated #tag #name(#ty))
}

fn tuple_struct<'a>(ty: &'a Type, tuple: &'a Tuple, scope: &mut Scope<'a>) -> TokenStream {
    let model_derive = scope.import("perennial", "Model");
    let mut keys: Vec<TokenStream> = way(ty).into_iter().collect();
    keys.push(quote!(tuple));
    let keys = model(&keys);
    let mut items: Vec<TokenStream> = tuple.items.iter().map(|item| scope.ty(item)).collect();
    if let Some(rest) = &tuple.rest {
        let (vec, rest) = (scope.std("Vec"), scope.ty(rest));
        items.push(quote!(#vec<#rest>));
    }
    let rest = |at: usize| (at == tuple.items.len()).then(|| quote!(#[model(rest)]));
    let name = ident(&ty.name);
    let fields = items.iter().enumerate();
    // A struct of one field without a name would be that field.
    let body = if let [one] = items.as_slice() {
        let rest = rest(0);
        quote!({ #rest pub first: #one, })
    } else {
        let fields = fields.map(|(at, ty)| {
            let rest = rest(at);
            quote!(#rest pub #ty)
        });
        quote!((#(#fields),*);)
    };
    quote! {
        #[derive(Clone, Debug, PartialEq, #model_derive)]
        #keys
        pub struct #name #body
    }
}

fn deprecated(deprecated: bool) -> Option<TokenStream> {
    deprecated.then(|| quote!(#[deprecated]))
}

fn rename(wire: &str) -> TokenStream {
    quote!(#[serde(rename = #wire)])
}

fn rename_all(case: Case) -> TokenStream {
    let word = match case {
        Case::Lower => "lowercase",
        Case::Upper => "UPPERCASE",
        Case::Pascal => "PascalCase",
        Case::Camel => "camelCase",
        Case::Snake => "snake_case",
        Case::ScreamingSnake => "SCREAMING_SNAKE_CASE",
        Case::Kebab => "kebab-case",
        Case::ScreamingKebab => "SCREAMING-KEBAB-CASE",
    };
    quote!(#[serde(rename_all = #word)])
}

/// A value as an attribute holds it.
fn literal(value: &Value) -> TokenStream {
    match value {
        Value::String(text) => quote!(#text),
        Value::Boolean(value) => quote!(#value),
        Value::Integer(value) => {
            let sign = (*value < 0).then(|| quote!(-));
            let digits = Literal::u128_unsuffixed(value.unsigned_abs());
            quote!(#sign #digits)
        }
        Value::Number(text) => match text.parse::<f64>() {
            Ok(value) if value.is_finite() => {
                let sign = value.is_sign_negative().then(|| quote!(-));
                let digits = Literal::f64_unsuffixed(value.abs());
                quote!(#sign #digits)
            }
            _ => quote!(#text),
        },
    }
}
