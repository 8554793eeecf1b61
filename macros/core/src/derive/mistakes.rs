//! Every mistake of a type is reported in one run.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use std::fmt::Display;

/// The mistakes found so far.
#[derive(Default)]
pub(super) struct Mistakes(Option<syn::Error>);

impl Mistakes {
    /// Reports a mistake at a span.
    pub(super) fn at(&mut self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Reports a mistake over all of those tokens.
    pub(super) fn over(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Reports what a parser found.
    pub(super) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Takes the value, or reports why there is none.
    pub(super) fn ok<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// One `compile_error!` for each.
    pub(super) fn into_tokens(self) -> TokenStream {
        self.0
            .map_or_else(TokenStream::new, |all| all.to_compile_error())
    }
}
