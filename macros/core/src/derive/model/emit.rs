//! The implementations around what each kind of type says.

use super::container::Container;
use proc_macro2::TokenStream;
use quote::quote;

/// `impl Deserialize` whose body is that expression of `from`.
pub(super) fn deserialize(container: &Container<'_>, body: &TokenStream) -> TokenStream {
    let hidden = &container.hidden;
    let ident = &container.item.ident;
    let bounded = container
        .item
        .generics(Some(quote!('de)), &quote!(#hidden::DeserializeOwned));
    let (before, after, clause) = (bounded.before, bounded.after, bounded.clause);
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #before #hidden::Deserialize<'de> for #ident #after #clause {
            fn deserialize<__D: #hidden::Deserializer<'de>>(
                from: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                #body
            }
        }
    }
}

/// `impl Received`, or another of the runtime's traits that decoding goes by.
pub(super) fn received(
    container: &Container<'_>,
    name: TokenStream,
    body: TokenStream,
) -> TokenStream {
    let hidden = &container.hidden;
    let ident = &container.item.ident;
    let bounded = container
        .item
        .generics(None, &quote!(#hidden::DeserializeOwned));
    let (before, after, clause) = (bounded.before, bounded.after, bounded.clause);
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #before #hidden::#name for #ident #after #clause {
            #body
        }
    }
}

/// `impl Serialize` whose body is that expression of `to`.
pub(super) fn serialize(container: &Container<'_>, body: &TokenStream) -> TokenStream {
    let hidden = &container.hidden;
    let ident = &container.item.ident;
    let bounded = container.item.generics(None, &quote!(#hidden::Serialize));
    let (before, after, clause) = (bounded.before, bounded.after, bounded.clause);
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #before #hidden::Serialize for #ident #after #clause {
            fn serialize<__S: #hidden::Serializer>(
                &self,
                to: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                #body
            }
        }
    }
}

/// Both implementations, for a type with mistakes: never run, since it does not compile.
pub(super) fn stub(container: &Container<'_>) -> TokenStream {
    let stub = quote!(::core::panic!("a mistake in this type was reported"));
    let mut tokens = serialize(container, &stub);
    if container.item.generics.lifetimes().next().is_none() {
        tokens.extend(deserialize(container, &stub));
    }
    tokens
}
