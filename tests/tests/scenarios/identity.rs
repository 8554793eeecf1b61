//! Who is signed in changes while a refresh is under way.

use crate::shop::{Echo, WAIT, World, join, tokens};
use perennial::{Error, ExpiredReason, Result};
use perennial_tests::{Gate, REFRESH, run, scenario};
use tokio::task::JoinHandle;

/// A world in which three calls wait for a refresh that has rotated but is not answered.
async fn mid_flight() -> (World, Vec<JoinHandle<Result<Echo>>>, Gate) {
    let world = World::new().expired();
    let answer = Gate::closed();
    world.backend.on(REFRESH).hold(&answer);
    let calls = world.spawn_items(3);
    world.clock.sleepers(WAIT, 3).await;
    world
        .backend
        .ledger()
        .wait_for("the rotation", |l| l.rotations.len() == 1)
        .await;
    (world, calls, answer)
}

fn is_signed_out(result: &Result<Echo>) -> bool {
    matches!(result, Err(Error::SessionExpired(over)) if over.reason() == ExpiredReason::SignedOut)
}

scenario!(sign_out_mid_flight);
fn sign_out_mid_flight() {
    run(async {
        let (world, calls, answer) = mid_flight().await;
        world.session.sign_out();
        for call in calls {
            // Before the answer is there.
            let result = join(call).await;
            assert!(is_signed_out(&result), "{result:?}");
        }
        answer.open();
        world.session.close().await;
        assert_eq!(world.access(), None, "the late pair is thrown away");
        let sends = world.backend.ledger().read().requests.len();
        let result = world.api.item(1).await;
        assert!(is_signed_out(&result), "{result:?}");
        let record = world.backend.ledger().read();
        assert_eq!(
            record.requests.len(),
            sends,
            "nothing is sent when signed out"
        );
        assert_eq!(record.refreshes(), 1);
    });
}

scenario!(sign_in_mid_flight_without_sign_out);
fn sign_in_mid_flight_without_sign_out() {
    run(async {
        let (world, calls, answer) = mid_flight().await;
        let other = world.backend.sign_in("grace");
        world.session.sign_in(tokens(&other));
        for call in calls {
            let result = join(call).await;
            assert!(
                matches!(result, Err(Error::SessionChanged(_))),
                "{result:?}"
            );
        }
        serves_grace(&world, &answer, &other.access).await;
    });
}

scenario!(sign_out_sign_in_mid_flight);
fn sign_out_sign_in_mid_flight() {
    run(async {
        let (world, calls, answer) = mid_flight().await;
        let other = world.backend.sign_in("grace");
        world.session.sign_out();
        world.session.sign_in(tokens(&other));
        for call in calls {
            let result = join(call).await;
            let ended = matches!(result, Err(Error::SessionChanged(_))) || is_signed_out(&result);
            assert!(ended, "{result:?}");
        }
        serves_grace(&world, &answer, &other.access).await;
    });
}

/// The late pair of the first user changes nothing for the second.
async fn serves_grace(world: &World, answer: &Gate, access: &str) {
    let echo = world
        .api
        .item(2)
        .await
        .expect("the new session serves during the old flight");
    assert_eq!(echo.user.as_deref(), Some("grace"));
    answer.open();
    world.session.close().await;
    assert_eq!(world.access().as_deref(), Some(access));
    let record = world.backend.ledger().read();
    assert_eq!(record.refreshes(), 1);
    assert_eq!(
        record.tokens("/items/1"),
        vec![&world.pair.access; 3],
        "no replay as grace"
    );
    assert_eq!(record.tokens("/items/2"), [access]);
}
