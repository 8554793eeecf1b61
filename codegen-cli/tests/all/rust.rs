//! Whether generated text is what the compiler will take, as far as that shows without compiling:
//! it is Rust, names are unique, and the attribute and the derives find no fault with it.

use std::collections::HashSet;

use perennial_macros_core::{check, derive, expand, parse, print};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Fields, Item, ItemTrait, TraitItem};

/// Says what is wrong with a file.
pub(crate) fn faults(text: &str) -> Vec<String> {
    let file = match syn::parse_file(text) {
        Ok(file) => file,
        Err(error) => return vec![format!("no Rust: {error}")],
    };
    let mut faults = Vec::new();
    let named = file.items.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        _ => None,
    });
    unique("item", named.map(ToString::to_string), &mut faults);
    for item in &file.items {
        match item {
            Item::Trait(item) => trait_(item, &mut faults),
            Item::Struct(item) => {
                fields(&item.ident.to_string(), &item.fields, &mut faults);
                derives(&item.attrs, item.to_token_stream(), &mut faults);
            }
            Item::Enum(item) => {
                let names = item
                    .variants
                    .iter()
                    .map(|variant| variant.ident.to_string());
                unique(&format!("variant of {}", item.ident), names, &mut faults);
                derives(&item.attrs, item.to_token_stream(), &mut faults);
            }
            _ => {}
        }
    }
    faults
}

/// Laws 1 and 2 for one trait as it was printed: it reads as an API without a mistake, that API
/// prints as the trait, and the two expand to the same.
fn trait_(item: &ItemTrait, faults: &mut Vec<String>) {
    let name = item.ident.to_string();
    let methods = item.items.iter().filter_map(|item| match item {
        TraitItem::Fn(method) => Some(method),
        _ => None,
    });
    unique(
        &format!("method of {name}"),
        methods.clone().map(|one| one.sig.ident.to_string()),
        faults,
    );
    for method in methods {
        let arguments = method.sig.inputs.iter().filter_map(|one| match one {
            syn::FnArg::Typed(one) => Some(one.pat.to_token_stream().to_string()),
            syn::FnArg::Receiver(_) => None,
        });
        unique(
            &format!("argument of {name}::{}", method.sig.ident),
            arguments,
            faults,
        );
    }
    let parsed = parse::annotated(item.to_token_stream());
    let mistakes: Vec<_> = parsed
        .mistakes
        .iter()
        .map(|one| one.message.clone())
        .collect();
    let Some(api) = parsed.api else {
        faults.push(format!("{name} is no API: {mistakes:?}"));
        return;
    };
    let more = check::api(&api).into_iter().map(|one| one.message);
    faults.extend(
        mistakes
            .into_iter()
            .chain(more)
            .map(|one| format!("{name}: {one}")),
    );
    let printed = print::api(&api);
    let again = parse::annotated(printed.clone());
    match again.api {
        Some(again) if again == api => {
            if expand::api(&again).to_string() != expand::api(&api).to_string() {
                faults.push(format!(
                    "{name} expands to something else once it was printed"
                ));
            }
        }
        _ => faults.push(format!(
            "{name} is another API once it was printed: {printed}"
        )),
    }
}

fn fields(name: &str, fields: &Fields, faults: &mut Vec<String>) {
    let names = fields
        .iter()
        .filter_map(|field| field.ident.as_ref())
        .map(ToString::to_string);
    unique(&format!("field of {name}"), names, faults);
}

/// Runs each derive of ours.
fn derives(attributes: &[Attribute], item: TokenStream, faults: &mut Vec<String>) {
    let lists = attributes
        .iter()
        .filter(|one| one.path().is_ident("derive"));
    let lists: String = lists.map(|one| one.to_token_stream().to_string()).collect();
    let words: HashSet<_> = lists.split(|sign: char| !sign.is_alphanumeric()).collect();
    type Derive = fn(TokenStream) -> TokenStream;
    let known: [(&str, Derive); 4] = [
        ("Model", derive::model),
        ("Params", derive::params),
        ("ApiError", derive::api_error),
        ("ApiReply", derive::api_reply),
    ];
    for (name, expand) in known {
        if words.contains(name) {
            let text = expand(item.clone()).to_string();
            if let Some(at) = text.find("compile_error") {
                let end = (at + 200..text.len()).find(|end| text.is_char_boundary(*end));
                faults.push(format!(
                    "{name}: {}\n{item}",
                    &text[at..end.unwrap_or(text.len())]
                ));
            }
        }
    }
}

fn unique(what: &str, names: impl Iterator<Item = String>, faults: &mut Vec<String>) {
    let mut known = HashSet::new();
    for name in names {
        if !known.insert(name.clone()) {
            faults.push(format!("{what} is there twice: {name}"));
        }
    }
}
