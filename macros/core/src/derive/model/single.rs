//! Structs that are one value.

use super::super::attr::Keys;
use super::super::mistakes::Mistakes;
use super::super::types;
use super::container::Container;
use super::emit;
use super::member::at;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Field, Member};

/// `struct Id(String);`, or one member under `transparent`: written as what it holds.
pub(super) fn transparent<'i>(
    container: &Container<'_>,
    mut fields: impl Iterator<Item = &'i Field>,
    mistakes: &mut Mistakes,
) -> TokenStream {
    let (Some(field), None) = (fields.next(), fields.next()) else {
        mistakes.at(container.span(), "`transparent` expects a single member");
        return TokenStream::new();
    };
    Keys::read(&field.attrs, &["serde", "model"], mistakes).finish(
        &[],
        "on a member that is written as its value",
        mistakes,
    );
    let member = match &field.ident {
        Some(ident) => Member::Named(ident.clone()),
        None => Member::from(0),
    };
    let mut tokens = TokenStream::new();
    if container.receive {
        tokens.extend(receive(container, field, &member));
    }
    if container.send {
        let hidden = &container.hidden;
        let span = at(&field.ty);
        let value = match types::is_binary(&field.ty) {
            true => quote_spanned!(span=> &#hidden::Encoded(&self.#member)),
            false => quote_spanned!(span=> &self.#member),
        };
        let body = quote_spanned!(span=> #hidden::Serialize::serialize(#value, to));
        tokens.extend(emit::serialize(container, &body));
    }
    tokens
}

fn receive(container: &Container<'_>, field: &Field, member: &Member) -> TokenStream {
    let (hidden, ty) = (&container.hidden, &field.ty);
    let wrap = quote!(|value| Self { #member: value });
    let body = match types::is_binary(ty) {
        true => quote! {
            <<#ty as #hidden::Binary>::Wire as #hidden::Deserialize>::deserialize(from)
                .map(#hidden::Binary::from_wire)
                .map(#wrap)
        },
        false => quote!(<#ty as #hidden::Deserialize>::deserialize(from).map(#wrap)),
    };
    let mut tokens = emit::deserialize(container, &body);
    let shape = quote! {
        const SHAPE: &'static #hidden::Shape = {
            use #hidden::Otherwise as _;
            #hidden::Probe::<#ty>::SHAPE
        };
    };
    tokens.extend(emit::received(container, quote!(Received), shape));
    tokens
}

/// `#[model(constant = "card")] struct Card;`
pub(super) fn constant(container: &Container<'_>, mistakes: &mut Mistakes) -> TokenStream {
    let Some(constant) = &container.constant else {
        if mistakes.is_empty() {
            mistakes.at(
                container.span(),
                "a unit struct has a single value; say which: `#[model(constant = …)]`",
            );
        }
        return TokenStream::new();
    };
    let hidden = &container.hidden;
    let value = constant.tokens(hidden);
    let mut tokens = TokenStream::new();
    if container.receive {
        tokens.extend(emit::deserialize(
            container,
            &quote!(#hidden::constant(from)),
        ));
        tokens.extend(emit::received(
            container,
            quote!(Received),
            quote! {
                const SHAPE: &'static #hidden::Shape = &#hidden::Shape::Constants(&[#value]);
                fn pick(index: usize, _: #hidden::Found) -> ::core::option::Option<Self> {
                    match index {
                        0 => ::core::option::Option::Some(Self),
                        _ => ::core::option::Option::None,
                    }
                }
            },
        ));
    }
    if container.send {
        let body = quote!(#hidden::Serialize::serialize(&#value, to));
        tokens.extend(emit::serialize(container, &body));
    }
    tokens
}
