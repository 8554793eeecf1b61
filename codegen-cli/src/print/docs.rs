//! Documentation as attributes.

use crate::ir::Doc;
use crate::lower::docs;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The documentation of an item that stands at `indent` columns.
pub(crate) fn attributes(doc: &Doc, indent: usize) -> TokenStream {
    markdown(&joined(doc), indent)
}

/// `markdown` in its normal form, wrapped.
pub(crate) fn markdown(markdown: &str, indent: usize) -> TokenStream {
    lines(markdown, indent)
        .map(|line| quote!(#[doc = #line]))
        .collect()
}

/// The documentation of the file.
pub(crate) fn inner(markdown: &str) -> TokenStream {
    lines(markdown, 0)
        .map(|line| quote!(#![doc = #line]))
        .collect()
}

/// Everything a [`Doc`] says, in paragraphs.
pub(crate) fn joined(doc: &Doc) -> String {
    let parts = [
        doc.summary.clone(),
        doc.text.clone(),
        Some(doc.notes.join(" ")),
    ];
    docs::paragraphs(parts.into_iter().flatten())
}

/// The first paragraph of what a [`Doc`] says.
pub(crate) fn first_paragraph(doc: &Doc) -> String {
    joined(doc)
        .split("\n\n")
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn lines(markdown: &str, indent: usize) -> impl Iterator<Item = Literal> {
    let width = 100usize.saturating_sub(indent + "/// ".len());
    docs::wrap(markdown, width).into_iter().map(|line| {
        let space = if line.is_empty() { "" } else { " " };
        Literal::string(&format!("{space}{line}"))
    })
}
