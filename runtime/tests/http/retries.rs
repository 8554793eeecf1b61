//! What is sent again when it failed, and what is not.

use crate::{
    endpoints::{builder, send},
    server::{Reply, Server},
};
use perennial::{
    __v1::{Api, Auth, Endpoint, Retry, RetryRule},
    Builder, ByteStream, Session, Tokens,
};
use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;

const RULE: RetryRule = RetryRule {
    max: 2,
    connect: true,
    statuses: &[(503, 503)],
};
static API: Api = Api {
    retry: Some(RULE),
    ..Api::new("ShopApi")
};
const GET: Endpoint = Endpoint::new(&API, "ShopApi::get", "GET", "/x");
const POST: Endpoint = Endpoint::new(&API, "ShopApi::post", "POST", "/x");

static READ: Endpoint = GET;
static WRITE: Endpoint = POST;
static ONCE: Endpoint = Endpoint {
    retry: Retry::Never,
    ..GET
};
static AGAIN: Endpoint = Endpoint {
    retry: Retry::On(RULE),
    ..POST
};
static NEVER: Endpoint = Endpoint {
    replay: false,
    ..GET
};
static RENEWS: Endpoint = Endpoint {
    refresh: true,
    ..GET
};
static FINE: Endpoint = Endpoint {
    ok: &[(503, 503)],
    ..GET
};

/// Fails so often with `reply`, then is well again.
async fn failing(times: usize, reply: Reply) -> Server {
    let seen = AtomicUsize::new(0);
    Server::start(move |_| match seen.fetch_add(1, Ordering::SeqCst) {
        number if number < times => reply.clone(),
        _ => Reply::new(200),
    })
    .await
}

async fn sends(endpoint: &'static Endpoint, times: usize) -> (bool, usize) {
    let server = failing(times, Reply::new(503).body("busy")).await;
    let client = builder(&server.url).build().unwrap();
    let answer = send(&client, endpoint, |_| {}).await;
    (answer.is_ok(), server.seen().len())
}

#[tokio::test(start_paused = true)]
async fn who_is_sent_again() {
    assert_eq!(sends(&READ, 2).await, (true, 3));
    assert_eq!(sends(&READ, 3).await, (false, 3), "so often and no more");
    assert_eq!(sends(&WRITE, 2).await, (false, 1), "a POST was sent");
    assert_eq!(sends(&AGAIN, 2).await, (true, 3), "this one says so itself");
    assert_eq!(sends(&ONCE, 2).await, (false, 1));
    assert_eq!(sends(&NEVER, 2).await, (false, 1));
    assert_eq!(sends(&RENEWS, 2).await, (false, 1));
    assert_eq!(sends(&FINE, 2).await, (true, 1), "here it is a success");
}

