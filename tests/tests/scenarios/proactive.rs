//! A token is renewed before it expires, without anyone waiting for it.

use crate::shop::World;
use perennial::{Event, Tokens};
use perennial_tests::{Backend, Canned, Convention, Gate, REFRESH, run, scenario};
use serde_json::json;
use std::time::Duration;

/// A world whose tokens live this long by what the server says.
fn lifetime(seconds: u64) -> World {
    let backend = Backend::plan(Convention::Status).lifetime(seconds).start();
    let pair = backend.sign_in("ada");
    let tokens = Tokens::new(pair.access.clone())
        .refresh_token(pair.refresh.clone())
        .expires_in(Duration::from_secs(seconds));
    let mut world = World::with(backend, |session| session.tokens(tokens), |client| client);
    world.pair = pair;
    world
}

scenario!(proactive_serves_stale, memory only: "where a store outlives the process the refresh is waited for");
fn proactive_serves_stale() {
    run(async {
        let world = lifetime(3600);
        let answer = Gate::closed();
        world.backend.on(REFRESH).hold(&answer);
        let mut events = world.session.events();
        world.api.item(1).await.expect("fresh");
        assert_eq!(world.backend.ledger().read().refreshes(), 0);

        // Half a minute before the end: time to renew, and the token still serves.
        world.later(3570).await;
        world.api.item(1).await.expect("served with the old token");
        let ledger = world.backend.ledger();
        ledger.wait_for("the refresh", |l| l.refreshes() == 1).await;
        world.api.item(1).await.expect("served during the refresh");
        answer.open();
        assert_eq!(events.next().await, Some(Event::Refreshed));
        world.api.item(1).await.expect("served with the new token");

        let record = ledger.read();
        let (old, new) = (&world.pair.access, &record.rotations[0].access);
        assert_eq!(record.tokens("/items/1"), [old, old, old, new]);
        assert_eq!(record.refreshes(), 1);
    });
}

scenario!(proactive_unknown_serves_until_expiry);
fn proactive_unknown_serves_until_expiry() {
    run(async {
        let world = lifetime(3600);
        world.backend.on(REFRESH).nth(1).lose();
        let mut events = world.session.events();
        world.later(3570).await;
        world.api.item(1).await.expect("served with the old token");
        let failed = events.next().await;
        assert!(
            matches!(failed, Some(Event::RefreshFailed { .. })),
            "{failed:?}"
        );

        // The answer is lost, the access token is not.
        for _ in 0..5 {
            world.clock.advance_secs(4);
            world
                .api
                .item(1)
                .await
                .expect("served to the end of its life");
        }
        let ledger = world.backend.ledger();
        assert_eq!(
            ledger.read().refreshes(),
            1,
            "nothing is presented while a token serves"
        );

        world.clock.advance_secs(60);
        assert!(
            world
                .api
                .item(1)
                .await
                .is_err_and(|error| error.is_session_expired())
        );
        let record = ledger.read();
        assert_eq!(record.refreshes(), 2, "only then is there nothing to lose");
        assert_eq!(record.tokens("/items/1"), vec![&world.pair.access; 6]);
    });
}

scenario!(expires_in_below_refresh_before_no_loop);
fn expires_in_below_refresh_before_no_loop() {
    run(async {
        // Shorter than the minute before expiry in which a token is renewed by default.
        let world = lifetime(30);
        for _ in 0..10 {
            world.api.item(1).await.expect("fresh");
        }
        let ledger = world.backend.ledger();
        assert_eq!(ledger.read().refreshes(), 0);

        world.later(31).await;
        for _ in 0..10 {
            world.api.item(2).await.expect("renewed once");
        }
        let record = ledger.read();
        assert_eq!(record.refreshes(), 1);
        assert_eq!(
            record.tokens("/items/2"),
            vec![&record.rotations[0].access; 10]
        );
    });
}

scenario!(proactive_failure_no_displacement);
fn proactive_failure_no_displacement() {
    run(async {
        let world = lifetime(3600);
        world.backend.on(REFRESH).answer(Canned::html(503));
        let mut events = world.session.events();
        world.later(3570).await;
        world.api.item(1).await.expect("served with the old token");
        let failed = events.next().await;
        assert!(
            matches!(failed, Some(Event::RefreshFailed { .. })),
            "{failed:?}"
        );
        for _ in 0..5 {
            world
                .api
                .item(1)
                .await
                .expect("a failed renewal displaces nothing");
        }
        let record = world.backend.ledger().read();
        assert_eq!(
            record.refreshes(),
            1,
            "and is not repeated before its pause is over"
        );
        assert_eq!(record.tokens("/items/1"), vec![&world.pair.access; 6]);
    });
}

scenario!(no_expires_in_only_401_refreshes);
fn no_expires_in_only_401_refreshes() {
    run(async {
        let world = World::new();
        world.later(365 * 24 * 3600).await;
        world
            .api
            .item(1)
            .await
            .expect("nobody said that it expires");
        assert_eq!(world.backend.ledger().read().refreshes(), 0);
        world.backend.expire(&world.pair.access);
        world.api.item(1).await.expect("renewed");
        assert_eq!(world.backend.ledger().read().refreshes(), 1);
    });
}

scenario!(unreadable_expiry_is_unknown);
fn unreadable_expiry_is_unknown() {
    run(async {
        for expiry in [
            json!("soon"),
            json!("3600"),
            json!(null),
            json!(-1),
            json!(1e12),
            json!([]),
        ] {
            let world = World::new().expired();
            let renewed = world.backend.sign_in("ada");
            let answer = json!({
                "access_token": renewed.access,
                "refresh_token": renewed.refresh,
                "expires_in": expiry,
                "unheard_of": {},
            });
            world.backend.on(REFRESH).answer(Canned::json(200, &answer));
            for _ in 0..5 {
                world
                    .api
                    .item(1)
                    .await
                    .expect("the pair is kept whatever its expiry");
                world.clock.advance_secs(2);
            }
            assert_eq!(
                world.backend.ledger().read().refreshes(),
                1,
                "expires_in: {expiry}"
            );
            assert_eq!(world.refresh_token(), Some(renewed.refresh));
        }
    });
}
