//! The gate, without a session behind it.

use super::*;
use crate::{
    Builder, OAuth2Tokens,
    endpoint::{Api, Endpoint},
    session::{Gate, GateClosed},
};
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

static API: Api = Api::new("TokenApi");
static IN_BODY: Endpoint = Endpoint::new(&API, "TokenApi::body", "POST", "/token");
static IN_QUERY: Endpoint = Endpoint::new(&API, "TokenApi::query", "POST", "/token");

fn read(reply: Reply) -> Result<Tokens, crate::DecodeError> {
    reply.json::<OAuth2Tokens>().map(Tokens::from)
}

const BOTH: [RefreshEndpoint; 2] = [
    RefreshEndpoint::new(
        &IN_BODY,
        |request, token| request.field("refresh_token", token),
        read,
    ),
    RefreshEndpoint::new(
        &IN_QUERY,
        |request, token| request.query("refresh_token", token),
        read,
    ),
];

/// Everything that one connection sends, once it is answered or closed.
async fn server() -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let all = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut all, mut buffer) = (String::new(), [0; 1024]);
        while let Ok(read @ 1..) = stream.read(&mut buffer).await {
            all.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
            if all.contains("refresh_token=R1") && all.contains("\r\n\r\n") {
                let body = r#"{"access_token":"A2"}"#;
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
                stream.write_all((head + body).as_bytes()).await.unwrap();
                break;
            }
        }
        all
    });
    (url, all)
}

async fn refresh(
    url: &str,
    method: RefreshEndpoint,
    gate: impl Fn() -> Result<(), GateClosed> + Send + Sync + 'static,
) -> Result<Tokens, RefreshFailure> {
    let builder: Builder = Client::builder().base_url(url);
    let http = RefreshHttp::new(&[]).unwrap();
    let call = RefreshCall::new(builder.build().unwrap(), http, method);
    let ask = RefreshAsk::new("R1", Gate::new(gate), Duration::from_secs(60));
    call.refresh(ask).await
}

#[tokio::test]
async fn the_gate_is_passed_once() {
    for method in BOTH {
        let (url, all) = server().await;
        let passed = Arc::new(AtomicUsize::new(0));
        let count = passed.clone();
        let tokens = refresh(&url, method, move || {
            count.fetch_add(1, Ordering::SeqCst);
            Ok(())
        });
        assert_eq!(tokens.await.unwrap().access().expose(), "A2");
        assert_eq!(passed.load(Ordering::SeqCst), 1, "{method:?}");
        assert!(all.await.unwrap().contains("refresh_token=R1"));
    }
}

#[tokio::test]
async fn a_closed_gate_lets_no_token_out() {
    for method in BOTH {
        let (url, all) = server().await;
        refresh(&url, method, || Err(GateClosed::Late))
            .await
            .unwrap_err();
        let all = all.await.unwrap();
        assert!(!all.contains("R1"), "{method:?}: {all}");
    }
}

#[tokio::test]
async fn without_a_connection_the_gate_is_not_reached() {
    for method in BOTH {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let gate = || -> Result<(), GateClosed> { panic!("nothing is connected") };
        let failure = refresh(&url, method, gate).await.unwrap_err();
        assert!(
            matches!(failure, RefreshFailure::Unanswered(_)),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn what_a_decoder_says_about_tokens_is_not_repeated() {
    let careless = RefreshEndpoint::new(
        &IN_BODY,
        |request, token| request.field("refresh_token", token),
        |reply| Err(crate::DecodeError::at("$", reply.text(), reply.text())),
    );
    let (url, _) = server().await;
    let failure = refresh(&url, careless, || Ok(())).await.unwrap_err();
    let RefreshFailure::Unreadable(source) = &failure else {
        panic!("{failure:?}")
    };
    let error: &crate::DecodeError = source.downcast_ref().unwrap();
    let shown = format!("{failure:?} {failure} {error} {}", error.excerpt());
    assert!(!shown.contains("A2"), "{shown}");
}
