//! The documentation of a method.

use super::docs;
use super::draft::Draft;
use super::surface::Surface;
use crate::ir::Doc;

/// Summary, description, arguments, and what a caller should know besides.
pub(super) fn operation(
    surface: &Surface<'_>,
    draft: &Draft<'_>,
    arguments: &[(String, String)],
) -> Doc {
    let value = &draft.source.value;
    let summary = surface.text(value.summary.as_deref());
    let text = surface
        .text(value.description.as_deref())
        .filter(|text| Some(text) != summary.as_ref());
    // A description that begins with the summary says it already.
    let begins = |text: &String| {
        summary
            .as_ref()
            .is_some_and(|summary| text.starts_with(summary.as_str()))
    };
    let summary = if text.as_ref().is_some_and(begins) {
        None
    } else {
        summary.clone()
    };
    let items: Vec<String> = arguments
        .iter()
        .map(|(name, text)| docs::item(&format!("`{name}`"), text))
        .collect();
    let list = items.join("\n");
    let text = docs::paragraphs([text.unwrap_or_default(), list]);
    let mut notes = Vec::new();
    match draft.security.scopes.as_slice() {
        [] => {}
        [one] => notes.push(format!("Scope: {}.", docs::code(one))),
        many => {
            let spans: Vec<String> = many.iter().map(|scope| docs::code(scope)).collect();
            notes.push(format!("Scopes: {}.", spans.join(", ")));
        }
    }
    let headers = draft
        .answers
        .iter()
        .find(|answer| answer.is_success())
        .map(|answer| &answer.headers);
    if let Some(headers) = headers.filter(|headers| !headers.is_empty()) {
        notes.push(super::errors::headers(headers));
    }
    if let Some(link) = value.external_docs.as_ref().filter(|_| surface.config.docs) {
        notes.push(format!("See <{}>.", docs::line(&link.url)).replace(['`', '\\'], ""));
        notes.retain(|note| !note.starts_with("See <") || note.starts_with("See <http"));
    }
    if !surface.config.docs {
        notes.clear();
    }
    Doc {
        summary,
        text: (!text.is_empty()).then_some(text),
        notes,
    }
}
