//! Enums whose variants are values.

use super::super::literal::Constant;
use super::super::mistakes::Mistakes;
use super::super::types;
use super::container::Container;
use super::emit;
use super::variant::{Unknown, Variants};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn expand(
    container: &Container<'_>,
    variants: &Variants<'_>,
    _: &mut Mistakes,
) -> TokenStream {
    let listed = Listed::new(variants);
    let mut tokens = TokenStream::new();
    if container.receive {
        tokens.extend(receive(container, variants, &listed));
    }
    if container.send {
        tokens.extend(send(container, variants, &listed));
    }
    tokens
}

/// The values in the order of their indices, aliases last.
struct Listed<'v> {
    values: Vec<&'v Constant>,
    words: bool,
}

impl<'v> Listed<'v> {
    fn new(variants: &'v Variants<'_>) -> Self {
        let known = &variants.known;
        let first = known.iter().filter_map(|variant| variant.values.first());
        let aliases = known
            .iter()
            .flat_map(|variant| variant.values.iter().skip(1));
        let values: Vec<_> = first.chain(aliases).collect();
        let words = values
            .iter()
            .all(|value| matches!(value, Constant::Text(_)));
        let text = match &variants.unknown {
            Some(unknown) => types::is(unknown.payload, "String"),
            None => true,
        };
        Self {
            values,
            words: words && text,
        }
    }
}

fn receive(container: &Container<'_>, variants: &Variants<'_>, listed: &Listed<'_>) -> TokenStream {
    let hidden = &container.hidden;
    let raw = |unknown: &Unknown<'_>| types::is(unknown.payload, "RawJson");
    let decode = match &variants.unknown {
        Some(unknown) if raw(unknown) => quote!(#hidden::raw_constant(from)),
        _ if listed.words => quote!(#hidden::word(from)),
        _ => quote!(#hidden::constant(from)),
    };
    let mut next_alias = variants.known.len();
    let arms = variants.known.iter().enumerate().map(|(index, variant)| {
        let aliases = next_alias..next_alias + variant.values.len() - 1;
        next_alias = aliases.end;
        let ident = variant.ident;
        quote!(#index #(| #aliases)* => ::core::option::Option::Some(Self::#ident),)
    });
    let arms: Vec<_> = arms.collect();
    let (found, unknown) = match &variants.unknown {
        Some(Unknown { ident, .. }) => (quote!(found), quote!(found.take().map(Self::#ident))),
        None => (quote!(_), quote!(::core::option::Option::None)),
    };
    let shape = match listed.words {
        true => {
            let words = listed.values.iter().map(|value| text(value));
            quote!(Words(&[#(#words),*]))
        }
        false => {
            let values = listed.values.iter().map(|value| value.tokens(hidden));
            quote!(Constants(&[#(#values),*]))
        }
    };
    let mut tokens = emit::deserialize(container, &decode);
    tokens.extend(emit::received(
        container,
        quote!(Received),
        quote! {
            const SHAPE: &'static #hidden::Shape = &#hidden::Shape::#shape;
            fn pick(index: usize, #found: #hidden::Found) -> ::core::option::Option<Self> {
                match index {
                    #(#arms)*
                    _ => #unknown,
                }
            }
        },
    ));
    tokens
}

fn text(value: &Constant) -> &str {
    match value {
        Constant::Text(text) => text,
        _ => "",
    }
}

fn send(container: &Container<'_>, variants: &Variants<'_>, listed: &Listed<'_>) -> TokenStream {
    let hidden = &container.hidden;
    let unknown = variants.unknown.as_ref().map(|unknown| unknown.ident);
    let known = variants.known.iter().zip(&listed.values);
    let body = if listed.words {
        let arms = known.map(|(variant, value)| {
            let (ident, text) = (variant.ident, text(value));
            quote!(Self::#ident => #text,)
        });
        let unknown = unknown.map(|ident| quote!(Self::#ident(text) => text,));
        quote!(to.serialize_str(match self { #(#arms)* #unknown }))
    } else {
        let arms = known.map(|(variant, value)| {
            let (ident, value) = (variant.ident, value.tokens(hidden));
            quote!(Self::#ident => #hidden::Serialize::serialize(&#value, to),)
        });
        let unknown = unknown
            .map(|ident| quote!(Self::#ident(value) => #hidden::Serialize::serialize(value, to),));
        quote!(match self { #(#arms)* #unknown })
    };
    emit::serialize(container, &body)
}
