//! Entry points of the attribute and the derives.

use proc_macro::TokenStream;

#[doc = include_str!("../docs/api_client.md")]
#[proc_macro_attribute]
pub fn api_client(attr: TokenStream, item: TokenStream) -> TokenStream {
    perennial_macros_core::expand::attribute(attr.into(), item.into()).into()
}

/// Implements `serde::Serialize` and `serde::Deserialize`, as lean as a type's code can be.
#[proc_macro_derive(Model, attributes(model, serde))]
pub fn model(item: TokenStream) -> TokenStream {
    perennial_macros_core::derive::model(item.into()).into()
}

/// Makes a struct of query parameters, headers and cookies an argument.
#[proc_macro_derive(Params, attributes(params, query, header, cookie))]
pub fn params(item: TokenStream) -> TokenStream {
    perennial_macros_core::derive::params(item.into()).into()
}

/// Makes an enum the error of a method, its variant told by the status.
#[proc_macro_derive(ApiError, attributes(status))]
pub fn api_error(item: TokenStream) -> TokenStream {
    perennial_macros_core::derive::api_error(item.into()).into()
}

/// Makes an enum the result of a method, its variant told by the status.
#[proc_macro_derive(ApiReply, attributes(status))]
pub fn api_reply(item: TokenStream) -> TokenStream {
    perennial_macros_core::derive::api_reply(item.into()).into()
}
