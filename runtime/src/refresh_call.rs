//! The renewal of a session through a method of the API itself.

mod gated;
#[cfg(test)]
mod tests;

pub(crate) use gated::GatedConnector;

use crate::{
    Client, Reply, RequestError, Secret, Tokens, TransportError,
    body::Kind,
    client::Outgoing,
    endpoint::{Auth, RefreshEndpoint},
    execute::{basic, drain},
    request::{Draft, Request},
    session::{BoxFuture, Convention, Gate, RefreshAsk, RefreshFailure, Refresher, Refused},
};
use bytes::Bytes;
use gated::{CONNECTING, Gated};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use std::{mem, sync::Arc, time::Duration};

/// Spends refresh tokens through a method of the API.
#[derive(Clone)]
pub(crate) struct RefreshCall(Arc<Parts>);

struct Parts {
    /// Knows no session, so that nothing here can ask for a renewal.
    client: Client,
    http: reqwest::Client,
    /// Whether `http` was built here, with a connector that asks the gate.
    gated: bool,
    method: RefreshEndpoint,
}

impl RefreshCall {
    /// Shorter than any sensible deadline of a refresh, so that "not connected" is told in time.
    pub(crate) const CONNECT: Duration = Duration::from_secs(10);

    pub(crate) fn new(
        client: Client,
        http: reqwest::Client,
        gated: bool,
        method: RefreshEndpoint,
    ) -> Self {
        Self(Arc::new(Parts {
            client,
            http,
            gated,
            method,
        }))
    }

    fn request(&self, token: &Secret, gate: &Gate) -> Result<reqwest::Request, RequestError> {
        let Parts { client, method, .. } = &*self.0;
        let mut request = Request::new(client, method.endpoint);
        (method.fill)(&mut request, token.expose());
        let mut draft = request.finish()?;
        if method.endpoint.auth() == Auth::Basic {
            basic(client, method.endpoint, &mut draft)?;
        }
        let Draft {
            method,
            url,
            headers,
            body,
            ..
        } = draft;
        let body = match body {
            None => Bytes::new(),
            Some(Kind::Bytes(bytes)) => bytes,
            Some(Kind::Stream(_)) => {
                return Err(RequestError::new("a renewal cannot send a stream"));
            }
        };
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        if let Some(hook) = &client.settings().before_send {
            let (method, url) = (request.method().clone(), request.url().clone());
            let (headers, body) = (request.headers_mut(), Some(&body));
            hook(&mut Outgoing {
                method: &method,
                url: &url,
                headers,
                body,
            });
        }
        if !body.is_empty() {
            *request.body_mut() = Some(reqwest::Body::wrap(Gated {
                gate: gate.clone(),
                body,
            }));
        }
        Ok(request)
    }

    async fn spend(self, ask: RefreshAsk) -> Result<Tokens, RefreshFailure> {
        let gate = ask.gate();
        let request = self
            .request(ask.refresh_token(), gate)
            .map_err(RefreshFailure::not_sent)?;
        let empty = request.body().is_none();
        let sending = self.0.http.execute(request);
        let sent = match (empty, self.0.gated) {
            (false, _) => sending.await,
            (true, true) => CONNECTING.scope(gate.clone(), sending).await,
            (true, false) => {
                // A foreign client's connector cannot be asked: this is the last moment known.
                gate.pass().map_err(RefreshFailure::not_sent)?;
                sending.await
            }
        };
        let response =
            sent.map_err(|error| RefreshFailure::unanswered(TransportError::from_http(error)))?;
        self.read(response).await
    }

    async fn read(&self, mut response: reqwest::Response) -> Result<Tokens, RefreshFailure> {
        let Parts { method, .. } = &*self.0;
        let status = response.status();
        let headers = mem::take(response.headers_mut());
        let succeeded = method.endpoint.is_ok(status.as_u16());
        let body = if succeeded {
            let whole = response.bytes().await;
            whole.map_err(|error| RefreshFailure::unanswered(TransportError::from_http(error)))?
        } else {
            drain(response).await
        };
        let mut answer = crate::Answer {
            status,
            headers,
            body,
            opened: None,
        };
        let envelope = method.endpoint.api.envelope;
        if let Some(envelope) = &envelope {
            envelope.open(&mut answer);
        }
        let refused = envelope.is_some_and(|envelope| envelope.refuses(&answer));
        if !succeeded || refused {
            return Err(refusal(&answer).into());
        }
        (method.read)(Reply::new(answer)).map_err(|why| RefreshFailure::unreadable(why.redact()))
    }
}

fn refusal(answer: &crate::Answer) -> Refused {
    let mut refused = Refused::new(answer.status).headers(&answer.headers);
    if let Some(opened) = &answer.opened {
        refused = refused.code(opened.code);
    }
    if let Some(error) = oauth_error(answer.status, &answer.body) {
        refused = refused.oauth_error(error);
    }
    refused
}

/// The member `error` of RFC 6749, section 5.2.
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

impl Refresher for RefreshCall {
    fn refresh(&self, ask: RefreshAsk) -> BoxFuture<'static, Result<Tokens, RefreshFailure>> {
        Box::pin(self.clone().spend(ask))
    }

    fn convention(&self) -> Convention {
        Convention::Endpoint
    }
}
