//! A request is sent again at most once, and what a token cannot cure ends there.

use crate::shop::{Echo, World};
use perennial::{Error, RefreshErrorKind, Result, Unauthorized};
use perennial_tests::{Canned, run, scenario};

fn unauthorized(result: Result<Echo>) -> Unauthorized {
    match result {
        Err(Error::Unauthorized(refused)) => refused,
        other => panic!("expected `Unauthorized`, found {other:?}"),
    }
}

scenario!(replay_401_stops);
fn replay_401_stops() {
    run(async {
        let world = World::new();
        world.backend.on("/forbidden").deny();
        let refused = unauthorized(world.api.forbidden().await);
        assert_eq!(refused.answer().status, 401);
        assert_eq!(
            refused.answer().body,
            r#"{"message":"the token has expired"}"#
        );

        let record = world.backend.ledger().read();
        let renewed = &record.rotations[0].access;
        assert_eq!(record.tokens("/forbidden"), [&world.pair.access, renewed]);
        assert_eq!(record.refreshes(), 1);
    });
}

scenario!(replay_401_keeps_session);
fn replay_401_keeps_session() {
    run(async {
        let world = World::new();
        world.backend.on("/forbidden").deny();
        unauthorized(world.api.forbidden().await);
        world.api.item(1).await.expect("others are served");

        let record = world.backend.ledger().read();
        let renewed = &record.rotations[0].access;
        assert_eq!(record.refreshes(), 1);
        assert_eq!(record.tokens("/items/1"), [renewed]);
        assert_eq!(world.access().as_ref(), Some(renewed));
    });
}

scenario!(forbidden_endpoint_polled_one_refresh);
fn forbidden_endpoint_polled_one_refresh() {
    run(async {
        let world = World::new();
        world.backend.on("/forbidden").deny();
        for _ in 0..6 {
            unauthorized(world.api.forbidden().await);
        }
        let record = world.backend.ledger().read();
        assert_eq!(record.refreshes(), 1);
        assert_eq!(record.sends("/forbidden"), 7, "one replay, and then none");

        // The mark is the endpoint's; others find out for themselves.
        world.backend.expire(&record.rotations[0].access);
        world
            .api
            .item(1)
            .await
            .expect("another endpoint is renewed");
        assert_eq!(world.backend.ledger().read().refreshes(), 2);
    });
}

scenario!(one_shot_body_401_refreshes_then_errors);
fn one_shot_body_401_refreshes_then_errors() {
    run(async {
        let world = World::new().expired();
        let refused = unauthorized(world.api.upload("a,b\n1,2\n").await);
        assert!(!refused.replayable());
        world
            .api
            .upload("a,b\n1,2\n")
            .await
            .expect("the next one carries the new token");

        let record = world.backend.ledger().read();
        let renewed = &record.rotations[0].access;
        assert_eq!(record.tokens("/upload"), [&world.pair.access, renewed]);
        assert_eq!(record.refreshes(), 1);
    });
}

scenario!(storm_window_trips);
fn storm_window_trips() {
    run(async {
        let world = World::new();
        for _ in 0..3 {
            world.backend.expire(&world.access().expect("signed in"));
            world.api.item(1).await.expect("renewed");
        }
        world.backend.expire(&world.access().expect("signed in"));
        match world.api.item(1).await {
            Err(Error::Refresh(error)) => assert_eq!(error.kind(), RefreshErrorKind::Storm),
            other => panic!("a fourth renewal in the window: {other:?}"),
        }
        let ledger = world.backend.ledger();
        assert_eq!(ledger.read().refreshes(), 3);

        world.later(31).await;
        world.api.item(1).await.expect("the window has passed");
        assert_eq!(ledger.read().refreshes(), 4);
    });
}

scenario!(insufficient_scope_no_refresh);
fn insufficient_scope_no_refresh() {
    run(async {
        let world = World::new();
        let challenge = "Bearer error=\"insufficient_scope\", scope=\"admin\"";
        let refusal = Canned::status(401).header("www-authenticate", challenge);
        world.backend.on("/forbidden").answer(refusal);
        unauthorized(world.api.forbidden().await);
        let record = world.backend.ledger().read();
        assert_eq!((record.sends("/forbidden"), record.refreshes()), (1, 0));
    });
}

scenario!(replay_keeps_all_but_the_token);
fn replay_keeps_all_but_the_token() {
    run(async {
        let world = World::new().expired();
        let body = serde_json::json!({ "name": "tea", "price": 3 });
        let echo = world
            .api
            .put_item(7, true, "\"v1\"", &body)
            .await
            .expect("renewed");
        assert_eq!((echo.method.as_str(), echo.body), ("PUT", body.to_string()));
        let record = world.backend.ledger().read();
        let sent: Vec<_> = record.to("/items/7").collect();
        let [first, again] = sent[..] else {
            panic!("sent twice: {record:#?}")
        };
        let rest = |request: &perennial_tests::backend::Request| {
            let mut headers = request.headers.clone();
            headers.remove("authorization");
            (
                request.method.clone(),
                request.query.clone(),
                headers,
                request.body.clone(),
            )
        };
        assert_eq!(rest(first), rest(again));
        assert_eq!(again.headers["if-match"], "\"v1\"");
    });
}

scenario!(replay_500_is_final);
fn replay_500_is_final() {
    run(async {
        let world = World::new().expired();
        world
            .backend
            .on("/items/1")
            .nth(2)
            .answer(Canned::html(500));
        let failed = world
            .api
            .item(1)
            .await
            .expect_err("the replay's answer is the call's");
        assert_eq!(failed.status().map(|status| status.as_u16()), Some(500));
        let record = world.backend.ledger().read();
        assert_eq!((record.sends("/items/1"), record.refreshes()), (2, 1));
    });
}
