//! Schemes by themselves, and beside each other.

use super::{argument, header};
use crate::api::{At, Auth, Carrier};
use crate::mistake::Mistakes;
use proc_macro2::Span;

/// A scheme, a combination, or a choice.
pub(super) fn auth(auth: &At<Auth>, mistakes: &mut Mistakes) {
    match &auth.value {
        Auth::Optional(inner) => optional(auth, inner, mistakes),
        Auth::Any(alternatives) => any(auth, alternatives, mistakes),
        Auth::All(schemes) => all(auth, schemes, mistakes),
        Auth::Header { name, .. } => {
            header::name(name, mistakes);
        }
        Auth::Query(name) if name.value.is_empty() => {
            mistakes
                .add(name.span, "a parameter has a name")
                .help("write it as the API does: `query(\"key\")`");
        }
        Auth::Cookie(name) => argument::cookie_name(&name.value, name.span, mistakes),
        Auth::None | Auth::Bearer | Auth::Basic | Auth::Query(_) => {}
    }
}

fn optional(auth: &At<Auth>, inner: &Auth, mistakes: &mut Mistakes) {
    match inner {
        Auth::None => {
            mistakes.add(auth.span, "`optional(none)` is `none`");
        }
        Auth::Optional(_) => {
            mistakes
                .add(auth.span, "`optional` in `optional` says nothing more")
                .help("keep one");
        }
        Auth::Any(alternatives) if alternatives.iter().any(|it| it.value == Auth::None) => {
            mistakes
                .add(
                    auth.span,
                    "`optional` says nothing more than the `none` in it",
                )
                .help("keep one of them");
        }
        inner => self::auth(&At::new(inner.clone(), auth.span), mistakes),
    }
}

fn any(auth: &At<Auth>, alternatives: &[At<Auth>], mistakes: &mut Mistakes) {
    few("any", auth, alternatives, mistakes);
    for (at, alternative) in alternatives.iter().enumerate() {
        match &alternative.value {
            Auth::None if at + 1 < alternatives.len() => {
                mistakes
                    .add(alternative.span, "what stands after `none` is never tried")
                    .help("move `none` to the end");
            }
            Auth::None => {}
            Auth::Any(_) => {
                mistakes
                    .add(alternative.span, "`any` in `any` says nothing more")
                    .help("put its schemes into the outer one");
            }
            Auth::Optional(_) => {
                mistakes
                    .add(
                        alternative.span,
                        "`optional` in `any` is a `none` in its middle",
                    )
                    .help("remove it, and put `none` at the end");
            }
            _ if alternatives[..at].contains(alternative) => {
                mistakes
                    .add(alternative.span, "this alternative is given twice")
                    .help("keep one of them");
            }
            _ => self::auth(alternative, mistakes),
        }
    }
}

fn all(auth: &At<Auth>, schemes: &[At<Auth>], mistakes: &mut Mistakes) {
    few("all", auth, schemes, mistakes);
    for (at, scheme) in schemes.iter().enumerate() {
        match &scheme.value {
            Auth::None => {
                mistakes
                    .add(scheme.span, "`none` adds nothing to `all`")
                    .help("remove it, or write `optional(all(…))` to go without any of them");
            }
            Auth::All(_) => {
                mistakes
                    .add(scheme.span, "`all` in `all` says nothing more")
                    .help("put its schemes into the outer one");
            }
            Auth::Any(_) | Auth::Optional(_) => {
                mistakes
                    .add(scheme.span, "`all` takes no choices")
                    .help("choose between combinations: `any(all(bearer, query(\"a\")), all(bearer, query(\"b\")))`");
            }
            single => {
                collides(single, scheme, &schemes[..at], mistakes);
                self::auth(scheme, mistakes);
            }
        }
    }
}

/// A combination, or a choice, of one is that one.
fn few(word: &str, auth: &At<Auth>, inner: &[At<Auth>], mistakes: &mut Mistakes) {
    if inner.is_empty() {
        mistakes
            .add(
                auth.span,
                format!("found `{word}` of nothing, expected two schemes or more"),
            )
            .help(format!(
                "write `{word}(bearer, header(\"X-Api-Key\"))`, or `none`"
            ));
    } else if inner.len() == 1 {
        let only = inner[0].value.word();
        mistakes
            .add(
                auth.span,
                format!("found `{word}` of one scheme, expected two or more"),
            )
            .help(format!("write `{only}` alone"));
    }
}

/// Two tokens have no room in one place.
fn collides(single: &Auth, scheme: &At<Auth>, others: &[At<Auth>], mistakes: &mut Mistakes) {
    let Some((carrier, name)) = single.carrier() else {
        return;
    };
    let sender = |other: &At<Auth>| other.value.sender(carrier, name).map(Auth::word);
    let Some(other) = others.iter().find_map(sender) else {
        return;
    };
    let what = carrier.word();
    let word = single.word();
    let message = if word == other {
        format!("two schemes send the {what} `{name}`")
    } else {
        format!("`{word}` and `{other}` both send the {what} `{name}`")
    };
    mistakes
        .add(scheme.span, message)
        .help("keep one of them, or choose between them with `any(…)`");
}

/// Whether this carries the token: a call that says it too would send its own in its place.
pub(super) fn injected(
    carrier: Carrier,
    name: &str,
    span: Span,
    auth: Option<&Auth>,
    mistakes: &mut Mistakes,
) {
    let Some(auth) = auth.filter(|auth| auth.sender(carrier, name).is_some()) else {
        return;
    };
    let what = match carrier {
        Carrier::Header => format!("`{name}`"),
        Carrier::Query | Carrier::Cookie => format!("the {} `{name}`", carrier.word()),
    };
    mistakes
        .add(
            span,
            format!("{what} is what `auth = {}` sends", auth.word()),
        )
        .help("give the token to the session, or say `auth = none`");
}
