//! What the trait says for all of its methods.

use super::{header, retry, scheme};
use crate::api::{Api, At, Auth, Endpoint, Expired, Head, Session, Source, Template, Text};
use crate::mistake::{Mistakes, Place};

pub(super) fn head(api: &Api, mistakes: &mut Mistakes) {
    if let Some(url) = &api.head.base_url {
        base_url(url, mistakes);
    }
    if let Some(path) = &api.head.path {
        self::path(path, mistakes);
    }
    if let Some(session) = &api.head.session {
        self::session(session, &api.head, mistakes);
    }
    if let Some(auth) = &api.head.auth {
        scheme::auth(auth, mistakes);
    }
    retry::of_trait(&api.head, mistakes);
    header::of_trait(&api.head, mistakes);
}

fn base_url(url: &Text, mistakes: &mut Mistakes) {
    let Some(text) = url.literal() else { return };
    let place = Place::of(url);
    let after = ["https://", "http://"]
        .into_iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    let Some(after) = after else {
        let help = "write it with scheme and host: \"https://api.example.com\"";
        mistakes
            .add(
                place,
                format!("`{text}` is not an absolute `http` or `https` URL"),
            )
            .help(help);
        return;
    };
    let host = after.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || text.contains(char::is_whitespace) {
        mistakes
            .add(place, format!("`{text}` is not a URL"))
            .help("write it as \"https://api.example.com\"");
    } else if after.contains(['?', '#']) {
        mistakes
            .add(
                place,
                "a base URL has neither query nor fragment, which each path would cut off",
            )
            .help(
                "put fixed parameters into the path of each method: `#[get(\"/users?sort=asc\")]`",
            );
    } else if host.contains('@') {
        mistakes
            .add(place, "a base URL carries no credentials")
            .help("give them to the session");
    } else if text.contains(['{', '}']) {
        mistakes.add(place, "a base URL has no placeholders").help(
            "put them into the trait's path, `path = \"/v1/{tenant}\"`, and the builder fills them",
        );
    }
}

fn path(path: &At<Template>, mistakes: &mut Mistakes) {
    let text = path.value.to_string();
    if !text.starts_with('/') {
        mistakes
            .add(path.span, "the trait's path does not start with `/`")
            .help(format!("write \"/{text}\""));
    }
    if path.value.query.is_some() {
        mistakes
            .add(
                path.span,
                "the trait's path has no query, since each method's path comes after it",
            )
            .help("put it into the paths of the methods");
    }
}

fn session(session: &At<Session>, head: &Head, mistakes: &mut Mistakes) {
    let Session {
        refresh,
        expired,
        from,
    } = &session.value;
    let refresh_code = refresh.map_or(401, |at| at.value);
    let expired_code = match expired.map(|at| at.value) {
        None => Some(402),
        Some(Expired::Code(code)) => Some(code),
        Some(Expired::Never) => None,
    };
    if expired_code == Some(refresh_code) {
        let span = expired
            .map(|at| at.span)
            .or(refresh.map(|at| at.span))
            .unwrap_or(session.span);
        let message = format!(
            "{refresh_code} cannot mean both: refresh the session, and the session is over"
        );
        let help = match expired {
            None => "`expired` is 402 unless you say otherwise: `expired = none` switches it off",
            Some(_) => "give `refresh` and `expired` different codes, or `expired = none`",
        };
        mistakes.add(span, message).help(help);
    }
    let Some(from) = from else { return };
    if from.value.is_empty() {
        mistakes
            .add(session.span, "`from = []` finds no code")
            .help("write `from = [status]`");
    }
    if from.value.contains(&Source::Envelope) && head.envelope.is_none() {
        mistakes
            .add(
                from.span,
                "`from` names the envelope, but the trait does not say what it looks like",
            )
            .help("add `envelope(code = \"code\", message = \"msg\", data = \"data\", ok = [0])`");
    }
}

/// The scheme a method is sent with; none where nothing is said of one.
pub(super) fn effective<'a>(api: &'a Api, endpoint: &'a Endpoint) -> Option<&'a Auth> {
    match &endpoint.options.auth {
        Some(own) => Some(&own.value),
        None if endpoint.options.refresh.is_set() => Some(&Auth::None),
        None => api.head.auth.as_ref().map(|auth| &auth.value),
    }
}
