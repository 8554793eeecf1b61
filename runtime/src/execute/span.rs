//! The span of a call, with the names of OpenTelemetry's conventions for HTTP clients.
//!
//! `url.full` has no query: a scheme may write its key there, and users write what they like.

use super::{Failure, Outcome};
use crate::{error::Plain, request::Request};
use http::StatusCode;
use tracing::{
    Span,
    field::{Empty, display},
};
use url::{Position, Url};

pub(super) fn begin(request: &Request) -> Span {
    let endpoint = request.endpoint;
    tracing::debug_span!(
        target: "perennial::call",
        "call",
        otel.name = %format_args!("{} {}", endpoint.method, endpoint.path),
        otel.kind = "client",
        code.function.name = endpoint.name,
        http.request.method = endpoint.method,
        url.template = endpoint.path,
        url.full = Empty,
        server.address = Empty,
        server.port = Empty,
        http.request.resend_count = Empty,
        http.response.status_code = Empty,
        "error.type" = Empty,
    )
}

pub(super) fn goes_to(span: &Span, url: &Url) {
    if span.is_disabled() {
        return;
    }
    let origin = &url[Position::BeforeScheme..Position::AfterScheme];
    let place = &url[Position::BeforeHost..Position::AfterPath];
    span.record("url.full", display(format_args!("{origin}://{place}")));
    span.record("server.address", url.host_str().unwrap_or_default());
    span.record(
        "server.port",
        url.port_or_known_default().unwrap_or_default(),
    );
}

pub(super) fn answered(span: &Span, status: StatusCode, resent: bool) {
    span.record("http.response.status_code", status.as_u16());
    if resent {
        span.record("http.request.resend_count", 1);
    }
}

pub(super) fn ended(span: &Span, outcome: &Outcome) {
    match outcome {
        Ok(_) => {}
        Err(Failure::Refused(answer)) => {
            span.record("error.type", answer.status.as_str());
        }
        Err(Failure::Error(error)) => {
            span.record("error.type", kind(error));
        }
    }
}

fn kind(error: &Plain) -> &'static str {
    match error {
        Plain::SessionExpired(_) => "session_expired",
        Plain::SessionChanged(_) => "session_changed",
        Plain::Unauthorized(_) => "unauthorized",
        Plain::Refresh(_) => "refresh",
        Plain::Transport(_) if error.is_timeout() => "timeout",
        Plain::Transport(_) => "transport",
        Plain::Decode(_) => "decode",
        Plain::Unexpected(_) => "unexpected",
        Plain::Request(_) => "request",
        Plain::Api(_) => "api",
    }
}
