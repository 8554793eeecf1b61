//! How a renewal goes over the wire: one request, past the gate, on a connection of its own.

mod gated;

use crate::{
    Answer, RequestError, TransportError,
    session::{Gate, RefreshFailure, Refused},
};
use bytes::{Bytes, BytesMut};
use gated::{CONNECTING, Gated, GatedConnector};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use std::{sync::Arc, time::Duration};

/// The user's say in how HTTP clients are built.
pub(crate) type HttpHook =
    Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// Shorter than any sensible deadline of a refresh, so that "not connected" is told in time.
const CONNECT: Duration = Duration::from_secs(10);

/// No answer with tokens is that long.
const LONGEST: usize = 1 << 20;

/// The HTTP client of renewals.
pub(crate) struct RefreshHttp {
    http: reqwest::Client,
    /// Whether it was built here, with a connector that asks the gate.
    gated: bool,
}

impl RefreshHttp {
    /// A client that reaches the server as calls do, and keeps what a renewal needs.
    pub(crate) fn new(hooks: &[HttpHook]) -> Result<Self, RequestError> {
        let mut builder = reqwest::Client::builder().connect_timeout(CONNECT);
        for change in hooks {
            builder = change(builder);
        }
        // Last, so that nobody undoes it. A kept-alive connection that the server closes under a
        // renewal loses its answer, hence no idle ones.
        let built = builder
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .pool_max_idle_per_host(0)
            .retry(reqwest::retry::never())
            .connector_layer(GatedConnector::layer())
            .build();
        let http =
            built.map_err(|why| RequestError::because("the HTTP client cannot be built", why))?;
        Ok(Self { http, gated: true })
    }

    /// A client that was built elsewhere, whose connector cannot be asked.
    pub(crate) fn foreign(http: reqwest::Client) -> Self {
        Self { http, gated: false }
    }

    /// Sends `request` with this body, if the gate lets it pass at the last moment.
    pub(crate) async fn send(
        &self,
        mut request: reqwest::Request,
        body: Bytes,
        gate: &Gate,
    ) -> Result<reqwest::Response, RefreshFailure> {
        let empty = body.is_empty();
        if !empty {
            let gate = gate.clone();
            *request.body_mut() = Some(reqwest::Body::wrap(Gated { gate, body }));
        }
        let sending = self.http.execute(request);
        let sent = match (empty, self.gated) {
            (false, _) => sending.await,
            (true, true) => CONNECTING.scope(gate.clone(), sending).await,
            (true, false) => {
                // A foreign client's connector cannot be asked: this is the last moment known.
                gate.pass().map_err(RefreshFailure::not_sent)?;
                sending.await
            }
        };
        sent.map_err(unanswered)
    }
}

/// The whole of an answer that should hold tokens.
pub(crate) async fn whole(mut response: reqwest::Response) -> Result<Bytes, RefreshFailure> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(unanswered)? {
        if body.len() + chunk.len() > LONGEST {
            let why = "the answer is longer than 1 MiB, expected one with tokens";
            return Err(RefreshFailure::unreadable(why));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn unanswered(error: reqwest::Error) -> RefreshFailure {
    RefreshFailure::unanswered(TransportError::from_http(error))
}

/// What an answer says that holds no tokens.
pub(crate) fn refusal(answer: &Answer) -> Refused {
    let mut refused = Refused::new(answer.status).headers(&answer.headers);
    if let Some(opened) = &answer.opened {
        refused = refused.code(opened.code);
    }
    if let Some(error) = oauth_error(answer.status, &answer.body) {
        refused = refused.oauth_error(error);
    }
    refused
}

/// The member `error` of RFC 6749, section 5.2. A server error stays one whatever its body says.
fn oauth_error(status: StatusCode, body: &[u8]) -> Option<String> {
    if !status.is_client_error() {
        return None;
    }
    match Value::deserialize(&mut serde_json::Deserializer::from_slice(body)).ok()? {
        Value::Object(mut members) => match members.remove("error")? {
            Value::String(error) => Some(error),
            _ => None,
        },
        _ => None,
    }
}
