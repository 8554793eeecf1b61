//! The struct or enum that a derive is given.

use super::mistakes::Mistakes;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Attribute, Field, Fields, Generics, Ident, Item as Syntax, Path, Variant, Visibility};

/// A struct or an enum.
pub(super) struct Item {
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) ident: Ident,
    pub(super) generics: Generics,
    pub(super) data: Data,
}

/// What it holds.
pub(super) enum Data {
    Struct(Fields),
    Enum(Vec<Variant>),
}

/// Parses the item; another kind of item is a mistake.
pub(super) fn parse(tokens: TokenStream, mistakes: &mut Mistakes) -> Option<Item> {
    match mistakes.ok(syn::parse2(tokens))? {
        Syntax::Struct(item) if item.fields.iter().any(is_unnamed) => {
            mistakes.over(item.fields, "a member needs a name, and `_` is none");
            None
        }
        Syntax::Struct(item) => Some(Item {
            attrs: item.attrs,
            vis: item.vis,
            ident: item.ident,
            generics: item.generics,
            data: Data::Struct(item.fields),
        }),
        Syntax::Enum(item) => Some(Item {
            attrs: item.attrs,
            vis: item.vis,
            ident: item.ident,
            generics: item.generics,
            data: Data::Enum(item.variants.into_iter().collect()),
        }),
        Syntax::Union(item) => {
            mistakes.at(
                item.union_token.span,
                "a `union` cannot be derived for; an enum with a variant for each type can",
            );
            None
        }
        other => {
            mistakes.over(other, "expected a struct or an enum");
            None
        }
    }
}

fn is_unnamed(field: &Field) -> bool {
    field.ident.as_ref().is_some_and(|ident| ident == "_")
}

/// The hidden module of the runtime that expansions reach.
pub(super) fn hidden(runtime: Option<&Path>) -> TokenStream {
    match runtime {
        Some(path) => quote!(#path::__v1),
        None => quote!(::perennial::__v1),
    }
}

impl Item {
    /// The generics with a bound on each type parameter: in front of `impl`, after the name, and
    /// the `where` clause.
    pub(super) fn generics(&self, extra: Option<TokenStream>, bound: &TokenStream) -> Bounded {
        if self.generics.params.is_empty() && self.generics.where_clause.is_none() {
            let before = extra.map(|extra| quote!(<#extra>)).unwrap_or_default();
            return Bounded {
                before,
                after: TokenStream::new(),
                clause: TokenStream::new(),
            };
        }
        let mut generics = self.generics.clone();
        for parameter in generics.type_params_mut() {
            parameter
                .bounds
                .push(syn::TypeParamBound::Verbatim(bound.clone()));
        }
        let extra = extra.map(|extra| quote!(#extra,));
        let (_, after, clause) = self.generics.split_for_impl();
        let params = generics.params.iter().map(|parameter| {
            let mut parameter = parameter.clone();
            match &mut parameter {
                syn::GenericParam::Type(parameter) => {
                    parameter.default = None;
                }
                syn::GenericParam::Const(parameter) => {
                    parameter.default = None;
                }
                syn::GenericParam::Lifetime(_) => {}
            }
            quote!(#parameter)
        });
        Bounded {
            before: quote!(<#extra #(#params),*>),
            after: quote!(#after),
            clause: quote!(#clause),
        }
    }

    /// Where the name stands.
    pub(super) fn span(&self) -> Span {
        self.ident.span()
    }
}

/// Generics in the three places of an `impl`.
pub(super) struct Bounded {
    pub(super) before: TokenStream,
    pub(super) after: TokenStream,
    pub(super) clause: TokenStream,
}
