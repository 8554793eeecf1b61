//! The loop of every call: inject, send, classify, refresh, replay, decode.
//!
//! It is compiled once; only [`conclude`] knows what a call's value and error are.

pub(crate) mod conclude;
mod exchange;
mod receive;
mod redirect;
mod retry;
mod span;

use crate::{Answer, RequestError, TransportError, decode::Reply, error::Plain, request::Request};
use exchange::Exchange;
pub use exchange::inject;
pub(crate) use exchange::{cure, deny};
use receive::Received;
pub(crate) use receive::drain;
#[cfg(feature = "tower")]
pub(crate) use receive::{HEAD, PATIENCE};
use tracing::{Instrument, Span};

/// What a call comes to before anyone asked what its value and its error are.
pub(crate) type Outcome = Result<Reply, Failure>;

/// Why there is no reply.
pub(crate) enum Failure {
    /// The API refused; what that means is `E`'s to say.
    Refused(Box<Answer>),
    /// Everything else.
    Error(Plain),
}

/// Sends the request, within its deadline.
pub(crate) async fn execute(request: Box<Request>) -> Outcome {
    let limit = request.deadline();
    let span = span::begin(&request);
    let run = run(request, span.clone()).instrument(span.clone());
    let outcome = match limit {
        None => run.await,
        Some(limit) => tokio::time::timeout(limit, run)
            .await
            .unwrap_or_else(|_| Err(TransportError::timeout().into())),
    };
    span::ended(&span, &outcome);
    outcome
}

async fn run(request: Box<Request>, span: Span) -> Outcome {
    let (mut exchange, mut draft) = Exchange::start(*request)?;
    span::goes_to(&span, &draft.url);
    exchange.admit(&mut draft.headers).await?;
    let mut replayed = false;
    loop {
        let (response, at_home) = exchange.send(&mut draft).await?;
        let Received {
            answer,
            refusal,
            scheme,
        } = exchange.receive(response).await?;
        span::answered(&span, answer.status, replayed);
        let carried = at_home && exchange.credentials.is_carried();
        match refusal {
            Some(refusal) if carried => {
                let headers = &mut draft.headers;
                let next = exchange.refused((refusal, scheme), replayed, answer, headers);
                next.await?;
                replayed = true;
            }
            Some(refusal) => return exchange.bare(refusal, answer),
            None => {
                if carried {
                    exchange.accepted();
                }
                return exchange.conclude(answer);
            }
        }
    }
}

impl From<Plain> for Failure {
    fn from(error: Plain) -> Self {
        Self::Error(error)
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        Self::Error(error.into())
    }
}

impl From<TransportError> for Failure {
    fn from(error: TransportError) -> Self {
        Self::Error(error.into())
    }
}
