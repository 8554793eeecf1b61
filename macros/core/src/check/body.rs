//! The body, and whether the verb takes one.

use crate::api::{Argument, Endpoint, Kind};
use crate::mistake::Mistakes;

/// At most one body, which is whole or in fields.
pub(super) fn body(endpoint: &Endpoint, mistakes: &mut Mistakes) {
    let bodies: Vec<_> = endpoint
        .arguments
        .iter()
        .filter(|argument| argument.kind.value.is_body())
        .collect();
    let Some((first, others)) = bodies.split_first() else {
        return;
    };
    for other in others.iter().filter(|other| !other.is_conditional()) {
        pair(first, other, mistakes);
    }
    let verb = &endpoint.verb.value;
    if verb.is_bodiless() && !endpoint.options.allow_body.is_set() {
        mistakes
            .add(first.kind.span, format!("a body on {} has no defined meaning, and many servers drop it", verb.as_str()))
            .help(format!(
                "send `{}` as `#[query]`, use `#[post]`, or say `allow_body` beside the path if this server wants it",
                first.ident
            ));
    }
}

fn pair(first: &Argument, other: &Argument, mistakes: &mut Mistakes) {
    let (a, b) = (word(&first.kind.value), word(&other.kind.value));
    let (message, help) = match (&first.kind.value, &other.kind.value) {
        (Kind::Field { .. }, Kind::Field { .. }) => return,
        (Kind::Form { .. }, Kind::Field { .. }) | (Kind::Field { .. }, Kind::Form { .. }) => (
            "`#[form]` is the whole form, so there is no `#[field]` beside it".to_owned(),
            "put the field into the struct, or send each member as `#[field]`",
        ),
        _ if a == b => (
            format!("a request has one body: there is a `{a}` already"),
            "put both into one struct",
        ),
        _ => (
            format!("a request has one body: `{b}` cannot stand beside `{a}`"),
            "keep one of them",
        ),
    };
    mistakes.add(other.kind.span, message).help(help);
}

fn word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Json => "#[json]",
        Kind::Form { .. } => "#[form]",
        Kind::Field { .. } => "#[field]",
        _ => "#[body]",
    }
}
