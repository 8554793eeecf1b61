//! Methods that authenticate, with sessions that cannot renew themselves.

use crate::{
    endpoints::{BEARER, GET, ME, PUT_ME, builder, call, client, endpoint, guarded, send},
    server::{Reply, Server},
};
use perennial::{
    __v1::{
        Answer, Api, Auth, Choice, Empty, Endpoint, EnvelopeSpec, Expired, FromStatus, Json,
        Mismatch, SessionPolicy,
    },
    ApiError, Builder, ByteStream, Classify, Client, Error, ExpiredReason, Session, StatusCode,
    classify::Verdict,
};

/// Signed in or not.
static EITHER: Endpoint = Endpoint {
    auth: Auth::Any(&[Auth::Bearer, Auth::None]),
    ..ME
};

fn signed_in(server: &Server) -> Builder {
    builder(&server.url).session(Session::fixed("A1"))
}

async fn token(builder: Builder, endpoint: &'static Endpoint, server: &Server) -> Option<String> {
    send(&builder.build().unwrap(), endpoint, |_| {})
        .await
        .unwrap();
    server.last().header("authorization").map(str::to_owned)
}

#[tokio::test]
async fn who_carries_what() {
    static CLIENT: Endpoint = Endpoint {
        auth: Auth::Basic,
        ..ME
    };
    static REFRESH: Endpoint = Endpoint {
        refresh: true,
        ..ME
    };
    let server = Server::always(Reply::new(200)).await;
    let bearer = Some("Bearer A1".to_owned());
    assert_eq!(token(signed_in(&server), &ME, &server).await, bearer);
    assert_eq!(token(signed_in(&server), &GET, &server).await, None);
    assert_eq!(token(signed_in(&server), &EITHER, &server).await, bearer);
    assert_eq!(token(signed_in(&server), &REFRESH, &server).await, None);
    assert_eq!(token(builder(&server.url), &EITHER, &server).await, None);
    let nobody = builder(&server.url).session(Session::signed_out());
    assert_eq!(token(nobody, &EITHER, &server).await, None);
    let app = signed_in(&server).client_credentials("app", "pass");
    assert_eq!(
        token(app, &CLIENT, &server).await,
        Some("Basic YXBwOnBhc3M=".to_owned())
    );

    static KEY: Endpoint = Endpoint {
        auth: Auth::Header {
            name: "X-Token",
            prefix: "t ",
        },
        ..ME
    };
    assert_eq!(token(signed_in(&server), &KEY, &server).await, None);
    assert_eq!(server.last().header("x-token"), Some("t A1"));

    let own = send(&signed_in(&server).build().unwrap(), &ME, |_| {});
    own.header("authorization", "Bearer mine").await.unwrap();
    assert_eq!(server.last().header("authorization"), Some("Bearer mine"));
}

