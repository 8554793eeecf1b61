//! The whole way: refused, renewed, sent again.

use crate::{
    endpoints::{BEARER, ME, PUT_ME, builder, send},
    server::{Reply, Seen, Server},
};
use perennial::{
    __v1::{Api, Auth, Endpoint, EnvelopeSpec},
    Builder, ByteStream, Client, Error, ExpiredReason, OAuth2Tokens, RefreshEndpoint,
    RefreshErrorKind, Session, Tokens,
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

static TOKEN: Endpoint = Endpoint {
    refresh: true,
    ..Endpoint::new(&BEARER, "ShopApi::token", "POST", "/token")
};

/// What an expansion makes of `fn token(&self, #[field] refresh_token: &str)`.
const fn refresh(endpoint: &'static Endpoint) -> RefreshEndpoint {
    RefreshEndpoint::new(
        endpoint,
        |request, token| request.field("refresh_token", token),
        |reply| reply.json::<OAuth2Tokens>().map(Tokens::from),
    )
}

const NEW_PAIR: &str = r#"{"access_token":"A2","refresh_token":"R2"}"#;

/// Refuses `A1` with `refusal`, and renews it with `renewal`.
async fn server(refusal: Reply, renewal: Reply) -> Server {
    Server::start(
        move |seen| match (&*seen.target, seen.header("authorization")) {
            ("/token", _) => renewal.clone(),
            (_, Some("Bearer A1")) => refusal.clone(),
            (_, Some("Bearer A2")) => Reply::new(200),
            _ => Reply::new(500),
        },
    )
    .await
}

fn signed_in(server: &Server) -> Builder {
    let session = Session::new(Tokens::new("A1").refresh_token("R1"));
    builder(&server.url)
        .session(session)
        .refresh(refresh(&TOKEN))
}

fn client(server: &Server) -> Client {
    signed_in(server).build().unwrap()
}

fn access(client: &Client) -> Option<String> {
    client
        .session()
        .unwrap()
        .tokens()
        .map(|tokens| tokens.access().expose().to_owned())
}

fn without_token(seen: &Seen) -> Seen {
    let mut seen = seen.clone();
    seen.headers.retain(|(name, _)| name != "authorization");
    seen
}

#[tokio::test]
async fn the_replay_differs_in_the_token_alone() {
    let server = server(Reply::new(401).body("old"), Reply::json(NEW_PAIR)).await;
    let hooked: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = hooked.clone();
    let client = signed_in(&server)
        .before_send(move |out| {
            log.lock()
                .unwrap()
                .push(format!("{} {}", out.method, out.url.path()))
        })
        .build()
        .unwrap();
    let call = send(&client, &PUT_ME, |r| {
        r.query("q", "a b");
        r.header("x-a", "b");
        r.json(&[1, 2]);
    });
    call.await.unwrap();
    let seen = server.seen();
    let lines: Vec<_> = seen.iter().map(Seen::line).collect();
    assert_eq!(lines, ["PUT /me?q=a%20b", "POST /token", "PUT /me?q=a%20b"]);
    let (first, second) = (without_token(&seen[0]), without_token(&seen[2]));
    assert_eq!(format!("{first:?}"), format!("{second:?}"));
    assert_eq!(seen[2].header("authorization"), Some("Bearer A2"));
    assert_eq!(
        *hooked.lock().unwrap(),
        ["PUT /me", "POST /token", "PUT /me"]
    );

    assert_eq!(seen[1].body, "refresh_token=R1");
    for (name, value) in [
        ("authorization", None),
        ("referer", None),
        ("content-type", Some("application/x-www-form-urlencoded")),
        ("content-length", Some("16")),
    ] {
        assert_eq!(seen[1].header(name), value, "{name}");
    }
    assert_eq!(access(&client).as_deref(), Some("A2"));
}

#[tokio::test]
async fn each_renewal_has_a_connection_of_its_own() {
    let server = server(Reply::new(401), Reply::json(NEW_PAIR)).await;
    let client = client(&server);
    send(&client, &ME, |_| {}).await.unwrap();
    assert_eq!((server.seen().len(), server.connections()), (3, 2));
    let again = Tokens::new("A1").refresh_token("R1");
    client.session().unwrap().sign_in(again);
    send(&client, &ME, |_| {}).await.unwrap();
    assert_eq!((server.seen().len(), server.connections()), (6, 3));
}

#[tokio::test]
async fn a_renewal_may_authenticate_the_client() {
    static APP: Endpoint = Endpoint {
        auth: Auth::Basic,
        ..TOKEN
    };
    let server = server(Reply::new(401), Reply::json(NEW_PAIR)).await;
    let session = Session::new(Tokens::new("A1").refresh_token("R1"));
    let client = builder(&server.url)
        .session(session)
        .refresh(refresh(&APP))
        .client_credentials("app", "pass")
        .build()
        .unwrap();
    send(&client, &ME, |_| {}).await.unwrap();
    assert_eq!(
        server.seen()[1].header("authorization"),
        Some("Basic YXBwOnBhc3M=")
    );
}

#[tokio::test]
async fn a_402_ends_the_session() {
    let server = server(Reply::new(402).body("over"), Reply::json(NEW_PAIR)).await;
    let client = client(&server);
    let error = send(&client, &ME, |_| {}).await.unwrap_err();
    let Error::SessionExpired(over) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(over.reason(), ExpiredReason::Rejected);
    assert_eq!(over.answer().unwrap().body, "over");
    assert_eq!((access(&client), server.seen().len()), (None, 1));
}

#[tokio::test]
async fn a_refused_renewal_ends_the_session() {
    let server = server(
        Reply::new(401).body("old"),
        Reply::new(401).body("R1 is spent"),
    )
    .await;
    let client = client(&server);
    let error = send(&client, &ME, |_| {}).await.unwrap_err();
    let Error::SessionExpired(over) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(over.reason(), ExpiredReason::Rejected);
    assert_eq!(over.answer().unwrap().body, "old");
    assert_eq!(access(&client), None);
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_refusal_elsewhere_renews_nothing() {
    for status in [401, 402] {
        let far = Server::always(Reply::new(status)).await;
        let redirect = Reply::new(307).header("location", &far.url);
        let near = server(redirect, Reply::json(NEW_PAIR)).await;
        let client = client(&near);
        send(&client, &ME, |_| {}).await.unwrap_err();
        let seen: Vec<_> = near.seen().iter().map(Seen::line).collect();
        assert_eq!(seen, ["GET /me"]);
        assert_eq!(access(&client).as_deref(), Some("A1"));
    }
}

async fn failing(renewal: Reply) -> (RefreshErrorKind, String, Server) {
    let server = server(Reply::new(401), renewal).await;
    let client = client(&server);
    let error = send(&client, &ME, |_| {}).await.unwrap_err();
    let Error::Refresh(refresh) = &error else {
        panic!("{error:?}")
    };
    let mut text = format!("{error} {error:?}");
    let mut next = std::error::Error::source(&error);
    while let Some(error) = next {
        text.push_str(&format!(" {error} {error:?}"));
        next = error.source();
    }
    assert_eq!(
        access(&client).as_deref(),
        Some("A1"),
        "the session is kept"
    );
    (refresh.kind(), text, server)
}

#[tokio::test]
async fn renewals_that_keep_the_session() {
    use RefreshErrorKind::{Protocol, Server as Refused, Transport};
    let redirect = Reply::new(307).header("location", "/elsewhere");
    let secret = Reply::json(r#"{"access_token":["s3cret"],"refresh_token":"s3cret"}"#);
    for (renewal, expected) in [
        (redirect, Refused),
        (Reply::new(503).body("s3cret"), Refused),
        (Reply::new(404), Refused),
        (secret, Protocol),
        (Reply::new(200).body("<html>s3cret"), Protocol),
        (Reply::mute(), Transport),
        (Reply::json(NEW_PAIR).torn(10), Transport),
    ] {
        let (kind, text, server) = failing(renewal).await;
        assert_eq!(kind, expected, "{text}");
        assert!(!text.contains("s3cret") && !text.contains("R1"), "{text}");
        assert_eq!(
            server.seen().len(),
            2,
            "a redirect is not followed, and nothing is repeated"
        );
    }
}

#[tokio::test]
async fn a_body_that_can_be_read_once_renews_and_stops() {
    let server = server(Reply::new(401), Reply::json(NEW_PAIR)).await;
    let client = client(&server);
    let rows = ByteStream::from_iter(["x"]);
    let error = send(&client, &PUT_ME, |r| r.body(rows, "a/b"))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::Unauthorized(e) if !e.replayable()),
        "{error:?}"
    );
    send(&client, &ME, |_| {}).await.unwrap();
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn the_deadline_covers_the_wait() {
    let server = server(Reply::new(401), Reply::never()).await;
    let call = send(&client(&server), &ME, |_| {}).timeout(Duration::from_millis(50));
    let error = call.await.unwrap_err();
    assert!(error.is_timeout() && error.is_transport(), "{error:?}");
}

#[tokio::test]
async fn codes_in_an_envelope_all_the_way() {
    static WRAPPED: Api = Api {
        envelope: Some(EnvelopeSpec::fields("code", "msg", "data", &[0])),
        auth: Auth::Header {
            name: "token",
            prefix: "",
        },
        ..Api::new("WrappedApi")
    };
    static WRAPPED_ME: Endpoint = Endpoint::new(&WRAPPED, "WrappedApi::me", "GET", "/me");
    static WRAPPED_TOKEN: Endpoint = Endpoint {
        refresh: true,
        ..Endpoint::new(&WRAPPED, "WrappedApi::token", "POST", "/token/refresh")
    };
    let server = Server::start(|seen| match (&*seen.target, seen.header("token")) {
        ("/token/refresh", None) if seen.body == "refresh_token=R1" => {
            Reply::json(&format!(r#"{{"code":0,"msg":"","data":{NEW_PAIR}}}"#))
        }
        ("/token/refresh", None) => Reply::json(r#"{"code":402,"msg":"dead"}"#),
        (_, Some("A3")) => Reply::json(r#"{"code":0,"data":null}"#),
        _ => Reply::new(400).body(r#"{"code":401,"msg":"expired"}"#),
    })
    .await;
    let session = Session::new(Tokens::new("A1").refresh_token("R1"));
    let client = builder(&server.url)
        .session(session.clone())
        .refresh(refresh(&WRAPPED_TOKEN))
        .build()
        .unwrap();
    // A2 is refused too: the replay stops, and the session is kept.
    let error = send(&client, &WRAPPED_ME, |_| {}).await.unwrap_err();
    assert!(error.is_unauthorized(), "{error:?}");
    assert_eq!(access(&client).as_deref(), Some("A2"));
    session.sign_in("A3");
    send(&client, &WRAPPED_ME, |_| {}).await.unwrap();
    // R2 is refused by its code, and that ends the session.
    session.sign_in(Tokens::new("A4").refresh_token("R4"));
    let error = send(&client, &WRAPPED_ME, |_| {}).await.unwrap_err();
    assert!(error.is_session_expired(), "{error:?}");
}
