//! The trait around the methods: attributes, name, supertraits.

use super::raw::braces;
use crate::mistake::{Mistakes, Place};
use proc_macro2::TokenStream;
use syn::{
    Attribute, Generics, Ident, Token, TypeParamBound, Visibility, WhereClause,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
    token,
};

/// A trait whose body is still tokens.
pub(super) struct Item {
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) ident: Ident,
    pub(super) generics: Generics,
    pub(super) supertraits: Punctuated<TypeParamBound, Token![+]>,
    pub(super) where_clause: Option<WhereClause>,
    pub(super) body: TokenStream,
}

impl Item {
    /// Reads a trait; if it is none, says so and gives nothing.
    pub(super) fn read(tokens: &TokenStream, mistakes: &mut Mistakes) -> Option<Self> {
        let parser = |input: ParseStream<'_>| {
            let item = Item::parse(input, mistakes)?;
            input.parse::<TokenStream>()?;
            Ok(item)
        };
        match parser.parse2(tokens.clone()) {
            Ok(Some(item)) => Some(item),
            Ok(None) => {
                not_a_trait(tokens, mistakes);
                None
            }
            Err(error) => {
                mistakes.add(error.span(), error.to_string());
                None
            }
        }
    }

    fn parse(input: ParseStream<'_>, mistakes: &mut Mistakes) -> syn::Result<Option<Self>> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let unsafety: Option<Token![unsafe]> = input.parse()?;
        if !input.peek(Token![trait]) {
            input.parse::<TokenStream>()?;
            return Ok(None);
        }
        if let Some(unsafety) = unsafety {
            mistakes
                .add(unsafety.span, "an api trait is not `unsafe`")
                .help("remove the word");
        }
        input.parse::<Token![trait]>()?;
        let ident = input.parse()?;
        let generics: Generics = input.parse()?;
        if let Some(first) = generics.params.first() {
            let kind = match first {
                syn::GenericParam::Lifetime(_) => "lifetime",
                _ => "type",
            };
            mistakes
                .add(
                    Place::of(&generics.params),
                    format!("an api trait takes no {kind} parameters, since its client has none"),
                )
                .help("methods may take type parameters");
        }
        let supertraits = supertraits(input)?;
        let where_clause = input.parse()?;
        let body = input.call(braces)?.stream();
        Ok(Some(Self {
            attrs,
            vis,
            ident,
            generics,
            supertraits,
            where_clause,
            body,
        }))
    }
}

fn supertraits(input: ParseStream<'_>) -> syn::Result<Punctuated<TypeParamBound, Token![+]>> {
    let mut bounds = Punctuated::new();
    if input.parse::<Option<Token![:]>>()?.is_none() {
        return Ok(bounds);
    }
    while !input.peek(Token![where]) && !input.peek(token::Brace) {
        bounds.push_value(input.parse()?);
        if !input.peek(Token![+]) {
            break;
        }
        bounds.push_punct(input.parse()?);
    }
    Ok(bounds)
}

/// `automock` above the attribute hands it the mock's `impl` beside the trait.
fn not_a_trait(tokens: &TokenStream, mistakes: &mut Mistakes) {
    let trees = tokens.clone().into_iter();
    let item = [
        "impl", "struct", "enum", "mod", "fn", "union", "type", "const", "static", "use",
    ];
    let found = trees
        .into_iter()
        .find(|tree| item.contains(&tree.to_string().as_str()));
    let (place, what) = match &found {
        Some(tree) => (tree.span().into(), format!("`{tree}`")),
        None => (Place::of(tokens), "something else".to_owned()),
    };
    mistakes
        .add(
            place,
            format!("`#[api_client]` goes on a trait, found {what}"),
        )
        .help("`#[automock]` stands below `#[api_client]`, where it sees the finished trait");
}
