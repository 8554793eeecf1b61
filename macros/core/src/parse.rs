//! An annotated trait into its model. Lenient: what cannot be read is a mistake and is left out, so
//! that all mistakes of a trait are found in one run.

mod argument;
mod auth;
mod chunk;
mod endpoint;
mod entry;
mod head;
mod item;
mod method;
mod raw;
mod reply;
mod retry;
mod session;
mod template;
mod value;

pub(crate) use argument::is_kind;
pub(crate) use endpoint::is_verb;
pub(crate) use raw::Raw;

use crate::api::Api;
use crate::mistake::{Mistakes, Place};
use chunk::Chunk;
use item::Item;
use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Generics, Meta};

/// A trait as far as it could be read.
pub struct Parsed {
    /// The model, without what is mistaken; absent if there is no trait to read.
    pub api: Option<Api>,
    /// What was found wrong so far; [`check::api`](crate::check::api) finds the rest.
    pub mistakes: Mistakes,
    /// Each method as it was written, for the stub.
    pub(crate) raw: Vec<Raw>,
    /// Constants and types, which are carried over.
    pub(crate) others: Vec<TokenStream>,
    /// Parameters of the trait, which it may not have.
    pub(crate) generics: Generics,
}

/// Reads the arguments of `#[api_client(…)]` and the trait below it.
pub fn trait_(attr: TokenStream, item: TokenStream) -> Parsed {
    let mut parsed = Parsed {
        api: None,
        mistakes: Mistakes::default(),
        raw: Vec::new(),
        others: Vec::new(),
        generics: Generics::default(),
    };
    let mistakes = &mut parsed.mistakes;
    let head = head::head(attr, mistakes);
    let Some(item) = Item::read(&item, mistakes) else {
        return parsed;
    };
    let mut methods = Vec::new();
    for chunk in chunk::chunks(item.body) {
        match chunk {
            Chunk::Whole(mut raw) => {
                methods.extend(method::method(&mut raw, mistakes));
                parsed.raw.push(raw);
            }
            Chunk::Damaged(raw, error) => {
                mistakes.add(error.span(), error.to_string());
                parsed.raw.extend(raw);
            }
            Chunk::Other(tokens) => {
                let help = "move it out of the trait";
                mistakes
                    .add(Place::of(&tokens), "an api trait holds methods alone")
                    .help(help);
                parsed.others.push(tokens);
            }
        }
    }
    if parsed.raw.iter().all(Raw::is_provided) && parsed.others.is_empty() {
        mistakes
            .add(
                item.ident.span(),
                format!("`{}` has no endpoint", item.ident),
            )
            .help("add one: `#[get(\"/users\")] fn users(&self) -> Call<Vec<User>>;`");
    }
    parsed.generics = item.generics;
    parsed.api = Some(Api {
        attrs: item.attrs,
        vis: item.vis,
        ident: item.ident,
        supertraits: item.supertraits,
        where_clause: item.where_clause,
        head,
        methods,
    });
    parsed
}

/// Reads a trait that still has its `#[api_client(…)]`, as a file has it.
pub fn annotated(item: TokenStream) -> Parsed {
    let trees: Vec<TokenTree> = item.into_iter().collect();
    let found = trees
        .windows(2)
        .enumerate()
        .find_map(|(at, pair)| match pair {
            [TokenTree::Punct(mark), TokenTree::Group(group)] if mark.as_char() == '#' => {
                Some((at, head_of(group.stream())?))
            }
            _ => None,
        });
    let (at, head) = found.map_or((None, TokenStream::new()), |(at, head)| (Some(at), head));
    let kept = |index: &usize| at.is_none_or(|at| *index != at && *index != at + 1);
    let rest = trees.iter().enumerate().filter(|(index, _)| kept(index));
    trait_(head, rest.map(|(_, tree)| tree.clone()).collect())
}

/// The arguments of `api_client` or `perennial::api_client`, if that is what an attribute says.
fn head_of(attribute: TokenStream) -> Option<TokenStream> {
    let attribute: Meta = syn::parse2(attribute).ok()?;
    let last = attribute.path().segments.last()?;
    (last.ident == "api_client").then(|| match attribute {
        Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    })
}

/// Attributes whose path is a single word, and that word.
fn word(attr: &Attribute) -> Option<String> {
    attr.path().get_ident().map(ToString::to_string)
}

/// The tokens in an attribute's parentheses; none if it has no parentheses.
fn arguments(attr: &Attribute, mistakes: &mut Mistakes) -> TokenStream {
    match &attr.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(pair) => {
            let name = word(attr).unwrap_or_default();
            mistakes
                .add(
                    Place::of(attr),
                    format!("`{name}` takes its arguments in parentheses"),
                )
                .help(format!("write `#[{name}(…)]`"));
            let value = &pair.value;
            quote::quote!(#value)
        }
    }
}
