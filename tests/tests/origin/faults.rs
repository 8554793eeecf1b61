//! The eight faults of the original, none of which may come back.

use crate::face::{Origin, PROFILE, WAIT, World};
use perennial::{Error, ExpiredReason};
use perennial_tests::{Canned, Gate, REFRESH};

pub(crate) async fn fault_1_the_queue_is_emptied<O: Origin>() {
    let world = World::<O>::expired();
    let answer = Gate::closed();
    world.backend.on(REFRESH).nth(1).hold(&answer);
    let calls = world.spawn_profiles(3);
    world.clock.sleepers(WAIT, 3).await;
    answer.open();
    for call in calls {
        call.await.unwrap().expect("renewed");
    }
    let ledger = world.backend.ledger();
    assert_eq!(ledger.read().sends(PROFILE), 6);

    world.backend.expire(&world.access().expect("signed in"));
    world.api.order(1).await.expect("renewed again");
    let record = ledger.read();
    assert_eq!(record.refreshes(), 2);
    assert_eq!(
        record.sends(PROFILE),
        6,
        "the second refresh sends nothing of the first"
    );
}

pub(crate) async fn fault_2_a_failed_refresh_frees_the_queue<O: Origin>() {
    let world = World::<O>::expired();
    let answer = Gate::closed();
    world.backend.on(REFRESH).hold(&answer);
    world.backend.on(REFRESH).answer(Canned::html(503));
    let calls = world.spawn_profiles(3);
    world.clock.sleepers(WAIT, 3).await;
    answer.open();
    for call in calls {
        let result = call.await.unwrap();
        assert!(matches!(result, Err(Error::Refresh(_))), "{result:?}");
    }
    assert_eq!(world.backend.ledger().read().refreshes(), 1);
    assert_eq!(
        world.access(),
        Some(world.pair.access),
        "the session is kept"
    );
}

pub(crate) async fn fault_3_a_401_to_the_old_token_starts_no_second_refresh<O: Origin>() {
    let world = World::<O>::expired();
    let late = Gate::closed();
    world.backend.on("/orders/1").nth(1).hold(&late);
    let slow = tokio::spawn(world.api.order(1));
    let ledger = world.backend.ledger();
    ledger
        .wait_for("the slow request", |l| l.sends("/orders/1") == 1)
        .await;
    world.api.profile().await.expect("renewed");
    late.open();
    slow.await.unwrap().expect("replayed").expect("found");
    let record = ledger.read();
    assert_eq!(record.refreshes(), 1);
    let renewed = &record.rotations[0].access;
    assert_eq!(record.tokens("/orders/1"), [&world.pair.access, renewed]);
}

pub(crate) async fn fault_4_a_request_that_fails_after_its_replay_does_not_loop<O: Origin>() {
    let world = World::<O>::new();
    world.backend.on(PROFILE).deny();
    match world.api.profile().await {
        Err(Error::Unauthorized(refused)) => assert_eq!(refused.answer().status, 400),
        other => panic!("refused for good: {other:?}"),
    }
    let record = world.backend.ledger().read();
    assert_eq!((record.sends(PROFILE), record.refreshes()), (2, 1));
}

pub(crate) async fn fault_5_the_refresh_bypasses_the_session<O: Origin>() {
    let world = World::<O>::expired();
    world.backend.on(REFRESH).deny();
    match world.api.profile().await {
        Err(Error::SessionExpired(over)) => assert_eq!(over.reason(), ExpiredReason::Rejected),
        other => panic!("the refresh token is refused: {other:?}"),
    }
    let record = world.backend.ledger().read();
    assert_eq!(
        record.tokens(REFRESH),
        ["-"],
        "one refresh, without an access token"
    );
}

pub(crate) async fn fault_6_a_cancelled_caller_leaves_the_refresh_alone<O: Origin>() {
    let world = World::<O>::expired();
    let answer = Gate::closed();
    world.backend.on(REFRESH).hold(&answer);
    let first = tokio::spawn(world.api.profile());
    let ledger = world.backend.ledger();
    ledger
        .wait_for("the rotation", |l| l.rotations.len() == 1)
        .await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    answer.open();
    world.api.profile().await.expect("the refresh went on");
    assert_eq!(ledger.read().presented(&world.pair.refresh), 1);
    assert_eq!(ledger.read().refreshes(), 1);
}

pub(crate) async fn fault_7_sign_out_during_a_refresh_is_not_undone<O: Origin>() {
    let world = World::<O>::expired();
    let answer = Gate::closed();
    world.backend.on(REFRESH).hold(&answer);
    let call = tokio::spawn(world.api.profile());
    let ledger = world.backend.ledger();
    ledger
        .wait_for("the rotation", |l| l.rotations.len() == 1)
        .await;
    world.session.sign_out();
    match call.await.unwrap() {
        Err(Error::SessionExpired(over)) => assert_eq!(over.reason(), ExpiredReason::SignedOut),
        other => panic!("signed out: {other:?}"),
    }
    answer.open();
    world.session.close().await;
    assert_eq!(world.access(), None);
    assert_eq!(ledger.read().sends(PROFILE), 1);
}

pub(crate) async fn fault_8_a_transport_failure_keeps_its_cause<O: Origin>() {
    let world = World::<O>::new();
    let nowhere = O::connect(
        &format!("http://127.0.0.2:{}", world.backend.port()),
        &world.session,
    );
    let error = nowhere.profile().await.expect_err("nobody is there");
    let mut chain: Vec<&(dyn std::error::Error + 'static)> = vec![&error];
    while let Some(source) = chain[chain.len() - 1].source() {
        chain.push(source);
    }
    let transports = chain
        .iter()
        .filter(|link| link.is::<reqwest::Error>())
        .count();
    assert_eq!(transports, 1, "wrapped once: {chain:?}");
    let io = chain
        .iter()
        .find_map(|link| link.downcast_ref::<std::io::Error>());
    let io = io.expect("the operating system's own error is the cause");
    assert!(
        io.raw_os_error().is_some() || io.get_ref().is_none(),
        "{io:?}"
    );
    let texts: Vec<String> = chain.iter().map(ToString::to_string).collect();
    for pair in texts.windows(2) {
        assert!(
            !pair[0].contains(&pair[1]),
            "a link repeats its source: {texts:?}"
        );
    }
}
