//! Markers: what a process leaves behind that may have spent the refresh token.

use crate::world::{FIRST_DEADLINE, World, join, plain};
use perennial::testing::{Backend, Convention, Gate, OnReuse, REFRESH};
use perennial::{Error, ExpiredReason, Reuse, SessionState};
use perennial_tests::valve::Op;
use std::{net::TcpListener, time::Duration};

over!(live_marker_waited_for: generated_memory generated_file generated_redis);
async fn live_marker_waited_for(world: World) {
    let first = world.first(plain).await;
    // Whoever has marked the record is gone with its lock, as after a lapsed lease.
    let second = world.second(plain).await;
    world.marked(&second.clock, FIRST_DEADLINE).await;
    world.expire();
    second.counts_locks_it_has();
    let call = second.spawn();
    second.valve.reached(Op::Lock, 1).await;
    world.lock_is_free().await;
    second.clock.someone_sleeps(FIRST_DEADLINE).await;
    assert_eq!(world.count(), 0, "the answer may come yet");
    let newer = world.backend.sign_in("ada");
    world.place.succeed(&newer).await;
    second.clock.advance(FIRST_DEADLINE);
    join(call).await.expect("it came");
    assert_eq!(second.access(), Some(newer.access));
    assert_eq!(world.count(), 0);
    drop(first);
}

over!(dead_marker_after_post: generated_memory generated_file generated_redis);
async fn dead_marker_after_post(world: World) {
    let first = world.first(plain).await;
    let second = world.second(|session| session.reuse(Reuse::Never)).await;
    // R1 was spent, and whoever did it died before the answer was stored.
    world.marked(&second.clock, Duration::ZERO).await;
    world
        .backend
        .rotate(&world.pair.refresh)
        .expect("it is live");
    world.expire();
    let reason = ExpiredReason::Uncertain;
    let over = second.shop.item(1).await;
    assert!(over.is_err_and(|error| error.is_session_expired()));
    assert_eq!(second.session.state(), SessionState::Expired { reason });
    second.session.close().await;
    // The record is kept: a late answer, or someone who knows better, revives the session.
    assert_eq!(world.stored().await, Some(world.pair.refresh.clone()));
    assert_eq!(world.presented_r1(), 1, "by the one that died");
    let newer = world.backend.sign_in("ada");
    world.place.succeed(&newer).await;
    second.clock.advance_secs(1);
    second.shop.item(1).await.expect("revived");
    drop(first);
}

over!(marker_erased_after_connect_refused: generated_memory generated_file generated_redis);
async fn marker_erased_after_connect_refused(world: World) {
    // Nobody listens there: the refresh token cannot have been sent.
    let closed = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let nowhere = format!("http://{}", closed.local_addr().expect("it is bound"));
    drop(closed);
    let options = |session: perennial::SessionBuilder| {
        let tokens = perennial::Tokens::new("over").refresh_token(world.pair.refresh.clone());
        session.tokens(tokens.expires_in(Duration::from_secs(60)))
    };
    let first = world.member_at(&nowhere, options);
    first.session.close().await;
    first.clock.advance_secs(61);
    let failed = first.shop.item(1).await;
    assert!(matches!(failed, Err(Error::Refresh(_))), "{failed:?}");
    first.session.close().await;
    assert_eq!(first.valve.count(Op::Mark), 1);
    let content = world.place.content().await.expect("it is kept");
    assert!(content["marker"].is_null(), "nothing is in doubt");
    // The next one has nothing to wait for: its clock stands still.
    let second = world.member(plain);
    second.clock.advance_secs(61);
    second.shop.item(1).await.expect("renewed at once");
    assert_eq!(world.presented_r1(), 1);
}

over!(marker_clock_skew_between_hosts: generated_memory generated_file generated_redis);
async fn marker_clock_skew_between_hosts(world: World) {
    let world = world.on(Backend::plan(Convention::Status)
        .on_reuse(OnReuse::TakeParent)
        .start());
    let first = world.first(plain).await;
    let second = world
        .second(|session| session.reuse(Reuse::WhileSuccessorUnused))
        .await;
    // By a calendar an hour ahead, whoever left the marker waits for another hour.
    world.marked(&second.clock, Duration::from_secs(3600)).await;
    world.expire();
    second.counts_locks_it_has();
    let call = second.spawn();
    second.valve.reached(Op::Lock, 1).await;
    world.lock_is_free().await;
    // Waited for no longer than an answer can take, and not twice.
    let longest = FIRST_DEADLINE + Duration::from_secs(5);
    second.clock.someone_sleeps(longest).await;
    assert_eq!(world.count(), 0);
    second.clock.advance(longest);
    join(call)
        .await
        .expect("presented again, as the option says");
    assert_eq!(world.count(), 1);
    drop(first);
}

over!(older_attempt_never_displaces_newer: generated_memory generated_file generated_redis);
async fn older_attempt_never_displaces_newer(world: World) {
    let first = world.first(plain).await;
    let answer = Gate::closed();
    world.backend.on(REFRESH).hold(&answer);
    world.expire();
    let call = first.spawn();
    world.presented(1).await;
    // Meanwhile a second presentation of R1 was answered elsewhere, and its pair stored.
    let newer = world.backend.sign_in("ada");
    world.place.succeed(&newer).await;
    world
        .place
        .edit(|record| {
            record["serial"][1] = 2.into();
            record["access_tokens"][0]["serial"][1] = 2.into();
        })
        .await;
    answer.open();
    join(call)
        .await
        .expect("served with the newer attempt's token");
    first.session.close().await;
    assert_eq!(world.stored().await, Some(newer.refresh.clone()));
    assert_eq!(first.refresh_token(), Some(newer.refresh));
    assert_eq!(world.count(), 1);
}
