//! Which answers end a session, and which refreshes count.

use crate::shop::World;
use perennial::{Error, Event, ExpiredReason, RefreshErrorKind};
use perennial_tests::{Canned, REFRESH, run, scenario};
use serde_json::json;

scenario!(refresh_401_typed_endpoint_rejected);
fn refresh_401_typed_endpoint_rejected() {
    run(async {
        // What an endpoint of the API itself says, with whatever body.
        let bodies = [
            Canned::status(401),
            Canned::status(400),
            Canned::status(403),
            Canned::html(401),
            Canned::json(401, &json!({ "error": "token_revoked" })),
        ];
        for refusal in bodies {
            let world = World::new().expired();
            let said = format!("{refusal:?}");
            world.backend.on(REFRESH).answer(refusal);
            let mut events = world.session.events();
            for _ in 0..2 {
                match world.api.item(1).await {
                    Err(Error::SessionExpired(over)) => {
                        assert_eq!(over.reason(), ExpiredReason::Rejected, "{said}");
                    }
                    other => panic!("{said} is the end of a session: {other:?}"),
                }
            }
            let reason = ExpiredReason::Rejected;
            assert_eq!(events.next().await, Some(Event::Expired { reason }));
            let record = world.backend.ledger().read();
            assert_eq!((record.refreshes(), record.sends("/items/1")), (1, 1));
            assert_eq!(world.access(), None);
        }

        // But RFC 6749's other errors are about the client or the request.
        let world = World::new().expired();
        let refusal = Canned::json(401, &json!({ "error": "unauthorized_client" }));
        world.backend.on(REFRESH).answer(refusal);
        assert!(
            world
                .api
                .item(1)
                .await
                .is_err_and(|error| error.is_refresh())
        );
        assert_eq!(world.refresh_token(), Some(world.pair.refresh));
    });
}

scenario!(storm_counts_only_commits);
fn storm_counts_only_commits() {
    run(async {
        let world = World::session(|session| {
            // Short pauses, so that all of it fits into one window.
            let second = std::time::Duration::from_secs(1);
            session.backoff(second, second)
        });
        world.backend.on(REFRESH).first(6).answer(Canned::html(503));
        world.backend.expire_all();
        for _ in 0..6 {
            match world.api.item(1).await {
                Err(Error::Refresh(error)) => assert_eq!(error.kind(), RefreshErrorKind::Server),
                other => panic!("an outage, and no storm: {other:?}"),
            }
            world.later(2).await;
        }
        // Three that brought tokens are allowed in 30 s, whatever failed before.
        for _ in 0..3 {
            world.api.item(1).await.expect("renewed");
            world.backend.expire_all();
        }
        match world.api.item(1).await {
            Err(Error::Refresh(error)) => assert_eq!(error.kind(), RefreshErrorKind::Storm),
            other => panic!("a fourth one: {other:?}"),
        }
        let record = world.backend.ledger().read();
        assert_eq!((record.refreshes(), record.rotations.len()), (9, 3));
    });
}

scenario!(server_issues_expired_tokens);
fn server_issues_expired_tokens() {
    run(async {
        // Each pair is dead on arrival: the server refuses the access token it has just given.
        let world = World::new();
        world.backend.on("/items/1").deny();
        world.backend.on("/items/2").deny();
        for _ in 0..5 {
            for call in [world.api.item(1), world.api.item(2)] {
                let refused = call.await;
                let ends = matches!(refused, Err(Error::Unauthorized(_) | Error::Refresh(_)));
                assert!(ends, "{refused:?}");
            }
            world.later(1).await;
        }
        let record = world.backend.ledger().read();
        assert!(record.refreshes() <= 3, "no loop:\n{record}");
        assert!(world.access().is_some(), "and no sign-out");

        // Each pair says of itself that it is over: that cannot be, so nobody knows its end.
        for expiry in [json!(0), json!(-3600)] {
            let world = World::new().expired();
            let fresh = world.backend.sign_in("ada");
            let answer = json!({
                "access_token": fresh.access,
                "refresh_token": fresh.refresh,
                "expires_in": expiry,
            });
            world.backend.on(REFRESH).answer(Canned::json(200, &answer));
            for _ in 0..5 {
                world
                    .api
                    .item(1)
                    .await
                    .expect("used for as long as it serves");
                world.later(3600).await;
            }
            assert_eq!(world.backend.ledger().read().refreshes(), 1);
        }
    });
}
