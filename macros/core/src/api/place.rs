//! Where things are written, which is no part of what they say.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use std::fmt;
use syn::{Expr, ExprLit, Lit};

/// A value and where it was written. Two of them are equal if their values are.
#[derive(Clone, Copy)]
pub struct At<T> {
    /// What was written.
    pub value: T,
    /// Where; the place of the macro's call for what a program made.
    pub span: Span,
}

impl<T> At<T> {
    /// Puts `value` at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T> From<T> for At<T> {
    fn from(value: T) -> Self {
        Self::new(value, Span::call_site())
    }
}

impl<T: PartialEq> PartialEq for At<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: fmt::Debug> fmt::Debug for At<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// A key without a value, `refresh` or `allow_body`: where it was written, if it was.
#[derive(Clone, Copy, Default)]
pub struct Flag(Option<Span>);

impl Flag {
    /// The key, written at `span`.
    pub fn at(span: Span) -> Self {
        Self(Some(span))
    }

    /// Whether the key is there.
    pub fn is_set(self) -> bool {
        self.0.is_some()
    }

    /// Where it was written.
    pub fn span(self) -> Option<Span> {
        self.0
    }
}

impl From<bool> for Flag {
    fn from(set: bool) -> Self {
        Self(set.then(Span::call_site))
    }
}

impl PartialEq for Flag {
    fn eq(&self, other: &Self) -> bool {
        self.is_set() == other.is_set()
    }
}

impl fmt::Debug for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.is_set().fmt(f)
    }
}

/// A string literal, or an expression that is a `&'static str` at compile time.
#[derive(Clone, Debug, PartialEq)]
pub struct Text(pub Expr);

impl Text {
    /// The string, if it is written out.
    pub fn literal(&self) -> Option<String> {
        match &self.0 {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(syn::parse_quote!(#text))
    }
}

impl ToTokens for Text {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}

/// Tokens that are carried over and never looked into, equal if they read the same.
#[derive(Clone)]
pub struct Tokens(pub TokenStream);

impl PartialEq for Tokens {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_string() == other.0.to_string()
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl ToTokens for Tokens {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.0.clone());
    }
}
