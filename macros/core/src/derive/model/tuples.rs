//! Structs that are lists whose items have types of their own.

use super::super::attr::Keys;
use super::super::mistakes::Mistakes;
use super::super::types;
use super::container::Container;
use super::emit;
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{Field, Ident, Index, Member, Type};

struct Item<'i> {
    member: Member,
    slot: Ident,
    ty: &'i Type,
    kind: Kind,
}

#[derive(PartialEq)]
enum Kind {
    Required,
    Optional,
    Rest,
}

pub(super) fn expand<'i>(
    container: &Container<'_>,
    fields: impl Iterator<Item = &'i Field>,
    mistakes: &mut Mistakes,
) -> TokenStream {
    let fields: Vec<_> = fields.collect();
    let last = fields.len().saturating_sub(1);
    let items: Vec<_> = fields
        .iter()
        .enumerate()
        .map(|(index, field)| item(field, index, last, mistakes))
        .collect();
    let mut optional = false;
    for item in &items {
        if optional && item.kind == Kind::Required {
            mistakes.at(
                item.ty.span(),
                "an item that must be there follows one that may be missing",
            );
        }
        optional |= item.kind == Kind::Optional;
    }
    if container.new {
        mistakes.at(
            container.span(),
            "`new` stands on a struct with members, not on a tuple",
        );
    }
    let mut tokens = TokenStream::new();
    if container.receive {
        tokens.extend(receive(container, &items));
    }
    if container.send {
        tokens.extend(send(container, &items));
    }
    tokens
}

fn item<'i>(field: &'i Field, index: usize, last: usize, mistakes: &mut Mistakes) -> Item<'i> {
    let mut keys = Keys::read(&field.attrs, &["serde", "model"], mistakes);
    let rest = keys.take_own("rest", mistakes);
    let kind = match &rest {
        Some(entry) => {
            entry.flag(mistakes);
            if index != last {
                mistakes.at(entry.span(), "`rest` stands on the last item");
            }
            Kind::Rest
        }
        None if types::option(&field.ty).is_some() => Kind::Optional,
        None => Kind::Required,
    };
    keys.finish(&["rest"], "on an item of a tuple", mistakes);
    Item {
        member: match &field.ident {
            Some(ident) => Member::Named(ident.clone()),
            None => Member::Unnamed(Index::from(index)),
        },
        slot: format_ident!("_{index}", span = Span::mixed_site()),
        ty: &field.ty,
        kind,
    }
}

fn receive(container: &Container<'_>, items: &[Item<'_>]) -> TokenStream {
    let hidden = &container.hidden;
    let name = container.name();
    let reads = items.iter().map(|Item { slot, ty, kind, .. }| match kind {
        Kind::Required => quote!(let #slot: ::core::option::Option<#ty> = from.item();),
        Kind::Optional => quote!(let #slot: #ty = from.optional();),
        Kind::Rest => quote!(let #slot: #ty = from.rest();),
    });
    let end = match items.last() {
        Some(item) if item.kind == Kind::Rest => TokenStream::new(),
        _ => quote!(from.end();),
    };
    let required = items.iter().filter(|item| item.kind == Kind::Required);
    let required: Vec<_> = required.map(|item| &item.slot).collect();
    let (members, slots): (Vec<_>, Vec<_>) = items.iter().map(|i| (&i.member, &i.slot)).unzip();
    let mut tokens = emit::deserialize(container, &quote!(#hidden::tuple(from)));
    tokens.extend(emit::received(
        container,
        quote!(Tuple),
        quote! {
            const NAME: &'static str = #name;
            fn read<'de, __A: #hidden::SeqAccess<'de>>(
                from: &mut #hidden::Items<'de, __A>,
            ) -> ::core::option::Option<Self> {
                #(#reads)*
                #end
                match (#(#required,)*) {
                    (#(::core::option::Option::Some(#required),)*) => {
                        ::core::option::Option::Some(Self { #(#members: #slots,)* })
                    }
                    #[allow(unreachable_patterns)]
                    _ => ::core::option::Option::None,
                }
            }
        },
    ));
    let shape = quote!(const SHAPE: &'static #hidden::Shape = &#hidden::Shape::Array;);
    tokens.extend(emit::received(container, quote!(Received), shape));
    tokens
}

fn send(container: &Container<'_>, items: &[Item<'_>]) -> TokenStream {
    let hidden = &container.hidden;
    let writes = items.iter().map(|Item { member, kind, .. }| match kind {
        Kind::Required => quote!(to.put(&self.#member);),
        Kind::Optional => quote!(to.put_optional(&self.#member);),
        Kind::Rest => quote!(to.put_rest(&self.#member);),
    });
    emit::serialize(
        container,
        &quote! {
            let mut to = #hidden::TupleWriter::new(to);
            #(#writes)*
            to.end()
        },
    )
}