#[tokio::test(start_paused = true)]
async fn other_failures_are_told_at_once() {
    for reply in [Reply::new(500), Reply::new(429), Reply::mute()] {
        let server = failing(1, reply).await;
        let client = builder(&server.url).build().unwrap();
        assert!(send(&client, &READ, |_| {}).await.is_err());
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_gone() {
    let server = failing(1, Reply::new(503)).await;
    let client = builder(&server.url).build().unwrap();
    let rows = ByteStream::from_iter(["x"]);
    let answer = send(&client, &AGAIN, |r| r.body(rows, "a/b")).await;
    assert!(answer.is_err());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_body_is_sent_again_as_it_was() {
    let server = failing(2, Reply::new(503)).await;
    let client = builder(&server.url).build().unwrap();
    send(&client, &AGAIN, |r| r.json(&7)).await.unwrap();
    let bodies: Vec<_> = server.seen().iter().map(|seen| seen.body.clone()).collect();
    assert_eq!(bodies, ["7", "7", "7"]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_when_is_left_alone_until_then() {
    let server = failing(1, Reply::new(503).header("retry-after", "7")).await;
    let client = builder(&server.url).build().unwrap();
    let start = Instant::now();
    send(&client, &READ, |_| {}).await.unwrap();
    // By the clock that moves only while nothing else does.
    assert!(start.elapsed() >= Duration::from_secs(7));

    // An hour is too long to hold a call.
    let server = failing(1, Reply::new(503).header("retry-after", "3600")).await;
    let client = builder(&server.url).build().unwrap();
    let error = send(&client, &READ, |_| {}).await.unwrap_err();
    assert!(error.is_api(), "{error:?}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_pause_beyond_the_deadline_is_not_begun() {
    let server = failing(1, Reply::new(503).header("retry-after", "20")).await;
    let client = builder(&server.url).build().unwrap();
    let call = send(&client, &READ, |_| {}).timeout(Duration::from_secs(19));
    let error = call.await.unwrap_err();
    assert!(error.is_api(), "the answer, not a timeout: {error:?}");
    assert_eq!(server.seen().len(), 1);
}

/// A name that cannot be resolved so often, then stands for loopback.
#[derive(Clone)]
struct Lost(Arc<AtomicUsize>);

impl reqwest::dns::Resolve for Lost {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let left = self.0.fetch_sub(1, Ordering::SeqCst);
        Box::pin(async move {
            if left > 1 {
                return Err(io::Error::other("no such name").into());
            }
            let address: SocketAddr = ([127, 0, 0, 1], 0).into();
            Ok(Box::new(std::iter::once(address)) as reqwest::dns::Addrs)
        })
    }
}

fn by_name(server: &Server, failures: usize) -> Builder {
    let port = server.url.rsplit(':').next().unwrap();
    let lost = Lost(Arc::new(AtomicUsize::new(failures + 1)));
    builder(&format!("http://shop.test:{port}"))
        .allow_plain_http()
        .http(move |http| http.dns_resolver(Arc::new(lost.clone())))
}

#[tokio::test(start_paused = true)]
async fn what_never_left_may_be_sent_whatever_it_does() {
    static STATUS: Endpoint = Endpoint {
        retry: Retry::On(RetryRule {
            connect: false,
            ..RULE
        }),
        ..GET
    };
    let server = Server::always(Reply::new(200)).await;
    let client = by_name(&server, 2).build().unwrap();
    send(&client, &WRITE, |r| r.json(&1)).await.unwrap();
    assert_eq!(server.seen().len(), 1);
    let client = by_name(&server, 3).build().unwrap();
    let error = send(&client, &WRITE, |_| {}).await.unwrap_err();
    assert!(error.is_transport(), "{error:?}");
    let client = by_name(&server, 1).build().unwrap();
    assert!(send(&client, &STATUS, |_| {}).await.is_err());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_hop_is_sent_again_and_not_what_led_to_it() {
    let seen = AtomicUsize::new(0);
    let server = Server::start(move |request| match &*request.target {
        "/x" => Reply::new(303).header("location", "/there"),
        _ if seen.fetch_add(1, Ordering::SeqCst) == 0 => Reply::new(503),
        _ => Reply::new(200),
    })
    .await;
    let client = builder(&server.url).build().unwrap();
    send(&client, &WRITE, |r| r.json(&1)).await.unwrap();
    let lines: Vec<_> = server.seen().iter().map(|seen| seen.line()).collect();
    assert_eq!(lines, ["POST /x", "GET /there", "GET /there"]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_after_a_retry_is_renewed() {
    static GUARDED: Endpoint = Endpoint {
        auth: Auth::Query("key"),
        ..GET
    };
    let seen = AtomicUsize::new(0);
    let server = Server::start(move |request| {
        match (&*request.target, seen.fetch_add(1, Ordering::SeqCst)) {
            (_, 0) => Reply::new(503),
            ("/x?key=A1", _) => Reply::new(401),
            ("/x?key=A2", _) => Reply::new(200),
            _ => Reply::new(500),
        }
    })
    .await;
    let session = Session::builder()
        .tokens(Tokens::new("A1").refresh_token("R1"))
        .refresh_by(|_| async { Ok(Tokens::new("A2").refresh_token("R2")) })
        .build()
        .unwrap();
    let client = builder(&server.url).session(session).build().unwrap();
    send(&client, &GUARDED, |_| {}).await.unwrap();
    let seen = server.seen();
    let targets: Vec<_> = seen.iter().map(|seen| seen.target.as_str()).collect();
    assert_eq!(targets, ["/x?key=A1", "/x?key=A1", "/x?key=A2"]);
}
