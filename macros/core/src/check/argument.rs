//! Arguments by themselves, and their names beside each other.

use super::{head::effective, scheme};
use crate::api::{Api, Argument, Carrier, Endpoint, Kind};
use crate::mistake::{Mistakes, Place};
use crate::shape;
use proc_macro2::Span;

/// Rules that hold for arguments whatever the path and the body.
pub(super) fn arguments(api: &Api, endpoint: &Endpoint, mistakes: &mut Mistakes) {
    twice(api, endpoint, mistakes);
    let urls = endpoint
        .arguments
        .iter()
        .filter(|argument| argument.kind.value == Kind::Url);
    for other in urls.skip(1) {
        mistakes
            .add(other.kind.span, "a request has one URL")
            .help("remove one of the `#[url]` arguments");
    }
    for argument in &endpoint.arguments {
        self::argument(argument, mistakes);
    }
}

fn argument(argument: &Argument, mistakes: &mut Mistakes) {
    if argument.default().is_some() && shape::inside(&argument.ty, "Option").is_none() {
        let ty = shape::show(&argument.ty);
        mistakes
            .add(
                Place::of(&argument.ty),
                "`default` is what `None` sends, but this argument is never `None`",
            )
            .help(format!("write `Option<{ty}>`, or remove `default`"));
    }
    if let Kind::Body { mime: Some(mime) } = &argument.kind.value {
        if !is_media_type(&mime.value) {
            mistakes
                .add(mime.span, format!("`{}` is not a media type", mime.value))
                .help("write type and subtype: \"text/csv\"");
        }
    }
    if let Kind::Cookie { .. } = &argument.kind.value {
        let name = argument.wire_name(None).unwrap_or_default();
        cookie_name(&name, argument.kind.span, mistakes);
    }
    if argument.kind.value == Kind::Url && shape::inside(&argument.ty, "Option").is_some() {
        mistakes
            .add(Place::of(&argument.ty), "a request cannot go without a URL")
            .help("remove `Option`");
    }
}

/// Whether a name can be a cookie's (RFC 6265, section 4.1.1); says so if it cannot.
pub(super) fn cookie_name(name: &str, span: Span, mistakes: &mut Mistakes) {
    let separator = |c: char| "()<>@,;:\\\"/[]?={}".contains(c);
    if name.is_empty() || name.contains(|c: char| !c.is_ascii_graphic() || separator(c)) {
        mistakes.add(span, format!("`{name}` is not the name of a cookie"));
    }
}

fn is_media_type(mime: &str) -> bool {
    let essence = mime.split(';').next().unwrap_or_default().trim();
    let good =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_graphic() && c != '/');
    mime.is_ascii()
        && !mime.contains(|c: char| c.is_ascii_control())
        && matches!(essence.split_once('/'), Some((main, sub)) if good(main) && good(sub))
}

/// Two arguments under one name, or an argument and the fixed query.
fn twice(api: &Api, endpoint: &Endpoint, mistakes: &mut Mistakes) {
    let case = api.head.rename_all.map(|at| at.value);
    let query = endpoint
        .path
        .iter()
        .filter_map(|path| path.value.query.as_deref());
    let fixed = query.flat_map(|query| query.split('&'));
    let mut seen: Vec<(&str, String, Option<Span>)> = fixed
        .filter_map(|pair| pair.split('=').next())
        .map(|key| ("query", key.to_owned(), None))
        .collect();
    let auth = effective(api, endpoint);
    if let Some(path) = &endpoint.path {
        for (_, name, _) in &seen {
            scheme::injected(Carrier::Query, name, path.span, auth, mistakes);
        }
    }
    for argument in &endpoint.arguments {
        let place = match argument.kind.value {
            Kind::Query { .. } => "query",
            Kind::Field { .. } => "field",
            Kind::Cookie { .. } => "cookie",
            _ => continue,
        };
        let name = argument.wire_name(case).unwrap_or_default();
        let carrier = match place {
            "query" => Some(Carrier::Query),
            "cookie" => Some(Carrier::Cookie),
            _ => None,
        };
        if let Some(carrier) = carrier {
            scheme::injected(carrier, &name, argument.kind.span, auth, mistakes);
        }
        match seen
            .iter()
            .find(|(other, key, _)| *other == place && *key == name)
        {
            Some((_, _, Some(_))) if argument.is_conditional() => {}
            Some((_, _, Some(_))) => {
                mistakes
                    .add(argument.kind.span, format!("two arguments are sent as the {place} `{name}`"))
                    .help(format!("a list is one argument, `{name}: &[T]`; for another name write `#[{place}(\"…\")]`"));
            }
            Some((_, _, None)) => {
                mistakes
                    .add(
                        argument.kind.span,
                        format!("the path says `?{name}=…` already"),
                    )
                    .help("remove it there, or the argument");
            }
            None => seen.push((place, name, Some(argument.kind.span))),
        }
    }
}
