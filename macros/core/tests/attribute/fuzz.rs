//! Law 8: no trait makes the attribute panic. Traits are taken apart and put together wrongly, always
//! in the same way.

use crate::{TRAITS, random::Random, tokens};
use perennial_macros_core::expand;
use proc_macro2::{Delimiter, Group, Literal, Punct, Spacing, TokenStream, TokenTree};
use std::panic::AssertUnwindSafe;

/// One random change somewhere in the tokens.
fn mutate(stream: TokenStream, random: &mut Random) -> TokenStream {
    let mut trees: Vec<TokenTree> = stream.into_iter().collect();
    if trees.is_empty() {
        return std::iter::once(noise(random)).collect();
    }
    let at = random.below(trees.len());
    match (&trees[at], random.below(9)) {
        (TokenTree::Group(group), 0..=5) => {
            let inner = mutate(group.stream(), random);
            trees[at] = Group::new(group.delimiter(), inner).into();
        }
        (TokenTree::Group(group), 6) => {
            let inner: Vec<_> = group.stream().into_iter().collect();
            trees.splice(at..=at, inner);
        }
        (_, 0..=1) => drop(trees.remove(at)),
        (_, 2) => trees.insert(at, trees[at].clone()),
        (_, 3) => trees.truncate(at),
        (_, 4) => {
            let other = random.below(trees.len());
            trees.swap(at, other);
        }
        (_, 5) => {
            let rest = trees.split_off(at);
            let wrap = [
                Delimiter::Parenthesis,
                Delimiter::Brace,
                Delimiter::Bracket,
                Delimiter::None,
            ];
            trees.push(Group::new(wrap[random.below(4)], rest.into_iter().collect()).into());
        }
        _ => trees[at] = noise(random),
    }
    trees.into_iter().collect()
}

/// A token that means something to somebody, at the wrong place.
fn noise(random: &mut Random) -> TokenTree {
    const WORDS: [&str; 29] = [
        "fn", "async", "self", "crate", "none", "refresh", "get", "request", "query", "json",
        "Call", "Result", "Option", "impl", "where", "const", "mut", "_", "auth", "optional",
        "style", "session", "any", "all", "cookie", "bearer", "retry", "connect", "max",
    ];
    const TEXTS: [&str; 14] = [
        "",
        "/",
        "/{",
        "/{}",
        "/{*}",
        "/{1}",
        "/{a}{b}",
        "?",
        "/?{",
        "/:",
        "/:é/{é}",
        "#",
        "10",
        "99999999999999999999s",
    ];
    match random.below(4) {
        0 => Punct::new(
            ['#', ',', ';', '<', '>', '=', '&', '\'', ':'][random.below(9)],
            Spacing::Alone,
        )
        .into(),
        1 => Literal::string(TEXTS[random.below(TEXTS.len())]).into(),
        2 => Literal::u128_unsuffixed([0, 99, 404, u128::MAX][random.below(4)]).into(),
        _ => proc_macro2::Ident::new(
            WORDS[random.below(WORDS.len())],
            proc_macro2::Span::call_site(),
        )
        .into(),
    }
}

#[test]
fn nothing_makes_the_attribute_panic() {
    for seed in 0..6_000 {
        let mut random = Random::new(seed);
        let (_, text) = TRAITS[random.below(TRAITS.len())];
        // The attribute's own arguments stand first.
        let mut head: Vec<TokenTree> = tokens(text).into_iter().collect();
        let at = head
            .iter()
            .position(|tree| tree.to_string().contains("api_client"))
            .expect("each has it");
        let arguments = match &head[at] {
            TokenTree::Group(attribute) => attribute.stream().into_iter().nth(1),
            _ => None,
        };
        head.drain(at - 1..=at);
        let mut attr = match arguments {
            Some(TokenTree::Group(group)) => group.stream(),
            _ => TokenStream::new(),
        };
        let mut item: TokenStream = head.into_iter().collect();
        for _ in 0..=random.below(4) {
            if random.below(3) == 0 {
                attr = mutate(attr, &mut random);
            } else {
                item = mutate(item, &mut random);
            }
        }
        let described = format!("#[api_client({attr})] {item}");
        let expanded = AssertUnwindSafe(|| expand::attribute(attr, item).to_string());
        let expanded = std::panic::catch_unwind(expanded);
        assert!(expanded.is_ok(), "seed {seed}: {described}");
    }
}
