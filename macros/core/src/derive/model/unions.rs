//! Enums whose variants hold types: one of several.

use super::super::mistakes::Mistakes;
use super::super::types;
use super::container::Container;
use super::emit;
use super::member::at;
use super::variant::{Variant, Variants};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

pub(super) fn expand(
    container: &Container<'_>,
    variants: &Variants<'_>,
    mistakes: &mut Mistakes,
) -> TokenStream {
    if let Some(unknown) = &variants.unknown {
        if !types::is(unknown.payload, "RawJson") {
            mistakes.over(
                unknown.payload,
                "the variant for unknown values of a union holds `RawJson`",
            );
        }
    }
    let mut tokens = TokenStream::new();
    if container.receive {
        tokens.extend(receive(container, variants));
    }
    if container.send {
        tokens.extend(send(container, variants));
    }
    tokens
}

fn receive(container: &Container<'_>, variants: &Variants<'_>) -> TokenStream {
    let hidden = &container.hidden;
    let rule = rule(container, variants);
    let arms = variants.known.iter().enumerate().map(|(index, variant)| {
        let ident = variant.ident;
        match variant.payload {
            None => quote!(#index => ::core::result::Result::Ok(Self::#ident),),
            Some(ty) => {
                let span = at(ty);
                let value = match types::is_binary(ty) {
                    true => quote_spanned!(span=> from.of_binary(Self::#ident)),
                    false => quote_spanned!(span=> from.of(Self::#ident)),
                };
                quote!(#index => #value,)
            }
        }
    });
    let unknown = match &variants.unknown {
        Some(unknown) => {
            let ident = unknown.ident;
            quote!(from.unknown(Self::#ident))
        }
        None => quote!(from.none()),
    };
    let mut tokens = emit::deserialize(container, &quote!(#hidden::union(from)));
    tokens.extend(emit::received(
        container,
        quote!(Union),
        quote! {
            #rule
            fn decode(
                index: usize,
                from: #hidden::Payload<'_>,
            ) -> ::core::result::Result<Self, #hidden::Problem> {
                match index {
                    #(#arms)*
                    _ => #unknown,
                }
            }
        },
    ));
    tokens
}

fn rule(container: &Container<'_>, variants: &Variants<'_>) -> TokenStream {
    let hidden = &container.hidden;
    let name = container.name();
    let tag = match &container.tag {
        Some(tag) => {
            let (name, or_required) = (&tag.name, tag.or_required);
            quote!(::core::option::Option::Some(#hidden::Tag {
                name: #name,
                or_required: #or_required,
            }))
        }
        None => quote!(::core::option::Option::None),
    };
    let by_shape = container.tag.as_ref().is_none_or(|tag| tag.or_required);
    let entries = variants.known.iter().map(|variant| {
        let values = variant.values.iter().map(|value| value.tokens(hidden));
        // Without a tag a payload's name is not on the wire.
        let values = match container.tag.is_some() || variant.payload.is_none() {
            true => quote!(&[#(#values),*]),
            false => quote!(&[]),
        };
        let constants = constants(container, variant);
        let shape = match variant.payload {
            Some(ty) if by_shape && !types::is_binary(ty) => quote!(#hidden::Probe::<#ty>::SHAPE),
            Some(_) if by_shape => quote!(&#hidden::Shape::Text),
            _ => quote!(&#hidden::Shape::Any),
        };
        quote!(#hidden::Variant { values: #values, constants: &[#(#constants),*], shape: #shape })
    });
    let probe = by_shape.then(|| {
        quote! {
            #[allow(unused_imports)]
            use #hidden::Otherwise as _;
        }
    });
    quote! {
        const RULE: &'static #hidden::Rule = {
            #probe
            &#hidden::Rule { name: #name, tag: #tag, variants: &[#(#entries),*] }
        };
    }
}

fn constants(container: &Container<'_>, variant: &Variant<'_>) -> Vec<TokenStream> {
    let hidden = &container.hidden;
    let pair = |constant: &super::super::literal::Member| {
        let (name, value) = (&constant.name, constant.value.tokens(hidden));
        quote!((#name, #value))
    };
    variant.constants.iter().map(pair).collect()
}

fn send(container: &Container<'_>, variants: &Variants<'_>) -> TokenStream {
    let hidden = &container.hidden;
    let arms = variants.known.iter().map(|variant| arm(container, variant));
    let unknown = variants.unknown.as_ref().map(|unknown| {
        let ident = unknown.ident;
        quote!(Self::#ident(value) => #hidden::Serialize::serialize(value, to),)
    });
    emit::serialize(container, &quote!(match self { #(#arms)* #unknown }))
}

fn arm(container: &Container<'_>, variant: &Variant<'_>) -> TokenStream {
    let hidden = &container.hidden;
    let ident = variant.ident;
    let value = variant.values.first().map(|value| value.tokens(hidden));
    let mut tags = constants(container, variant);
    if let Some(tag) = &container.tag {
        let name = &tag.name;
        tags.insert(0, quote!((#name, #value)));
    }
    match variant.payload {
        None if tags.is_empty() => {
            quote!(Self::#ident => #hidden::Serialize::serialize(&#value, to),)
        }
        None => quote!(Self::#ident => #hidden::tagged(to, &[#(#tags),*], &()),),
        Some(ty) => {
            let span = at(ty);
            let write = match (types::is_binary(ty), tags.is_empty()) {
                (true, _) => {
                    quote_spanned!(span=> #hidden::Serialize::serialize(&#hidden::Encoded(value), to))
                }
                (false, true) => quote_spanned!(span=> #hidden::Serialize::serialize(value, to)),
                (false, false) => {
                    quote_spanned!(span=> #hidden::tagged(to, &[#(#tags),*], value))
                }
            };
            quote!(Self::#ident(value) => #write,)
        }
    }
}
