//! How long, and how many, may wait.

use crate::shop::{World, join};
use perennial::{Error, RefreshErrorKind, Reuse};
use perennial_tests::{Canned, Gate, REFRESH, run, scenario};
use serde_json::json;
use std::time::Duration;

scenario!(parked_requests_capped);
fn parked_requests_capped() {
    run(async {
        let world = World::session(|session| session.max_parked(2)).expired();
        let answer = Gate::closed();
        world.backend.on(REFRESH).hold(&answer);
        let calls = world.spawn_items(2);
        world.parked(2).await;
        match world.api.item(1).await {
            Err(Error::Refresh(error)) => assert_eq!(error.kind(), RefreshErrorKind::Parked),
            other => panic!("two wait already: {other:?}"),
        }
        answer.open();
        for call in calls {
            join(call).await.expect("renewed");
        }
        assert_eq!(world.backend.ledger().read().refreshes(), 1);
    });
}

scenario!(parked_bytes_capped);
fn parked_bytes_capped() {
    run(async {
        let world = World::session(|session| session.max_parked_bytes(5000)).expired();
        let answer = Gate::closed();
        world.backend.on(REFRESH).hold(&answer);
        let body = json!({ "text": "x".repeat(3000) });
        let first = tokio::spawn(world.api.put_item(1, true, "*", &body));
        world.parked(1).await;
        match world.api.put_item(2, true, "*", &body).await {
            Err(Error::Refresh(error)) => assert_eq!(error.kind(), RefreshErrorKind::Parked),
            other => panic!("too many bytes wait already: {other:?}"),
        }
        answer.open();
        join(first).await.expect("renewed");
    });
}

scenario!(refresh_429_retry_after_honoured);
fn refresh_429_retry_after_honoured() {
    run(async {
        let world = World::new().expired();
        let throttled = Canned::status(429).header("retry-after", "90");
        world.backend.on(REFRESH).nth(1).answer(throttled);
        let Err(Error::Refresh(first)) = world.api.item(1).await else {
            panic!("throttled")
        };
        let due = first.retry_at().expect("the server named a time");
        for _ in 0..2 {
            match world.api.item(1).await {
                Err(Error::Refresh(error)) => {
                    assert_eq!(error.kind(), RefreshErrorKind::Throttled);
                    assert_eq!(error.retry_at(), Some(due));
                }
                other => panic!("not due yet: {other:?}"),
            }
            world.later(44).await;
        }
        let ledger = world.backend.ledger();
        assert_eq!(ledger.read().refreshes(), 1);
        world.later(3).await;
        world.api.item(1).await.expect("due");
        assert_eq!(ledger.read().refreshes(), 2);
    });
}

scenario!(late_answer_after_timeout_commits);
fn late_answer_after_timeout_commits() {
    run(async {
        let limit = Duration::from_secs(7);
        let world = World::session(|session| session.waiter_timeout(limit)).expired();
        let answer = Gate::closed();
        world.backend.on(REFRESH).hold(&answer);
        let call = world.spawn_item();
        world.clock.someone_sleeps(limit).await;
        world
            .backend
            .ledger()
            .wait_for("the rotation", |l| l.rotations.len() == 1)
            .await;
        world.clock.advance(limit);
        let late = join(call).await;
        assert!(
            late.as_ref().is_err_and(perennial::Error::is_timeout),
            "{late:?}"
        );

        // Nobody waits any more, and the answer still counts.
        answer.open();
        world.api.item(1).await.expect("served by the late pair");
        let record = world.backend.ledger().read();
        assert_eq!(
            (record.refreshes(), record.presented(&world.pair.refresh)),
            (1, 1)
        );
    });
}

scenario!(lost_response_within_window);
fn lost_response_within_window() {
    run(async {
        let window = Reuse::Window {
            lasts: Duration::from_secs(10),
            times: 1,
        };
        let world = World::session(|session| session.reuse(window)).expired();
        // The server never looks at the first two.
        world.backend.on(REFRESH).first(2).ignore();
        for refreshes in [1, 2] {
            assert!(world.api.item(1).await.is_err());
            assert_eq!(world.backend.ledger().read().refreshes(), refreshes);
            world.later(3).await;
        }
        // Once more is what the window grants, and that was it.
        let over = world.api.item(1).await;
        assert!(over.is_err());
        assert_eq!(world.backend.ledger().read().refreshes(), 2);
    });
}
