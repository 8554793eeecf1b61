//! Redirects, hop by hop.

use crate::{
    endpoints::{GET, ME, POST, builder, client, endpoint, guarded, send},
    server::{Reply, Seen, Server},
};
use perennial::{
    __v1::{Api, Auth, Endpoint},
    ByteStream, Client, Error, Session, TransportKind,
};
use std::sync::{Arc, Mutex};

/// A server whose `/get`, `/post` and `/me` lead to `target`.
async fn leading(status: u16, target: &str) -> Server {
    let target = target.to_owned();
    Server::start(move |seen| match &*seen.target {
        "/there" => Reply::new(200),
        _ => Reply::new(status).header("location", &target),
    })
    .await
}

async fn other() -> Server {
    Server::always(Reply::new(200)).await
}

fn signed_in(server: &Server) -> Client {
    builder(&server.url)
        .session(Session::fixed("A1"))
        .build()
        .unwrap()
}

#[tokio::test]
async fn methods_and_bodies_follow_the_status() {
    for (status, line, body) in [
        (301, "GET /there", ""),
        (302, "GET /there", ""),
        (303, "GET /there", ""),
        (307, "POST /there", "[1]"),
        (308, "POST /there", "[1]"),
    ] {
        let server = leading(status, "there").await;
        send(&client(&server.url), &POST, |r| r.json(&[1]))
            .await
            .unwrap();
        let seen = server.last();
        assert_eq!((&*seen.line(), &*seen.body), (line, body), "{status}");
        assert_eq!(
            seen.header("content-type").is_some(),
            !body.is_empty(),
            "{status}"
        );
        assert_eq!(seen.header("referer"), None);
    }
    static PUT: Endpoint = endpoint("ShopApi::put", "PUT", "/put");
    let server = leading(302, "/there").await;
    send(&client(&server.url), &PUT, |r| r.json(&[1]))
        .await
        .unwrap();
    assert_eq!(
        (&*server.last().line(), &*server.last().body),
        ("PUT /there", "[1]")
    );
    static HEAD: Endpoint = endpoint("ShopApi::head", "HEAD", "/head");
    let server = leading(303, "/there").await;
    send(&client(&server.url), &HEAD, |_| {}).await.unwrap();
    assert_eq!(server.last().line(), "HEAD /there");
}

#[tokio::test]
async fn a_body_that_can_be_read_once_stops_at_a_307() {
    static ONCE: Endpoint = Endpoint {
        replay: false,
        ..endpoint("ShopApi::once", "POST", "/x")
    };
    let server = leading(307, "/there").await;
    let stream = ByteStream::from_iter(["x"]);
    let error = send(&client(&server.url), &POST, |r| r.body(stream, "a/b"))
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 307);
    let error = send(&client(&server.url), &ONCE, |r| r.json(&1))
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 307);
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn the_token_stays_within_its_origin() {
    let near = leading(307, "/there").await;
    let client = builder(&near.url)
        .session(Session::fixed("A1"))
        .header("x-tag", "t");
    send(&client.build().unwrap(), &ME, |_| {}).await.unwrap();
    let tokens: Vec<_> = near
        .seen()
        .iter()
        .map(|s| s.header("authorization").map(str::to_owned))
        .collect();
    assert_eq!(
        tokens,
        [Some("Bearer A1".to_owned()), Some("Bearer A1".to_owned())]
    );

    // Another port is another origin.
    let far = other().await;
    let near = leading(307, &format!("{}/far", far.url)).await;
    let client = builder(&near.url)
        .session(Session::fixed("A1"))
        .header("x-tag", "t");
    let client = client.header("cookie", "sid=1").build().unwrap();
    send(&client, &ME, |r| r.header("x-arg", "a"))
        .await
        .unwrap();
    assert_eq!(near.last().header("authorization"), Some("Bearer A1"));
    let seen = far.last();
    assert_eq!(seen.line(), "GET /far");
    for (name, value) in [
        ("authorization", None),
        ("cookie", None),
        ("referer", None),
        ("x-tag", Some("t")),
        ("x-arg", Some("a")),
    ] {
        assert_eq!(seen.header(name), value, "{name}");
    }
}

