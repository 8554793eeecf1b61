//! Answers that arrive after the world has moved on.

use crate::shop::{WAIT, World, tokens};
use perennial::{Error, ExpiredReason};
use perennial_tests::{Gate, REFRESH, run, scenario};

/// A world in which `GET /slow` was sent with A1 and waits for its answer, a 401.
async fn with_a_slow_401() -> (
    World,
    tokio::task::JoinHandle<perennial::Result<crate::shop::Echo>>,
    Gate,
) {
    let world = World::new().expired();
    let answer = Gate::closed();
    world.backend.on("/slow").nth(1).hold(&answer);
    let slow = tokio::spawn(world.api.slow());
    world
        .backend
        .ledger()
        .wait_for("the slow request", |l| l.sends("/slow") == 1)
        .await;
    (world, slow, answer)
}

scenario!(late_401_old_generation_no_refresh);
fn late_401_old_generation_no_refresh() {
    run(async {
        let (world, slow, answer) = with_a_slow_401().await;
        world.api.item(1).await.expect("the refresh works");
        answer.open();
        slow.await
            .unwrap()
            .expect("the late one is replayed with the newer token");

        let record = world.backend.ledger().read();
        assert_eq!(record.refreshes(), 1);
        let renewed = &record.rotations[0].access;
        assert_eq!(record.tokens("/slow"), [&world.pair.access, renewed]);
    });
}

scenario!(late_402_old_generation_ignored);
fn late_402_old_generation_ignored() {
    run(async {
        let world = World::new();
        let answer = Gate::closed();
        let over = world.backend.convention().over();
        world.backend.on("/slow").nth(1).answer(over);
        world.backend.on("/slow").nth(1).hold(&answer);
        let slow = tokio::spawn(world.api.slow());
        let ledger = world.backend.ledger();
        ledger
            .wait_for("the slow request", |l| l.sends("/slow") == 1)
            .await;
        world.backend.expire(&world.pair.access);
        world.api.item(1).await.expect("the refresh works");
        answer.open();
        slow.await
            .unwrap()
            .expect("it is replayed once, since a newer pair is there");

        let record = ledger.read();
        assert_eq!(record.refreshes(), 1);
        assert_eq!(
            record.tokens("/slow"),
            [&world.pair.access, &record.rotations[0].access]
        );
        assert_eq!(
            world.access().as_ref(),
            Some(&record.rotations[0].access),
            "still signed in"
        );
    });
}

scenario!(late_401_old_epoch_no_replay);
fn late_401_old_epoch_no_replay() {
    run(async {
        let (world, slow, answer) = with_a_slow_401().await;
        let other = world.backend.sign_in("grace");
        world.session.sign_in(tokens(&other));
        answer.open();
        let late = slow.await.unwrap();
        assert!(matches!(late, Err(Error::SessionChanged(_))), "{late:?}");

        let record = world.backend.ledger().read();
        assert_eq!(
            record.tokens("/slow"),
            [&world.pair.access],
            "never as another user"
        );
        assert_eq!(record.refreshes(), 0);
        assert_eq!(world.access(), Some(other.access));
    });
}

scenario!(late_401_after_expired_no_flight);
fn late_401_after_expired_no_flight() {
    run(async {
        let (world, slow, answer) = with_a_slow_401().await;
        world.backend.kill_refresh(&world.pair.access);
        let rejected = world.api.item(1).await;
        assert!(rejected.is_err_and(|error| error.is_session_expired()));
        answer.open();
        match slow.await.unwrap() {
            Err(Error::SessionExpired(over)) => assert_eq!(over.reason(), ExpiredReason::Rejected),
            other => panic!("the session is over: {other:?}"),
        }

        let record = world.backend.ledger().read();
        assert_eq!(record.sends("/slow"), 1);
        assert_eq!(record.sends(REFRESH), 1);
    });
}

scenario!(code_402_during_flight_joins);
fn code_402_during_flight_joins() {
    run(async {
        let world = World::new();
        let (dead, renewal) = (Gate::closed(), Gate::closed());
        let over = world.backend.convention().over();
        world.backend.on("/slow").nth(1).answer(over);
        world.backend.on("/slow").nth(1).hold(&dead);
        world.backend.on(REFRESH).hold(&renewal);
        let slow = tokio::spawn(world.api.slow());
        let ledger = world.backend.ledger();
        ledger
            .wait_for("the slow request", |l| l.sends("/slow") == 1)
            .await;
        world.backend.expire(&world.pair.access);
        let item = world.spawn_item();
        ledger.wait_for("the refresh", |l| l.refreshes() == 1).await;
        dead.open();
        world.clock.sleepers(WAIT, 2).await;
        renewal.open();
        slow.await
            .unwrap()
            .expect("the flight decides, and it brought a pair");
        item.await.unwrap().expect("renewed");
        assert_eq!(ledger.read().refreshes(), 1);
    });
}
