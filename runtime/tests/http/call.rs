//! `Call` itself: laziness, options, mocks.

use crate::{
    endpoints::{GET, POST, call, client, send},
    server::{Reply, Server},
};
use perennial::{
    __v1::OrJson as _,
    __v1::{Choice, Json, Pick},
    ApiError, ByteStream, Call, Error, StatusCode,
};
use std::{
    future::Future,
    pin::pin,
    task::{Context, Waker},
};

fn is_send_and_static<T: Send + 'static>(_: &T) {}

fn is_shared<T: Send + Sync + 'static>() {}

#[test]
fn a_call_is_small_and_can_travel() {
    is_shared::<perennial::Client>();
    is_shared::<Error>();
    assert_eq!(size_of::<Call<[u64; 100], ApiError>>(), 40);
    assert!(size_of::<Error<[u64; 100]>>() <= 2 * size_of::<usize>());
    let call = Call::<std::cell::Cell<u8>>::unimplemented("ShopApi::get");
    is_send_and_static(&call);
}

#[tokio::test]
async fn nothing_is_sent_before_the_first_poll() {
    let server = Server::always(Reply::json("7")).await;
    let client = client(&server.url);
    let call: Call<u8> = call(&client, &GET, Pick::<u8>::PICK, |_| {});
    let preview = call.request().unwrap();
    assert_eq!(preview.url.path(), "/get");
    assert_eq!(preview.headers["accept"], "application/json");
    assert_eq!(
        format!("{call:?}"),
        r#"Call(Request { name: "ShopApi::get", method: "GET", path: "/get", .. })"#
    );
    assert_eq!(server.connections(), 0);
    let answered = tokio::spawn(call).await.unwrap().unwrap();
    assert_eq!((answered, server.seen().len()), (7, 1));
}

#[tokio::test]
async fn a_preview_shows_the_body() {
    let client = client("http://127.0.0.1:1");
    let json = send(&client, &POST, |r| r.json(&[1])).request().unwrap();
    assert_eq!(json.body.unwrap(), "[1]");
    let form = send(&client, &POST, |r| r.field("a", &1))
        .request()
        .unwrap();
    assert_eq!(form.body.unwrap(), "a=1");
    let secret = send(&client, &POST, |r| {
        r.query("key", "s3cret");
        r.header("x-key", "s3cret");
        r.body("s3cret", "text/plain");
    });
    let shown = format!("{secret:?} {:?}", secret.request().unwrap());
    assert!(
        !shown.contains("s3cret") && shown.contains("x-key"),
        "{shown}"
    );
    let stream = ByteStream::from_iter(["x"]);
    assert!(
        send(&client, &POST, |r| r.body(stream, "text/plain"))
            .request()
            .unwrap()
            .body
            .is_none()
    );
    let bad = send(&client, &POST, |r| r.header("x", "\n"))
        .request()
        .unwrap_err();
    assert!(
        bad.to_string().contains("the header `x` cannot be sent"),
        "{bad}"
    );
}

#[tokio::test]
async fn an_option_after_the_first_poll_is_an_error() {
    let server = Server::always(Reply::json("7")).await;
    let client = client(&server.url);
    let late = |edit: fn(Call<u8>) -> Call<u8>| {
        let mut call: Call<u8> = call(&client, &GET, Choice::<Json>::NEW, |_| {});
        let poll = pin!(&mut call).poll(&mut Context::from_waker(Waker::noop()));
        assert!(poll.is_pending());
        assert!(call.request().is_err());
        edit(call)
    };
    for call in [
        late(|call| call.header("a", "b")),
        late(|call| call.query("a", "b")),
        late(|call| call.timeout(std::time::Duration::from_secs(1))),
    ] {
        let error = call.await.unwrap_err();
        assert!(error.is_request());
        assert_eq!(
            error.to_string(),
            "an option was set after the first poll, expected before"
        );
    }
    assert!(late(|call| call).response().await.unwrap_err().is_request());
    assert!(late(|call| call).raw().await.unwrap_err().is_request());
}

#[tokio::test]
async fn response_and_raw() {
    let reply = |status| Reply::new(status).header("x-a", "b").body("7");
    let server = Server::start(move |seen| match &*seen.target {
        "/get" => reply(200),
        _ => reply(418),
    })
    .await;
    let client = client(&server.url);
    let get = || call::<u8, ApiError, _>(&client, &GET, Choice::<Json>::NEW, |_| {});
    let whole = get().response().response().await.unwrap();
    assert_eq!((whole.status, whole.value.value), (StatusCode::OK, 7));
    assert_eq!(whole.headers["x-a"], "b");

    let raw = send(&client, &POST, |_| {}).raw().await.unwrap();
    assert_eq!((raw.status.as_u16(), &*raw.value), (418, &b"7"[..]));
    assert_eq!(raw.headers["x-a"], "b");
    assert!(
        send(&client, &POST, |_| {})
            .response()
            .await
            .unwrap_err()
            .is_api()
    );
}

#[tokio::test]
async fn mocks_ignore_options() {
    let call: Call<u8> = Call::ready(Ok(1));
    assert_eq!(call.header("a", "b\n").query("a", "b").await.unwrap(), 1);
    let call: Call<u8> = Call::from_future(async { Ok(2) });
    assert_eq!(call.response().await.unwrap().value, 2);
    let error = Call::<u8>::ready(Ok(1)).raw().await.unwrap_err();
    assert!(error.is_request(), "{error}");
    let error = Call::<u8>::unimplemented("ShopApi::get").await.unwrap_err();
    assert_eq!(error.to_string(), "`ShopApi::get` is not implemented");
    assert!(Call::<u8>::ready(Ok(1)).request().is_err());
}