#[tokio::test]
async fn a_token_in_a_header_of_its_own_stays_too() {
    static KEYED: Api = Api {
        auth: Auth::Header {
            name: "token",
            prefix: "",
        },
        ..Api::new("KeyApi")
    };
    static KEY: Endpoint = Endpoint::new(&KEYED, "KeyApi::get", "GET", "/me");
    let far = other().await;
    // Allowed origins are for requests that begin there.
    let near = leading(302, &far.url).await;
    let client = builder(&near.url)
        .allow_origin(&far.url)
        .session(Session::fixed("A1"));
    send(&client.build().unwrap(), &KEY, |_| {}).await.unwrap();
    assert_eq!(near.last().header("token"), Some("A1"));
    assert_eq!(far.last().header("token"), None);
}

#[tokio::test]
async fn a_token_that_was_left_behind_stays_behind() {
    let home = Arc::new(Mutex::new(String::new()));
    let back = home.clone();
    let far = Server::start(move |_| {
        Reply::new(307).header("location", &format!("{}/back", back.lock().unwrap()))
    })
    .await;
    let away = far.url.clone();
    let near = Server::start(move |seen| match &*seen.target {
        "/me" => Reply::new(307).header("location", &away),
        "/back" => Reply::new(307).header("location", "/there"),
        _ => Reply::new(200),
    })
    .await;
    home.lock().unwrap().push_str(&near.url);
    send(&signed_in(&near), &ME, |_| {}).await.unwrap();
    let seen = near.seen();
    let tokens = seen
        .iter()
        .map(|seen| seen.header("authorization").is_some());
    assert_eq!(tokens.collect::<Vec<_>>(), [true, false, false]);
}

#[tokio::test]
async fn a_refusal_elsewhere_is_not_the_sessions() {
    let far = Server::always(Reply::new(401).body("go away")).await;
    let near = leading(307, &far.url).await;
    let client = signed_in(&near);
    let error = send(&client, &ME, |_| {}).await.unwrap_err();
    let Error::Unauthorized(refused) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(refused.answer().body, "go away");
    assert!(client.session().unwrap().tokens().is_some());
    assert_eq!(near.seen().len(), 1);
}

#[tokio::test]
async fn loops_end() {
    let server = leading(302, "/get").await;
    let error = send(&client(&server.url), &GET, |_| {}).await.unwrap_err();
    let Error::Transport(error) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(error.kind(), TransportKind::Redirect);
    assert_eq!(server.seen().len(), 11);
}

#[tokio::test]
async fn strange_targets_are_refused() {
    for target in ["file:///etc/passwd", "http://example.com/", "http://["] {
        let server = leading(302, target).await;
        let error = send(&client(&server.url), &GET, |_| {}).await.unwrap_err();
        assert!(
            matches!(&error, Error::Transport(e) if e.kind() == TransportKind::Redirect),
            "{target}: {error:?}"
        );
        assert_eq!(server.seen().len(), 1);
    }
    let server = Server::always(Reply::new(302)).await;
    let error = send(&client(&server.url), &GET, |_| {}).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 302);
}

#[tokio::test]
async fn a_status_that_the_method_wants_is_not_followed() {
    static FOUND: Endpoint = Endpoint {
        ok: &[(302, 302)],
        ..guarded("ShopApi::found", "GET", "/me")
    };
    let server = leading(302, "/there").await;
    let found = send(&signed_in(&server), &FOUND, |_| {})
        .response()
        .await
        .unwrap();
    assert_eq!(
        (found.status.as_u16(), &found.headers["location"]),
        (302, &"/there".parse().unwrap())
    );
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn hooks_see_each_request_at_home_and_none_elsewhere() {
    let far = other().await;
    let near = leading(307, &far.url).await;
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = seen.clone();
    let client = builder(&near.url)
        .session(Session::fixed("A1"))
        .before_send(move |out| {
            let token = out.headers["authorization"].to_str().unwrap().to_owned();
            log.lock()
                .unwrap()
                .push(format!("{} {} {token}", out.method, out.url.path()));
            out.headers.insert("x-signature", "s".parse().unwrap());
        })
        .build()
        .unwrap();
    send(&client, &ME, |_| {}).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), ["GET /me Bearer A1"]);
    assert_eq!(near.last().header("x-signature"), Some("s"));
    assert_eq!(far.last().header("x-signature"), None);
    let _: Option<Seen> = far.seen().pop();
}
