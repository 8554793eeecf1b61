//! The variants of an enum, and whether it is a list of values or a union.

use super::super::attr::{Entry, Keys, Value, refuse_serde};
use super::super::case;
use super::super::literal::{self, Constant};
use super::super::mistakes::Mistakes;
use super::container::Container;
use super::{scalars, unions};
use proc_macro2::{Span, TokenStream};
use std::collections::HashMap;
use syn::ext::IdentExt;
use syn::{Fields, Ident, Type, Variant as Syntax};

/// A variant and the keys on it.
pub(super) struct Variant<'i> {
    pub(super) ident: &'i Ident,
    pub(super) payload: Option<&'i Type>,
    /// Its value or the tag's; the first is written, the others are aliases.
    pub(super) values: Vec<Constant>,
    /// Members that must have these values.
    pub(super) constants: Vec<literal::Member>,
}

/// The variant that takes what no other does.
pub(super) struct Unknown<'i> {
    pub(super) ident: &'i Ident,
    pub(super) payload: &'i Type,
}

/// An enum.
pub(super) struct Variants<'i> {
    pub(super) known: Vec<Variant<'i>>,
    pub(super) unknown: Option<Unknown<'i>>,
}

pub(super) fn expand(
    container: &Container<'_>,
    variants: &[Syntax],
    mistakes: &mut Mistakes,
) -> TokenStream {
    let variants = read(container, variants, mistakes);
    if variants.known.is_empty() && variants.unknown.is_none() && mistakes.is_empty() {
        mistakes.at(container.span(), "an enum without variants has no value");
    }
    let is_union = variants
        .known
        .iter()
        .any(|variant| variant.payload.is_some());
    match is_union || container.tag.is_some() {
        true => unions::expand(container, &variants, mistakes),
        false => scalars::expand(container, &variants, mistakes),
    }
}

fn read<'i>(
    container: &Container<'_>,
    variants: &'i [Syntax],
    mistakes: &mut Mistakes,
) -> Variants<'i> {
    let mut found = Variants {
        known: Vec::new(),
        unknown: None,
    };
    let last = variants.len().saturating_sub(1);
    for (index, variant) in variants.iter().enumerate() {
        let mut keys = Keys::read(&variant.attrs, &["serde", "model"], mistakes);
        match keys.take_own("unknown", mistakes) {
            Some(entry) => {
                if index != last {
                    mistakes.at(entry.span(), "`unknown` stands on the last variant");
                }
                found.unknown = unknown(variant, &entry, mistakes).or(found.unknown);
                keys.finish(&["unknown"], "on the variant for unknown values", mistakes);
            }
            None => found
                .known
                .extend(known(container, variant, keys, mistakes)),
        }
    }
    distinct(&found.known, mistakes);
    found
}

fn unknown<'i>(variant: &'i Syntax, entry: &Entry, mistakes: &mut Mistakes) -> Option<Unknown<'i>> {
    entry.flag(mistakes);
    let payload = match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields.unnamed.first(),
        _ => None,
    };
    if payload.is_none() {
        mistakes.at(
            variant.ident.span(),
            "the variant for unknown values holds what came: `Unknown(String)` or `Unknown(RawJson)`",
        );
    }
    Some(Unknown {
        ident: &variant.ident,
        payload: &payload?.ty,
    })
}

fn known<'i>(
    container: &Container<'_>,
    variant: &'i Syntax,
    mut keys: Keys,
    mistakes: &mut Mistakes,
) -> Option<Variant<'i>> {
    let payload = match &variant.fields {
        Fields::Unit => None,
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            fields.unnamed.first().map(|field| &field.ty)
        }
        other => {
            mistakes.over(
                other,
                "a variant holds one type; put these members into a struct of their own",
            );
            return None;
        }
    };
    let rename = keys.take("rename", mistakes);
    let mut constant = None;
    let mut constants = Vec::new();
    for entry in keys.take_all("constant") {
        refuse_serde(&entry, mistakes);
        match &entry.value {
            Value::Is(_) if constant.is_some() || rename.is_some() => {
                mistakes.at(entry.span(), "the variant already has a value");
            }
            Value::Is(_) if payload.is_some() && container.tag.is_none() => mistakes.at(
                entry.span(),
                "which member has that value? write `constant(\"member\" = value)`",
            ),
            Value::Is(_) => constant = literal::value(&entry, mistakes),
            Value::List(_) if payload.is_some() => {
                constants.extend(literal::members(&entry, mistakes).into_iter().flatten());
            }
            _ => mistakes.at(entry.span(), "expected `constant = value`"),
        }
    }
    let name = rename.and_then(|entry| entry.text(mistakes));
    let own = variant.ident.unraw().to_string();
    let value = constant.unwrap_or_else(|| {
        Constant::Text(match (name, container.rename_all) {
            (Some(text), _) => text.value(),
            (None, Some(case)) => case::variant(case, &own),
            (None, None) => own,
        })
    });
    let aliases = keys.take_all("alias").into_iter();
    let aliases = aliases.filter_map(|entry| entry.text(mistakes));
    let aliases = aliases.map(|text| Constant::Text(text.value()));
    let values = std::iter::once(value).chain(aliases).collect();
    keys.finish(
        &["rename", "alias", "constant", "unknown"],
        "on a variant",
        mistakes,
    );
    Some(Variant {
        ident: &variant.ident,
        payload,
        values,
        constants,
    })
}

fn distinct(variants: &[Variant<'_>], mistakes: &mut Mistakes) {
    let mut owners: HashMap<String, &Ident> = HashMap::new();
    let mut report = |key: &str, span: Span, other: &Ident| {
        mistakes.at(
            span,
            format!("the value {key} is already that of `{other}`"),
        );
    };
    for variant in variants {
        for value in &variant.values {
            let key = value.key();
            match owners.get(&key) {
                Some(other) => report(&key, variant.ident.span(), other),
                None => drop(owners.insert(key, variant.ident)),
            }
        }
    }
}
