//! Headers: their names, and who says them already.

use super::{head::effective, scheme};
use crate::api::{Api, At, Carrier, Endpoint, Head, Header, Kind};
use crate::mistake::Mistakes;
use crate::shape;
use proc_macro2::Span;

/// Whether a name can be a header's (RFC 9110, section 5.1); says so if it cannot.
pub(super) fn name(name: &At<String>, mistakes: &mut Mistakes) -> bool {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let good = !name.value.is_empty() && name.value.chars().all(token);
    if !good {
        mistakes
            .add(
                name.span,
                format!("`{}` is not the name of a header", name.value),
            )
            .help("a header's name has letters, digits and dashes: \"X-Request-Id\"");
    }
    good
}

/// Headers that are the same for each call: of the trait, or of a method.
fn fixed(headers: &[Header], mistakes: &mut Mistakes) {
    for (at, header) in headers.iter().enumerate() {
        name(&header.name, mistakes);
        let same = |other: &Header| other.name.value.eq_ignore_ascii_case(&header.name.value);
        if headers[..at].iter().any(same) {
            mistakes.add(
                header.name.span,
                format!("the header `{}` is given twice", header.name.value),
            );
        }
        let value = header.value.literal().unwrap_or_default();
        if value.chars().any(|c| c.is_control() && c != '\t') {
            mistakes.add(
                header.name.span,
                format!(
                    "the value of `{}` holds a control character",
                    header.name.value
                ),
            );
        }
    }
}

/// A method's headers, fixed ones and arguments, beside what the method says already.
pub(super) fn headers(api: &Api, endpoint: &Endpoint, mistakes: &mut Mistakes) {
    fixed(&endpoint.options.headers, mistakes);
    let mut seen: Vec<String> = Vec::new();
    for argument in &endpoint.arguments {
        let Kind::Header { name: written } = &argument.kind.value else {
            continue;
        };
        let Some(wire) = argument.wire_name(None) else {
            continue;
        };
        let at = At::new(
            wire,
            written
                .as_ref()
                .map_or(argument.kind.span, |name| name.span),
        );
        if !name(&at, mistakes) {
            continue;
        }
        let lower = at.value.to_ascii_lowercase();
        if seen.contains(&lower) && !argument.is_conditional() {
            mistakes.add(
                at.span,
                format!("two arguments are sent as the header `{}`", at.value),
            );
        }
        claimed(&lower, at.span, api, endpoint, mistakes);
        seen.push(lower);
    }
    for header in &endpoint.options.headers {
        claimed(
            &header.name.value.to_ascii_lowercase(),
            header.name.span,
            api,
            endpoint,
            mistakes,
        );
    }
}

/// Headers of the trait, beside the scheme of the trait.
pub(super) fn of_trait(head: &Head, mistakes: &mut Mistakes) {
    fixed(&head.headers, mistakes);
    for header in &head.headers {
        let auth = head.auth.as_ref().map(|auth| &auth.value);
        scheme::injected(
            Carrier::Header,
            &header.name.value,
            header.name.span,
            auth,
            mistakes,
        );
    }
}

/// Whether the method says that header by other means.
fn claimed(header: &str, span: Span, api: &Api, endpoint: &Endpoint, mistakes: &mut Mistakes) {
    let auth = effective(api, endpoint);
    scheme::injected(Carrier::Header, header, span, auth, mistakes);
    if header == "content-type" {
        let body = endpoint
            .arguments
            .iter()
            .find(|argument| argument.kind.value.is_body());
        let word = match body.map(|argument| &argument.kind.value) {
            Some(Kind::Json) => "#[json]",
            Some(Kind::Form { .. }) => "#[form]",
            Some(Kind::Field { .. }) => "#[field]",
            Some(Kind::Body { mime: Some(_) }) => "#[body(mime = …)]",
            _ => return,
        };
        mistakes
            .add(span, format!("`{word}` says the content type already"))
            .help("for a type of your own, send the body as `#[body(mime = \"application/…\")]`");
    }
    if header == "accept" && !shape::is_bytes(shape::layers(&endpoint.reply.value).value) {
        mistakes
            .add(span, "the type of the result says what is accepted")
            .help("return `Call<Bytes>` to read the answer yourself");
    }
}
