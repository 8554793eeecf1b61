//! The last moment before a refresh token leaves the process.
//!
//! With a body it is the body's first poll: the connection is there, and the head goes out with
//! the body. An empty body is never polled, so then it is the end of the connector's work; each
//! renewal opens a connection of its own, so there is one.

use crate::session::Gate;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use std::{
    error, mem,
    pin::Pin,
    task::{Context, Poll},
};
use tower_layer::Layer;
use tower_service::Service;

type Source = Box<dyn error::Error + Send + Sync>;

/// A body that asks the gate when it is first polled.
pub(super) struct Gated {
    pub(super) gate: Gate,
    pub(super) body: Bytes,
}

impl http_body::Body for Gated {
    type Data = Bytes;
    type Error = Source;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Source>>> {
        if self.body.is_empty() {
            return Poll::Ready(None);
        }
        if let Err(closed) = self.gate.pass() {
            return Poll::Ready(Some(Err(closed.into())));
        }
        Poll::Ready(Some(Ok(Frame::data(mem::take(&mut self.body)))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.body.len() as u64)
    }
}

tokio::task_local! {
    /// The gate of the renewal that connects; the connector is polled by the very task that sends.
    pub(super) static CONNECTING: Gate;
}

/// A connector that asks the gate once it has connected.
#[derive(Clone, Debug)]
pub(super) struct GatedConnector<S = ()>(S);

impl GatedConnector {
    pub(super) fn layer() -> Self {
        Self(())
    }
}

impl<S> Layer<S> for GatedConnector {
    type Service = GatedConnector<S>;

    fn layer(&self, inner: S) -> GatedConnector<S> {
        GatedConnector(inner)
    }
}

impl<R, S> Service<R> for GatedConnector<S>
where
    S: Service<R, Error = Source>,
    S::Future: Send + 'static,
    S::Response: Send,
{
    type Response = S::Response;
    type Error = Source;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, Source>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Source>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let connecting = self.0.call(target);
        let gate = CONNECTING.try_with(Gate::clone);
        Box::pin(async move {
            let connected = connecting.await?;
            if let Ok(gate) = gate {
                gate.pass()?;
            }
            Ok(connected)
        })
    }
}
