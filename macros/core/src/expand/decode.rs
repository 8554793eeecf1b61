//! Which decoder reads a result, by its type as written.

use crate::api::{Decode, Endpoint};
use crate::shape::{self, Wrapper};
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

/// The choice, at the place of the type, where a type that cannot be decoded is reported.
pub(super) fn choice(endpoint: &Endpoint) -> TokenStream {
    let layers = shape::layers(&endpoint.reply.value);
    let value = layers.value;
    let span = value.span();
    let decoder = match &endpoint.options.decode {
        Some(decode) => named(&decode.value),
        None if shape::is_unit(value) => quote_spanned!(span=> __v1::Choice::<__v1::Empty>::NEW),
        None if shape::is(value, "Bytes") => quote_spanned!(span=> __v1::Choice::<__v1::Raw>::NEW),
        None if shape::is(value, "String") => {
            quote_spanned!(span=> __v1::Choice::<__v1::Text>::NEW)
        }
        None => quote_spanned!(span=> __v1::Pick::<#value>::PICK),
    };
    let wrappers = layers.wrappers.iter().map(|wrapper| match wrapper {
        Wrapper::Option => quote_spanned!(span=> .option()),
        Wrapper::Response => quote_spanned!(span=> .response()),
    });
    quote_spanned!(span=> #decoder #(#wrappers)*)
}

fn named(decode: &Decode) -> TokenStream {
    let span = proc_macro2::Span::call_site();
    match decode {
        Decode::Json => quote_spanned!(span=> __v1::Choice::<__v1::Json>::NEW),
        Decode::Text => quote_spanned!(span=> __v1::Choice::<__v1::Text>::NEW),
        Decode::Bytes => quote_spanned!(span=> __v1::Choice::<__v1::Raw>::NEW),
        Decode::JsonOrText => quote_spanned!(span=> __v1::Choice::<__v1::JsonOrText>::NEW),
        Decode::With(path) => quote_spanned!(path.span()=> __v1::Choice::<#path>::NEW),
    }
}
