//! Redirects are followed hop by hop, and the token stays where it belongs.

use crate::shop::{TokenApiClient, World, tokens};
use perennial::Session;
use perennial_tests::{Backend, Canned, Convention, run, scenario};

scenario!(cross_origin_redirect, generated only: "redirects are the caller's transport's own, which the guard's docs say");
fn cross_origin_redirect() {
    run(async {
        let world = World::new();
        let elsewhere = Backend::start();
        let to = elsewhere.url() + "/open/blob?sig=1";
        world
            .backend
            .on("/items/1")
            .answer(Canned::redirect(307, &to));
        let echo = world.api.item(1).await.expect("the redirect is followed");
        assert_eq!(
            (echo.path.as_str(), echo.query.as_deref()),
            ("/open/blob", Some("sig=1"))
        );
        assert_eq!(
            world.backend.ledger().read().tokens("/items/1"),
            [&world.pair.access]
        );
        let record = elsewhere.ledger().read();
        let [hop] = record.requests.as_slice() else {
            panic!("one request: {record:?}")
        };
        for name in ["authorization", "cookie", "referer"] {
            assert!(
                !hop.headers.contains_key(name),
                "`{name}` went to another origin"
            );
        }
    });
}

scenario!(redirect_within_the_origin_keeps_the_token, generated only: "redirects are the caller's transport's own, which the guard's docs say");
fn redirect_within_the_origin_keeps_the_token() {
    run(async {
        let world = World::new();
        world
            .backend
            .on("/items/1")
            .answer(Canned::redirect(302, "/items/2"));
        let echo = world.api.item(1).await.expect("the redirect is followed");
        assert_eq!(echo.path, "/items/2");
        assert_eq!(
            world.backend.ledger().read().tokens("/items/2"),
            [&world.pair.access]
        );
    });
}

scenario!(custom_header_stripped, generated only: "redirects are the caller's transport's own, which the guard's docs say");
fn custom_header_stripped() {
    run(async {
        let backend = Backend::plan(Convention::Status)
            .header("token", "")
            .start();
        let elsewhere = Backend::plan(Convention::Status)
            .header("token", "")
            .start();
        let pair = backend.sign_in("ada");
        let session = Session::new(tokens(&pair));
        let api = TokenApiClient::builder()
            .base_url(backend.url())
            .session(session)
            .build();
        let api: TokenApiClient = api.expect("the client can be built");
        let to = elsewhere.url() + "/open/blob";
        backend.on("/items/1").answer(Canned::redirect(307, &to));

        api.item(1).await.expect("the redirect is followed");
        assert_eq!(backend.ledger().read().tokens("/items/1"), [&pair.access]);
        let record = elsewhere.ledger().read();
        let [hop] = record.requests.as_slice() else {
            panic!("one request: {record:?}")
        };
        assert!(
            !hop.headers.contains_key("token"),
            "the token went to another origin"
        );
        assert!(!hop.headers.contains_key("referer"));
    });
}

scenario!(redirect_target_401_no_refresh, generated only: "redirects are the caller's transport's own, which the guard's docs say");
fn redirect_target_401_no_refresh() {
    run(async {
        let world = World::new();
        let elsewhere = Backend::start();
        let to = elsewhere.url() + "/guarded";
        world
            .backend
            .on("/items/1")
            .answer(Canned::redirect(307, &to));
        let error = world
            .api
            .item(1)
            .await
            .expect_err("the other origin wants a token");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
        assert!(!error.is_session_expired());

        assert_eq!(elsewhere.ledger().read().tokens("/guarded"), ["-"]);
        let record = world.backend.ledger().read();
        assert_eq!(
            record.refreshes(),
            0,
            "that origin knows nothing of this session"
        );
        assert_eq!(record.sends("/items/1"), 1);
        assert_eq!(world.access(), Some(world.pair.access));
    });
}
