//! A plain `reqwest` client.

use super::{
    Guard,
    turn::{Turn, Weight},
};
use crate::{Answer, ApiError, Error, RequestError, Result, TransportError, execute::drain};
use reqwest::{Client, Request, Response};
use std::{future::Future, mem};

/// How a request is sent, once its token is on it.
pub(super) trait Send {
    /// Why nothing came back, beside what the session has to say.
    type Error: From<Error<ApiError>>;

    /// Sends it once.
    fn send(&mut self, request: Request) -> impl Future<Output = Sent<Self>> + core::marker::Send;
}

type Sent<S> = core::result::Result<Response, <S as Send>::Error>;

impl Guard {
    /// Sends a request with the session's token through any `reqwest` client.
    ///
    /// A body that cannot be copied (a stream) is sent once: a 401 to it renews the session and
    /// is an error with [`Unauthorized::replayable`](crate::Unauthorized) false.
    ///
    /// # Errors
    /// [`Error::SessionExpired`], [`Error::SessionChanged`], [`Error::Unauthorized`] with the
    /// answer, [`Error::Refresh`], [`Error::Request`], and [`Error::Transport`] for what the
    /// client reports. Every other answer is a response, whatever its status.
    pub async fn send(&self, http: &Client, request: Request) -> Result<Response> {
        self.conduct(request, &mut Plain(http)).await
    }

    /// Inject, send, judge, renew, replay.
    pub(super) async fn conduct<S: Send>(&self, mut request: Request, by: &mut S) -> Sent<S> {
        let spare = request.try_clone();
        let (method, url, headers) = (request.method(), request.url(), request.headers());
        let bytes = request.body().and_then(reqwest::Body::as_bytes);
        let weight = Weight {
            one_shot: spare.is_none(),
            bytes: bytes.map_or(0, <[u8]>::len),
        };
        let Some(mut turn) = Turn::new(self, method, url, headers, weight) else {
            return by.send(request).await;
        };
        turn.admit(request.headers_mut()).await?;
        let mut spare = spare;
        loop {
            let mut headers = request.headers().clone();
            let next = spare.take().filter(|_| turn.may_replay());
            let mut url = request.url().clone();
            turn.dress(&mut url, request.headers_mut());
            *request.url_mut() = url;
            let mut response = by.send(request).await?;
            turn.stayed(response.url())?;
            let Some(refusal) = turn.judge(response.url(), response.status(), response.headers())
            else {
                return Ok(response);
            };
            let mut answer = Answer::new(response.status(), "");
            answer.headers = mem::take(response.headers_mut());
            answer.body = drain(response).await;
            turn.refused(refusal, answer, &mut headers).await?;
            // The session lets nobody send again who cannot.
            let Some(mut again) = next else {
                let why = RequestError::new("the request cannot be sent again");
                return Err(Error::from(why).into());
            };
            *again.headers_mut() = headers;
            request = again;
        }
    }
}

struct Plain<'a>(&'a Client);

impl Send for Plain<'_> {
    type Error = Error<ApiError>;

    async fn send(&mut self, request: Request) -> Result<Response> {
        let sent = self.0.execute(request).await;
        sent.map_err(|error| TransportError::from_http(error).into())
    }
}
