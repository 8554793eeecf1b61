//! The renewal of a session through a method of the API itself.

#[cfg(test)]
mod tests;

use crate::{
    Client, Reply, RequestError, Secret, Tokens,
    auth::{Choice, Credentials},
    body::Kind,
    client::Outgoing,
    endpoint::{Endpoint, RefreshEndpoint},
    execute::drain,
    refresh_http::{RefreshHttp, refusal, whole},
    request::{Draft, Request},
    session::{Ask, BoxFuture, Convention, RefreshAsk, RefreshFailure, Refresher},
};
use bytes::Bytes;
use std::{mem, sync::Arc};

/// Spends refresh tokens through a method of the API.
#[derive(Clone)]
pub(crate) struct RefreshCall(Arc<Parts>);

struct Parts {
    /// Knows no session, so that nothing here can ask for a renewal.
    client: Client,
    http: RefreshHttp,
    method: RefreshEndpoint,
}

impl RefreshCall {
    pub(crate) fn new(client: Client, http: RefreshHttp, method: RefreshEndpoint) -> Self {
        Self(Arc::new(Parts {
            client,
            http,
            method,
        }))
    }

    fn request(&self, token: &Secret) -> Result<(reqwest::Request, Bytes), RequestError> {
        let Parts { client, method, .. } = &*self.0;
        let mut request = Request::new(client, method.endpoint);
        (method.fill)(&mut request, token.expose());
        let mut draft = request.finish()?;
        let credentials = authenticate(client, method.endpoint, &mut draft)?;
        let Draft {
            method,
            mut url,
            mut headers,
            body,
            ..
        } = draft;
        credentials.dress(&mut url, &mut headers);
        let body = match body {
            None => Bytes::new(),
            Some(Kind::Bytes(bytes)) => bytes,
            Some(Kind::Factory(_) | Kind::Stream(_)) => {
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
        Ok((request, body))
    }

    async fn spend(self, ask: RefreshAsk) -> Result<Tokens, RefreshFailure> {
        let (request, body) = self
            .request(ask.refresh_token())
            .map_err(RefreshFailure::not_sent)?;
        let response = self.0.http.send(request, body, ask.gate()).await?;
        self.read(response).await
    }

    async fn read(&self, mut response: reqwest::Response) -> Result<Tokens, RefreshFailure> {
        let Parts { method, .. } = &*self.0;
        let status = response.status();
        let headers = mem::take(response.headers_mut());
        let succeeded = method.endpoint.is_ok(status.as_u16());
        let body = if succeeded {
            whole(response).await?
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

/// What stands beside the refresh token says who the client is (RFC 6749, section 6): its own
/// credentials, or keys that never change.
fn authenticate(
    client: &Client,
    endpoint: &Endpoint,
    draft: &mut Draft,
) -> Result<Credentials, RequestError> {
    let choice = Choice {
        client,
        endpoint,
        url: &draft.url,
        headers: &draft.headers,
    };
    let mut credentials = choice.resolve(&endpoint.auth())?;
    if credentials.serve(&Ask::default(), &mut draft.headers) {
        return Ok(credentials);
    }
    Err(RequestError::new(format!(
        "{}: a renewal cannot wait for another session, expected a fixed one beside it",
        endpoint.name
    )))
}

impl Refresher for RefreshCall {
    fn refresh(&self, ask: RefreshAsk) -> BoxFuture<'static, Result<Tokens, RefreshFailure>> {
        Box::pin(self.clone().spend(ask))
    }

    fn convention(&self) -> Convention {
        Convention::Endpoint
    }
}
