//! A method as written, before its attributes mean anything.

use super::entry;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, FnArg, Ident, ReturnType, Signature, Token, Visibility,
    parse::{Parse, ParseStream, Parser},
};

/// A method as written: attributes, signature, and the body as tokens.
pub(crate) struct Raw {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: Option<TokenStream>,
}

impl Parse for Raw {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let (vis, sig) = (input.parse()?, input.parse()?);
        let body = if input.parse::<Option<Token![;]>>()?.is_some() {
            None
        } else {
            Some(input.call(braces)?.into_token_stream())
        };
        Ok(Self {
            attrs,
            vis,
            sig,
            body,
        })
    }
}

/// All methods of a body in which there is nothing else.
pub(super) fn methods(input: ParseStream<'_>) -> syn::Result<Vec<Raw>> {
    let mut methods = Vec::new();
    while !input.is_empty() {
        methods.push(input.parse()?);
    }
    Ok(methods)
}

pub(super) fn braces(input: ParseStream<'_>) -> syn::Result<Group> {
    input.step(|cursor| match cursor.token_tree() {
        Some((TokenTree::Group(group), rest)) if group.delimiter() == Delimiter::Brace => {
            Ok((group, rest))
        }
        _ => Err(cursor.error("expected `;` or a body")),
    })
}

impl Raw {
    /// What can be saved of a method that cannot be parsed: its attributes, its name, the arguments
    /// that can be read (the others become `_: ()`), and its result if that can be read.
    pub(super) fn salvage(chunk: &[TokenTree]) -> Option<Self> {
        if let Ok(raw) = syn::parse2(chunk.iter().cloned().collect()) {
            return Some(raw);
        }
        let at = chunk.windows(2).position(|pair| match pair {
            [TokenTree::Ident(word), TokenTree::Ident(_)] => word == "fn",
            _ => false,
        })?;
        let name: Ident = syn::parse2(chunk[at + 1].to_token_stream()).ok()?;
        let (before, after) = (&chunk[..at], &chunk[at + 2..]);
        let parens = after.iter().position(is_parenthesis);
        let inputs = match parens.map(|at| &after[at]) {
            Some(TokenTree::Group(group)) => arguments(group.stream()),
            _ => vec![quote!(&self)],
        };
        let rest: TokenStream = after[parens.map_or(0, |at| at + 1)..]
            .iter()
            .cloned()
            .collect();
        let result = result.parse2(rest).unwrap_or(ReturnType::Default);
        let asyncness = before
            .iter()
            .rev()
            .take(1)
            .find(|tree| tree.to_string() == "async");
        let sig = syn::parse2(quote!(#asyncness fn #name(#(#inputs),*) #result)).ok()?;
        let attrs = attributes
            .parse2(before.iter().cloned().collect())
            .unwrap_or_default();
        Some(Self {
            attrs,
            vis: Visibility::Inherited,
            sig,
            body: None,
        })
    }
}

fn is_parenthesis(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis)
}

fn arguments(tokens: TokenStream) -> Vec<TokenStream> {
    let pieces = entry::cut(tokens);
    let read = |piece: TokenStream| match syn::parse2::<FnArg>(piece.clone()) {
        Ok(_) => piece,
        Err(_) => quote!(_: ()),
    };
    pieces.into_iter().map(read).collect()
}

fn result(input: ParseStream<'_>) -> syn::Result<ReturnType> {
    let result = input.parse()?;
    input.parse::<TokenStream>()?;
    Ok(result)
}

fn attributes(input: ParseStream<'_>) -> syn::Result<Vec<Attribute>> {
    let attrs = input.call(Attribute::parse_outer)?;
    input.parse::<TokenStream>()?;
    Ok(attrs)
}
