//! The sockets of the back end: a thread of its own, loopback only, over when it is dropped.

use super::application::{Application, Closed};
use super::canned::Canned;
use super::record::Request;
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// No test sends more; a client gone wild must not fill the memory.
const BODY_LIMIT: usize = 4 << 20;

/// What the test tells the sockets.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Orders {
    pub(super) stop: bool,
    /// Each change closes all connections there are.
    pub(super) cut: usize,
}

/// Serves until it is told to stop.
pub(super) fn serve(
    listener: std::net::TcpListener,
    application: Arc<Application>,
    mut orders: watch::Receiver<Orders>,
    http2: Option<u32>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built");
    runtime.block_on(async move {
        let listener = TcpListener::from_std(listener).expect("the listener is non-blocking");
        let connections = orders.clone();
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                stop = orders.wait_for(|orders| orders.stop) => { let _ = stop; return }
            };
            let Ok((stream, _)) = accepted else { continue };
            let number = application.ledger.write(|record| {
                record.connections += 1;
                record.connections
            });
            tokio::spawn(connection(
                stream,
                number,
                application.clone(),
                connections.clone(),
                http2,
            ));
        }
    });
}

async fn connection(
    stream: TcpStream,
    number: usize,
    application: Arc<Application>,
    mut orders: watch::Receiver<Orders>,
    http2: Option<u32>,
) {
    let turns = Arc::new(AtomicUsize::new(0));
    let service = service_fn(move |request| {
        let turn = turns.fetch_add(1, Ordering::Relaxed) + 1;
        answer(request, number, turn, application.clone())
    });
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(stream);
    let cut = orders.borrow_and_update().cut;
    let cut = async {
        orders
            .wait_for(|orders| orders.cut != cut)
            .await
            .map(|_| ())
    };
    // What a connection ends with is the client's affair; the ledger has what the tests need.
    if let Some(streams) = http2 {
        let serve = http2::Builder::new(TokioExecutor::new())
            .max_concurrent_streams(streams)
            .serve_connection(io, service);
        tokio::select! { end = serve => drop(end), _ = cut => {} }
    } else {
        let serve = http1::Builder::new().serve_connection(io, service);
        tokio::select! { end = serve => drop(end), _ = cut => {} }
    }
}

async fn answer(
    request: hyper::Request<Incoming>,
    connection: usize,
    turn: usize,
    application: Arc<Application>,
) -> Result<hyper::Response<Payload>, Closed> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, BODY_LIMIT)
        .collect()
        .await
        .map_err(|_| Closed)?
        .to_bytes();
    let request = Request {
        connection,
        turn,
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        token: None,
        method: head.method,
        headers: head.headers,
        body,
        answer: None,
    };
    // A task of its own: a server finishes what it was asked even if the client has gone.
    let answer = tokio::spawn(async move { application.serve(request).await });
    answer.await.map_err(|_| Closed)?.map(into_response)
}

fn into_response(canned: Canned) -> hyper::Response<Payload> {
    let rest = canned.rest.map(|gate| {
        let rest: Pin<Box<dyn Future<Output = ()> + Send>> =
            Box::pin(async move { gate.passed().await });
        rest
    });
    let promised = canned.body.len();
    let body = match canned.torn {
        true => canned.body.slice(..promised / 2),
        false => canned.body,
    };
    let payload = Payload {
        first: (!body.is_empty()).then_some(body),
        rest,
        promised,
        torn: canned.torn,
        paused: false,
    };
    let mut response = hyper::Response::new(payload);
    *response.status_mut() = canned.status;
    *response.headers_mut() = canned.headers;
    response
}

/// A body of one piece that may end late, or break off.
struct Payload {
    first: Option<Bytes>,
    rest: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    promised: usize,
    torn: bool,
    paused: bool,
}

impl Body for Payload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        if let Some(rest) = &mut self.rest {
            std::task::ready!(rest.as_mut().poll(cx));
            self.rest = None;
        }
        if !self.torn {
            return Poll::Ready(None);
        }
        // The pause lets hyper write what it has before it meets the error.
        if !std::mem::replace(&mut self.paused, true) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::other("the test has the answer torn"))))
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.rest.is_none() && !self.torn
    }

    fn size_hint(&self) -> SizeHint {
        match self.rest {
            Some(_) => SizeHint::new(),
            None if self.torn => SizeHint::with_exact(self.promised as u64),
            None => SizeHint::with_exact(self.first.as_ref().map_or(0, Bytes::len) as u64),
        }
    }
}

impl std::fmt::Display for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the test has the connection closed")
    }
}

impl std::error::Error for Closed {}
