//! What a method says of itself.

use super::head::effective;
use super::scheme::auth;
use crate::api::{Api, Auth, Endpoint, Kind, Reply, Status, Verb};
use crate::mistake::{Mistakes, Place};
use crate::shape::{self, Wrapper};
use syn::{Generics, TypeParam, TypeParamBound, WherePredicate};

/// What a method says of itself: verb, statuses, result, replay.
pub(super) fn method(api: &Api, endpoint: &Endpoint, mistakes: &mut Mistakes) {
    if let Some(own) = &endpoint.options.auth {
        auth(own, mistakes);
    }
    verb(endpoint, mistakes);
    statuses(endpoint, mistakes);
    head_result(endpoint, mistakes);
    later(endpoint, mistakes);
    one_shot(api, endpoint, mistakes);
    outlives(endpoint, mistakes);
}

/// A verb of one's own must be a token (RFC 9110, section 9.1), and known ones are upper case.
fn verb(endpoint: &Endpoint, mistakes: &mut Mistakes) {
    let Verb::Other(name) = &endpoint.verb.value else {
        return;
    };
    let span = endpoint.verb.span;
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(token) {
        mistakes
            .add(span, format!("`{name}` is not an HTTP method"))
            .help("it is one word, such as \"PURGE\"");
    } else if let Some((word, _, wire)) = Verb::ALL
        .iter()
        .find(|(_, _, wire)| wire.eq_ignore_ascii_case(name))
    {
        mistakes
            .add(
                span,
                format!("HTTP methods are told apart by case: `{name}` is not `{wire}`"),
            )
            .help(format!("write `#[{word}(…)]`"));
    }
}

fn statuses(endpoint: &Endpoint, mistakes: &mut Mistakes) {
    let options = &endpoint.options;
    let optional = shape::layers(&endpoint.reply.value)
        .wrappers
        .contains(&Wrapper::Option);
    if let (Some(first), false) = (options.none.first(), optional) {
        let value = shape::show(&endpoint.reply.value);
        mistakes
            .add(
                first.span,
                format!("`none({})` needs a result that can be `None`", first.value),
            )
            .help(format!("return `Option<{value}>`"));
    }
    let good = |code: u16| {
        options.ok.iter().any(|status| {
            let (first, last) = status.value.range();
            (first..=last).contains(&code) && matches!(status.value, Status::Code(_))
        })
    };
    for none in options.none.iter().filter(|none| good(none.value)) {
        mistakes
            .add(
                none.span,
                format!("{} is in `ok` and in `none`", none.value),
            )
            .help("keep one of them");
    }
}

/// The answer to HEAD has no body (RFC 9110, section 9.3.2).
fn head_result(endpoint: &Endpoint, mistakes: &mut Mistakes) {
    let value = shape::layers(&endpoint.reply.value).value;
    if endpoint.verb.value == Verb::Head && !shape::is_unit(value) {
        mistakes
            .add(
                Place::of(value),
                "the answer to HEAD has no body to read this from",
            )
            .help("return `Call<Response<()>>` for status and headers, or use `#[get]`");
    }
}

/// Results that have their place but no decoder yet.
fn later(endpoint: &Endpoint, mistakes: &mut Mistakes) {
    let value = shape::layers(&endpoint.reply.value).value;
    for name in ["ByteStream", "EventStream", "JsonLines"] {
        if endpoint.options.decode.is_none() && shape::is(value, name) {
            mistakes
                .add(
                    Place::of(value),
                    format!("`{name}` as a result is not yet supported"),
                )
                .help("return `Call<Bytes>`, which reads the whole body");
        }
    }
}

/// A stream is gone once it was sent, so a refused token cannot be followed by a replay.
fn one_shot(api: &Api, endpoint: &Endpoint, mistakes: &mut Mistakes) {
    let stream = endpoint.arguments.iter().find(|argument| {
        let ty = shape::inside(&argument.ty, "Option").unwrap_or(&argument.ty);
        matches!(argument.kind.value, Kind::Body { .. }) && shape::is(ty, "ByteStream")
    });
    let Some(stream) = stream else { return };
    let signed = effective(api, endpoint).is_some_and(|auth| *auth != Auth::None);
    if signed && endpoint.options.replay.is_none() {
        mistakes
            .add(
                Place::of(&stream.ty),
                "a stream cannot be sent again after the token was refreshed",
            )
            .help("say `replay = never` beside the path, or send `Bytes`");
    }
}

/// A call owns what it needs, so what it makes outlives every borrow. The compiler would say so about
/// each of the method's bodies.
fn outlives(endpoint: &Endpoint, mistakes: &mut Mistakes) {
    let Reply { value, error, .. } = &endpoint.reply;
    for parameter in endpoint.generics.type_params() {
        let name = &parameter.ident;
        let used = shape::mentions(value, name)
            || error
                .as_ref()
                .is_some_and(|error| shape::mentions(error, name));
        if used && !is_static(&endpoint.generics, parameter) {
            mistakes
                .add(
                    Place::of(parameter),
                    format!("a call may outlive what `{name}` borrows"),
                )
                .help(format!("add the bound: `{name}: 'static`"));
        }
    }
}

fn is_static(generics: &Generics, parameter: &TypeParam) -> bool {
    let clauses = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    let clauses = clauses.filter_map(|predicate| match predicate {
        WherePredicate::Type(clause)
            if shape::is(&clause.bounded_ty, &parameter.ident.to_string()) =>
        {
            Some(&clause.bounds)
        }
        _ => None,
    });
    let bounds = clauses.chain([&parameter.bounds]).flatten();
    let mut lifetimes = bounds.filter_map(|bound| match bound {
        TypeParamBound::Lifetime(lifetime) => Some(lifetime),
        _ => None,
    });
    lifetimes.any(|lifetime| lifetime.ident == "static")
}
