//! No answer, or only a part of one.

use crate::{
    endpoints::{GET, ME, POST, builder, call, client, endpoint, send},
    server::{Reply, Server},
};
use perennial::{
    __v1::{Choice, Endpoint, Json, Timeout},
    ApiError, ByteStream, Call, Error, Session, TransportKind,
};
use std::{error::Error as _, io, time::Duration};

fn kind<E>(error: &Error<E>) -> Option<TransportKind> {
    match error {
        Error::Transport(error) => Some(error.kind()),
        _ => None,
    }
}

/// Every message from the error down to its cause.
fn chain(error: &dyn std::error::Error) -> Vec<String> {
    let mut texts = vec![error.to_string()];
    let mut next = error.source();
    while let Some(error) = next {
        texts.push(error.to_string());
        next = error.source();
    }
    texts
}

#[tokio::test]
async fn no_connection() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = send(&client(&url), &GET, |r| r.query("key", "s3cret"))
        .await
        .unwrap_err();
    assert_eq!(kind(&error), Some(TransportKind::Connect));
    assert!(error.is_connect() && error.is_transport() && !error.is_timeout());
    assert_eq!(error.status(), None);

    let chain = chain(&error);
    assert_eq!(chain[0], "no connection to the server");
    assert!(chain.len() > 2, "the cause is kept: {chain:?}");
    let mut once = chain.clone();
    once.dedup();
    assert_eq!(once, chain, "nothing is wrapped twice");
    assert!(!format!("{error:?} {chain:?}").contains("s3cret"));
}

#[tokio::test]
async fn time_runs_out() {
    static QUICK: Endpoint = Endpoint {
        timeout: Timeout::After(Duration::from_millis(20)),
        ..endpoint("ShopApi::quick", "GET", "/quick")
    };
    let server = Server::always(Reply::never()).await;
    let instant = Duration::from_millis(20);
    let patient = client(&server.url);
    let hasty = builder(&server.url).timeout(instant).build().unwrap();
    for call in [
        send(&patient, &GET, |_| {}).timeout(instant),
        send(&hasty, &GET, |_| {}),
        send(&patient, &QUICK, |_| {}),
    ] {
        let error = call.await.unwrap_err();
        assert_eq!(kind(&error), Some(TransportKind::Timeout));
        assert!(error.is_timeout());
        assert!(error.source().is_none());
    }
}

#[tokio::test]
async fn nearer_timeouts_count_more() {
    static NEVER: Endpoint = Endpoint {
        timeout: Timeout::Never,
        ..endpoint("ShopApi::long", "GET", "/long")
    };
    let server = Server::always(Reply::never()).await;
    let hasty = builder(&server.url)
        .timeout(Duration::from_millis(20))
        .build()
        .unwrap();
    let patient = [
        tokio::spawn(send(&hasty, &NEVER, |_| {})),
        tokio::spawn(send(&hasty, &GET, |_| {}).timeout(Duration::from_secs(600))),
    ];
    // They began first, so they would have run out of time first.
    for _ in 0..2 {
        assert!(send(&hasty, &GET, |_| {}).await.unwrap_err().is_timeout());
    }
    assert!(patient.iter().all(|call| !call.is_finished()));
}

#[tokio::test]
async fn a_body_that_breaks_off() {
    let server = Server::always(Reply::json("[1,2").torn(10)).await;
    let call: Call<Vec<u8>> = call(&client(&server.url), &GET, Choice::<Json>::NEW, |_| {});
    let error = call.await.unwrap_err();
    assert_eq!(kind(&error), Some(TransportKind::Body));
    assert!(error.source().is_some());
}

#[tokio::test]
async fn a_connection_that_breaks() {
    let server = Server::always(Reply::mute()).await;
    let error = send(&client(&server.url), &GET, |_| {}).await.unwrap_err();
    assert_eq!(kind(&error), Some(TransportKind::Broken));
}

#[tokio::test]
async fn a_stream_that_fails() {
    struct Failing(bool);
    impl futures_core::Stream for Failing {
        type Item = Result<&'static str, io::Error>;
        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Self::Item>> {
            let failed = std::mem::replace(&mut self.0, true);
            let item = if failed {
                Err(io::Error::other("the disk is gone"))
            } else {
                Ok("a")
            };
            std::task::Poll::Ready(Some(item))
        }
    }
    let server = Server::always(Reply::new(200)).await;
    let stream = ByteStream::new(Failing(false));
    let error = send(&client(&server.url), &POST, |r| r.body(stream, "a/b"))
        .await
        .unwrap_err();
    let chain = chain(&error);
    assert_eq!(chain.last().unwrap(), "the disk is gone");
    assert_eq!(
        chain.iter().filter(|text| text.contains("disk")).count(),
        1,
        "{chain:?}"
    );
    assert_eq!(kind(&error), Some(TransportKind::Body), "{chain:?}");
}

#[tokio::test]
async fn connections_are_used_again() {
    let server = Server::always(Reply::json("[1]")).await;
    let client = client(&server.url);
    for _ in 0..5 {
        let call: Call<Vec<u8>, ApiError> = call(&client, &GET, Choice::<Json>::NEW, |_| {});
        call.await.unwrap();
    }
    assert_eq!((server.connections(), server.seen().len()), (1, 5));
}

#[tokio::test]
async fn no_answer_makes_anything_panic() {
    for bytes in [
        &b""[..],
        b"\0\xff\xfe",
        b"HTTP/1.1",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 999 X\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 302 X\r\nlocation: \xff\xfe\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 401 X\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        b"HTTP/1.1 401 X\r\nwww-authenticate: \xff error=\"\r\ncontent-length: 1\r\n\r\n",
        b"HTTP/1.1 402 X\r\n\r\n{\"code\":",
    ] {
        let server = Server::always(Reply::raw(bytes)).await;
        let client = builder(&server.url)
            .session(Session::fixed("A1"))
            .build()
            .unwrap();
        let call = call::<Vec<u8>, ApiError, _>(&client, &ME, Choice::<Json>::NEW, |_| {});
        let error = call.await.unwrap_err();
        assert!(!error.to_string().is_empty(), "{error:?}");
    }
}
