//! The loop of every call: inject, send, classify, refresh, replay, decode.
//!
//! It is compiled once; only [`conclude`] knows what a call's value and error are.

pub(crate) mod conclude;
mod exchange;
mod receive;
mod redirect;
mod retry;
mod span;

use crate::{
    Answer, RequestError, TransportError,
    auth::Blame,
    decode::Reply,
    error::Plain,
    request::{Draft, Request},
};
use exchange::Exchange;
pub use exchange::inject;
pub(crate) use exchange::{cure, deny};
use receive::Received;
pub(crate) use receive::drain;
#[cfg(feature = "tower")]
pub(crate) use receive::{HEAD, PATIENCE};
use std::{
    future::{Future, poll_fn},
    pin::pin,
};
use tracing::Span;

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
    let mut run = pin!(run(request, &span));
    let run = poll_fn(|context| span.in_scope(|| run.as_mut().poll(context)));
    let outcome = match limit {
        None => run.await,
        Some(limit) => Box::pin(tokio::time::timeout(limit, run))
            .await
            .unwrap_or_else(|_| Err(TransportError::timeout().into())),
    };
    span::ended(&span, &outcome);
    outcome
}

async fn run(request: Box<Request>, span: &Span) -> Outcome {
    let (mut exchange, mut draft) = Exchange::start(request)?;
    span::goes_to(span, &draft.url);
    let admitted = exchange.admit(&mut draft.headers).await;
    admitted.map_err(|fault| deny(fault, None))?;
    let mut replayed = false;
    loop {
        // Apart, so that a call that waits for a renewal does not hold what sending takes.
        let (
            Received {
                answer,
                refusal,
                scheme,
            },
            at_home,
        ) = Box::pin(exchange.attempt(&mut draft)).await?;
        span::answered(span, answer.status, replayed);
        let carried = at_home && exchange.credentials.is_carried();
        match refusal {
            Some(refusal) if carried => {
                // What waits is kept small.
                let answer = Box::new(answer);
                let blame = Blame {
                    refusal,
                    scheme,
                    headers: &answer.headers,
                    replayed,
                };
                let refused = exchange.refused(blame, &mut draft.headers).await;
                refused.map_err(|fault| deny(fault, Some(*answer)))?;
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

impl Exchange {
    /// Sends the request once; says whether it stayed within its origin.
    async fn attempt(&mut self, draft: &mut Draft) -> Result<(Received, bool), Failure> {
        let (response, at_home) = self.send(draft).await?;
        Ok((self.receive(response).await?, at_home))
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