#[tokio::test]
async fn what_cannot_authenticate_is_not_sent() {
    static CLIENT: Endpoint = Endpoint {
        auth: Auth::Basic,
        ..ME
    };
    let server = Server::always(Reply::new(200)).await;
    let error = send(&client(&server.url), &CLIENT, |_| {})
        .await
        .unwrap_err();
    let expected = "ShopApi::me: it authenticates the client, expected `.client_credentials(…)` on the builder";
    assert_eq!(error.to_string(), expected);
    let error = send(&client(&server.url), &ME, |_| {}).await.unwrap_err();
    let expected = "ShopApi::me: no session for bearer, expected `.session(…)` or \
                    `.session_for(\"bearer\", …)` on the builder";
    assert_eq!(error.to_string(), expected);

    let newline = builder(&server.url)
        .session(Session::fixed("A\n1"))
        .build()
        .unwrap();
    let error = send(&newline, &ME, |_| {}).await.unwrap_err();
    assert!(
        error.is_request() && !format!("{error:?}").contains("A\\n1"),
        "{error:?}"
    );

    let nobody = builder(&server.url)
        .session(Session::signed_out())
        .build()
        .unwrap();
    let error = send(&nobody, &ME, |_| {}).await.unwrap_err();
    let Error::SessionExpired(over) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(over.reason(), ExpiredReason::NeverSignedIn);
    assert!(over.answer().is_none() && error.is_session_expired());
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn the_token_goes_to_allowed_origins_only() {
    static NEXT: Endpoint = guarded("ShopApi::next", "GET", "");
    let (home, away) = (
        Server::always(Reply::new(200)).await,
        Server::always(Reply::new(200)).await,
    );
    let open = |builder: Builder, url: String| async move {
        send(&builder.build().unwrap(), &NEXT, |r| r.url(&url))
            .await
            .unwrap();
    };
    open(signed_in(&home), "/x".to_owned()).await;
    assert_eq!(home.last().header("authorization"), Some("Bearer A1"));
    open(signed_in(&home), away.url.clone()).await;
    assert_eq!(away.last().header("authorization"), None);
    // What the builder was given stays at home too, and so do its hooks.
    let secrets = signed_in(&home)
        .header("cookie", "sid=1")
        .header("x-tag", "t")
        .before_send(|out| drop(out.headers.insert("x-signature", "s".parse().unwrap())));
    open(secrets, away.url.clone()).await;
    let found = ["cookie", "x-signature", "x-tag"].map(|name| away.last().header(name).is_some());
    assert_eq!(found, [false, false, true]);
    open(signed_in(&home).allow_origin(&away.url), away.url.clone()).await;
    assert_eq!(away.last().header("authorization"), Some("Bearer A1"));
}

#[tokio::test]
async fn a_401_keeps_the_answer() {
    let reply = Reply::new(401).header("x-a", "b").body("expired");
    let server = Server::always(reply).await;
    let bare = (client(&server.url), &EITHER);
    for (client, endpoint) in [(signed_in(&server).build().unwrap(), &ME), bare] {
        let error = send(&client, endpoint, |_| {}).await.unwrap_err();
        let Error::Unauthorized(refused) = &error else {
            panic!("{error:?}")
        };
        assert!(refused.replayable());
        assert_eq!(refused.answer().body, "expired");
        assert_eq!(refused.answer().headers["x-a"], "b");
        assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    }
    let client = signed_in(&server).build().unwrap();
    let error = send(&client, &PUT_ME, |r| {
        r.body(ByteStream::from_iter(["x"]), "a/b")
    })
    .await
    .unwrap_err();
    assert!(matches!(&error, Error::Unauthorized(refused) if !refused.replayable()));
    static ONCE: Endpoint = Endpoint {
        replay: false,
        ..ME
    };
    let error = send(&client, &ONCE, |r| r.json(&1)).await.unwrap_err();
    assert!(matches!(&error, Error::Unauthorized(refused) if !refused.replayable()));
    // Where nothing authenticates, it is the API's own.
    assert!(send(&client, &GET, |_| {}).await.unwrap_err().is_api());
}

#[tokio::test]
async fn a_401_is_cut_at_64_kib() {
    // The other half never comes, and nobody waits for it.
    let server = Server::always(Reply::new(401).body(vec![b'x'; 100_000]).stalled(100_000)).await;
    let error = send(&signed_in(&server).build().unwrap(), &ME, |_| {})
        .await
        .unwrap_err();
    assert!(matches!(&error, Error::Unauthorized(e) if e.answer().body.len() == 64 * 1024));
}

#[tokio::test(start_paused = true)]
async fn a_401_whose_body_falls_silent_is_left() {
    let server = Server::always(Reply::new(401).body("x").stalled(10)).await;
    let client = signed_in(&server).build().unwrap();
    let error = send(&client, &ME, |_| {}).await.unwrap_err();
    assert!(error.is_unauthorized(), "{error:?}");
}

#[tokio::test]
async fn statuses_of_the_methods_own() {
    static OWN: Endpoint = Endpoint {
        own: &[401, 402],
        ..ME
    };
    static NONE: Endpoint = Endpoint { none: &[401], ..ME };
    let server = Server::always(Reply::new(401).body("mine")).await;
    let client = signed_in(&server).build().unwrap();
    let error = send(&client, &OWN, |_| {}).await.unwrap_err();
    assert_eq!(error.api().unwrap().body(), "mine");
    let none =
        call::<Option<u8>, ApiError, _>(&client, &NONE, Choice::<Json>::NEW.option(), |_| {});
    assert_eq!(none.await.unwrap(), None);
}

#[tokio::test]
async fn a_typed_401_is_the_methods_own() {
    #[derive(Debug)]
    struct Refused(String);
    impl FromStatus for Refused {
        const CLAIMS: &'static [u16] = &[401];
        fn from_status(answer: &Answer) -> Result<Self, Mismatch> {
            Ok(Self(answer.text()))
        }
    }
    let server = Server::always(Reply::new(401).body("mine")).await;
    let client = signed_in(&server).build().unwrap();
    let call = call::<(), Refused, _>(&client, &ME, Choice::<Empty>::NEW, |_| {});
    assert_eq!(call.await.unwrap_err().api().unwrap().0, "mine");
}

#[tokio::test]
async fn a_402_of_a_session_that_cannot_renew_is_the_apis() {
    let server = Server::always(Reply::new(402).body("pay")).await;
    let error = send(&signed_in(&server).build().unwrap(), &ME, |_| {})
        .await
        .unwrap_err();
    assert_eq!(error.api().unwrap().body(), "pay");
}

#[tokio::test]
async fn codes_in_an_envelope_are_the_sessions() {
    static WRAPPED: Api = Api {
        envelope: Some(EnvelopeSpec::fields("code", "msg", "data", &[0])),
        ..BEARER
    };
    static WRAPPED_ME: Endpoint = Endpoint {
        api: &WRAPPED,
        ..ME
    };
    static WRAPPED_OWN: Endpoint = Endpoint {
        api: &WRAPPED,
        own: &[401],
        ..ME
    };
    static WRAPPED_OPEN: Endpoint = Endpoint {
        api: &WRAPPED,
        auth: Auth::None,
        ..ME
    };
    for status in [200, 400] {
        let body = r#"{"code":401,"msg":"expired"}"#;
        let server = Server::always(Reply::new(status).body(body)).await;
        let client = signed_in(&server).build().unwrap();
        let error = send(&client, &WRAPPED_ME, |_| {}).await.unwrap_err();
        let Error::Unauthorized(refused) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(refused.answer().message(), Some("expired"));
        for own in [&WRAPPED_OWN, &WRAPPED_OPEN] {
            let error = send(&client, own, |_| {}).await.unwrap_err();
            assert_eq!(error.api().unwrap().code(), Some(401));
        }
    }
}

#[tokio::test]
async fn a_402_without_a_session_is_the_apis() {
    static WRAPPED: Api = Api {
        envelope: Some(EnvelopeSpec::fields("code", "msg", "data", &[0])),
        ..BEARER
    };
    static WRAPPED_ME: Endpoint = Endpoint {
        api: &WRAPPED,
        ..EITHER
    };
    let server = Server::always(Reply::json(r#"{"code":402,"msg":"pay"}"#)).await;
    let error = send(&client(&server.url), &WRAPPED_ME, |_| {})
        .await
        .unwrap_err();
    assert_eq!(error.api().unwrap().code(), Some(402));
}

#[tokio::test]
async fn a_policy_of_ones_own() {
    let server = Server::start(|seen| match seen.header("x-big") {
        Some(_) => Reply::json(&format!("[{}1]", "0,".repeat(70_000))),
        None => Reply::new(403).header("x-expired", "1").body("no"),
    })
    .await;
    let own = Classify::with(|status, headers, body| {
        assert!(body.len() <= 64 * 1024);
        match status.as_u16() {
            403 if headers.contains_key("x-expired") && body == b"no" => Verdict::Refresh,
            _ => Verdict::Other,
        }
    });
    let client = signed_in(&server).classify(own).build().unwrap();
    assert!(
        send(&client, &ME, |_| {})
            .await
            .unwrap_err()
            .is_unauthorized()
    );
    static OWN: Endpoint = Endpoint { own: &[403], ..ME };
    assert!(send(&client, &OWN, |_| {}).await.unwrap_err().is_api());
    let big = call::<Vec<u8>, ApiError, _>(&client, &ME, Choice::<Json>::NEW, |r| {
        r.header("x-big", "1");
    });
    assert_eq!(big.await.unwrap().len(), 70_001);

    let client = signed_in(&server)
        .classify(Classify::status().refresh(&[403]))
        .build()
        .unwrap();
    assert!(
        send(&client, &ME, |_| {})
            .await
            .unwrap_err()
            .is_unauthorized()
    );
}

#[tokio::test]
async fn traits_that_share_a_session_agree_on_its_codes() {
    static OTHER: Api = Api {
        session: Some(SessionPolicy {
            refresh: &[498],
            ..SessionPolicy::DEFAULT
        }),
        ..Api {
            name: "OtherApi",
            ..BEARER
        }
    };
    static THIRD: Api = Api {
        session: Some(SessionPolicy {
            expired: Expired::Never,
            ..SessionPolicy::DEFAULT
        }),
        ..Api {
            name: "ThirdApi",
            ..BEARER
        }
    };
    static OTHER_ME: Endpoint = Endpoint { api: &OTHER, ..ME };
    static THIRD_ME: Endpoint = Endpoint { api: &THIRD, ..ME };
    let server = Server::always(Reply::new(498)).await;
    let client = signed_in(&server).build().unwrap();
    assert!(
        send(&client, &OTHER_ME, |_| {})
            .await
            .unwrap_err()
            .is_unauthorized()
    );
    // A trait that says nothing goes by what the session was given.
    assert!(
        send(&client, &ME, |_| {})
            .await
            .unwrap_err()
            .is_unauthorized()
    );
    let error = send(&client, &THIRD_ME, |_| {}).await.unwrap_err();
    assert!(error.is_request());
    let text = error.to_string();
    assert!(
        text.starts_with("`ThirdApi` and `OtherApi` share a session and differ"),
        "{text}"
    );
    assert_eq!(server.seen().len(), 2);

    let built: Client = Builder::__api(&THIRD, |client| client)
        .base_url(&server.url)
        .session(Session::fixed("A1"))
        .build()
        .unwrap();
    assert!(
        send(&built, &OTHER_ME, |_| {})
            .await
            .unwrap_err()
            .is_request()
    );
    let _ = endpoint("", "", "");
}
