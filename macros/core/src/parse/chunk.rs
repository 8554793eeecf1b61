//! The body of a trait, cut into methods.
//!
//! While a method is being typed, an editor closes its open bracket at the end of the trait, which
//! swallows all methods after it; and a macro that fails on that leaves the editor without any of
//! them. So the body is cut before it is parsed, and what cannot be parsed is cut again.

use super::raw::{Raw, methods};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::Parser;

/// A piece of a trait's body.
pub(crate) enum Chunk {
    /// A method that reads well.
    Whole(Raw),
    /// A method that does not, with what could be saved of it, and why it cannot be read.
    Damaged(Option<Raw>, syn::Error),
    /// An associated constant, type or macro.
    Other(TokenStream),
}

/// Cuts a trait's body into methods. How often damaged ones are cut again is bounded by their number
/// of tokens, since each cut leaves less.
pub(crate) fn chunks(body: TokenStream) -> Vec<Chunk> {
    // A compiler lets nothing else through; cutting is for editors, and costs more.
    if let Ok(methods) = methods.parse2(body.clone()) {
        return methods.into_iter().map(Chunk::Whole).collect();
    }
    let mut found = Vec::new();
    let mut waiting = cut(body);
    waiting.reverse();
    while let Some(chunk) = waiting.pop() {
        let read = syn::parse2::<Raw>(chunk.iter().cloned().collect());
        found.push(match read {
            Ok(raw) => Chunk::Whole(raw),
            Err(_) if is_other(&chunk) => Chunk::Other(chunk.into_iter().collect()),
            Err(error) => {
                let (own, rest) = divide(chunk);
                waiting.extend(rest.into_iter().rev());
                Chunk::Damaged(Raw::salvage(&own), error)
            }
        });
    }
    found
}

/// Cuts after `;` and `{…}`, and before an attribute or a further `fn` once a signature has begun.
fn cut(body: TokenStream) -> Vec<Vec<TokenTree>> {
    let trees: Vec<TokenTree> = body.into_iter().collect();
    let (mut chunks, mut chunk, mut begun) = (Vec::new(), Vec::new(), false);
    for (at, tree) in trees.iter().enumerate() {
        if begun && (is_attribute(&trees[at..]) || is_function(&trees[at..])) {
            chunks.push(std::mem::take(&mut chunk));
            begun = false;
        }
        chunk.push(tree.clone());
        begun |= is_word(Some(tree), "fn");
        let ends = match tree {
            TokenTree::Punct(mark) => mark.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        if ends {
            chunks.push(std::mem::take(&mut chunk));
            begun = false;
        }
    }
    chunks.push(chunk);
    chunks.retain(|chunk| !chunk.is_empty());
    chunks
}

/// Parts what a method has swallowed from what is its own.
fn divide(mut chunk: Vec<TokenTree>) -> (Vec<TokenTree>, Vec<Vec<TokenTree>>) {
    if let Some(at) = let_go(&chunk) {
        let rest = chunk.split_off(at);
        return (chunk, vec![rest]);
    }
    let rest = release(&mut chunk).map(cut).unwrap_or_default();
    (chunk, rest)
}

/// Where a method that reads well starts, below the beginnings of another.
fn let_go(chunk: &[TokenTree]) -> Option<usize> {
    (1..chunk.len()).find(|at| {
        let rest = &chunk[*at..];
        let starts = is_attribute(rest) || is_function(rest);
        starts && syn::parse2::<Raw>(rest.iter().cloned().collect()).is_ok()
    })
}

/// Finds the innermost group that holds more than its own, leaves it its own, returns the rest.
fn release(chunk: &mut [TokenTree]) -> Option<TokenStream> {
    for tree in chunk {
        let TokenTree::Group(group) = tree else {
            continue;
        };
        if group.delimiter() == Delimiter::Brace {
            continue;
        }
        let mut inner: Vec<TokenTree> = group.stream().into_iter().collect();
        let rest = match seam(&inner) {
            Some(at) => inner.split_off(at).into_iter().collect(),
            None => match release(&mut inner) {
                Some(rest) => rest,
                None => continue,
            },
        };
        let mut own = Group::new(group.delimiter(), inner.into_iter().collect());
        own.set_span(group.span());
        *tree = TokenTree::Group(own);
        return Some(rest);
    }
    None
}

/// Where the next method starts: after the first `;`, or at the first attribute before a function.
fn seam(trees: &[TokenTree]) -> Option<usize> {
    (0..trees.len()).find_map(|at| {
        let semicolon = matches!(&trees[at], TokenTree::Punct(mark) if mark.as_char() == ';');
        if semicolon {
            // What follows may be the tail of the swallowed signature's own group: it must hold a method.
            return trees[at..]
                .iter()
                .any(|tree| is_word(Some(tree), "fn"))
                .then_some(at + 1);
        }
        let mut after = &trees[at..];
        while is_attribute(after) {
            after = &after[2..];
        }
        (is_attribute(&trees[at..]) && is_function(after)).then_some(at)
    })
}

fn is_attribute(trees: &[TokenTree]) -> bool {
    match trees {
        [TokenTree::Punct(mark), TokenTree::Group(group), ..] => {
            mark.as_char() == '#' && group.delimiter() == Delimiter::Bracket
        }
        _ => false,
    }
}

/// Whether a function, not a pointer to one, starts here.
fn is_function(trees: &[TokenTree]) -> bool {
    let named = |at: usize| {
        is_word(trees.get(at), "fn") && matches!(trees.get(at + 1), Some(TokenTree::Ident(_)))
    };
    named(0) || (is_word(trees.first(), "async") && named(1))
}

/// Whether it declares something other than a function.
fn is_other(chunk: &[TokenTree]) -> bool {
    let mut trees = chunk;
    while is_attribute(trees) {
        trees = &trees[2..];
    }
    let constant = is_word(trees.first(), "const") && !is_word(trees.get(1), "fn");
    let bang =
        matches!(trees, [TokenTree::Ident(_), TokenTree::Punct(mark), ..] if mark.as_char() == '!');
    constant || bang || is_word(trees.first(), "type")
}

fn is_word(tree: Option<&TokenTree>, word: &str) -> bool {
    matches!(tree, Some(TokenTree::Ident(ident)) if ident == word)
}
