//! The derives: what a struct or an enum says becomes implementations over shared code.

mod attr;
mod case;
mod item;
mod literal;
mod mistakes;
mod model;
mod params;
mod status;
#[cfg(test)]
mod tests;
mod types;

use mistakes::Mistakes;
use proc_macro2::TokenStream;

/// Expands `#[derive(Model)]`.
pub fn model(item: TokenStream) -> TokenStream {
    run(item, model::expand)
}

/// Expands `#[derive(Params)]`.
pub fn params(item: TokenStream) -> TokenStream {
    run(item, params::expand)
}

/// Expands `#[derive(ApiError)]`.
pub fn api_error(item: TokenStream) -> TokenStream {
    run(item, status::error)
}

/// Expands `#[derive(ApiReply)]`.
pub fn api_reply(item: TokenStream) -> TokenStream {
    run(item, status::reply)
}

fn run(item: TokenStream, expand: fn(&item::Item, &mut Mistakes) -> TokenStream) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let mut tokens = match item::parse(item, &mut mistakes) {
        Some(item) => expand(&item, &mut mistakes),
        None => TokenStream::new(),
    };
    tokens.extend(mistakes.into_tokens());
    tokens
}
