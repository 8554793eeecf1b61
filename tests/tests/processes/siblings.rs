//! Another process was faster, and its pair is taken over.

use crate::world::{FIRST_DEADLINE, World, join, plain};
use perennial::testing::{Canned, Gate, REFRESH};
use perennial::{Event, ExpiredReason, SessionState};
use perennial_tests::valve::Op;
use serde_json::json;

over!(invalid_grant_adopts_sibling: generated_memory generated_file generated_redis);
async fn invalid_grant_adopts_sibling(world: World) {
    let first = world.first(plain).await;
    let look = Gate::closed();
    let error = json!({"error": "invalid_grant"});
    world.backend.on(REFRESH).stall(&look);
    world.backend.on(REFRESH).answer(Canned::json(400, &error));
    world.expire();
    let call = first.spawn();
    world.refreshes(1).await;
    // Someone without the lock (an older version, another machine) has spent R1 meanwhile.
    let newer = world.backend.sign_in("ada");
    world.place.succeed(&newer).await;
    look.open();
    join(call).await.expect("served with the sibling's token");
    assert_eq!(first.access(), Some(newer.access));
    assert_eq!(world.stored().await, Some(newer.refresh));
    assert_eq!(world.count(), 1);
    assert_eq!(first.session.state(), SessionState::Active);
}

over!(code_402_adopts_sibling: generated_memory generated_file generated_redis);
async fn code_402_adopts_sibling(world: World) {
    let first = world.first(plain).await;
    // The watch would tell of it; here the word comes too late.
    let (look, newer) = (Gate::closed(), world.backend.sign_in("ada"));
    world.backend.on("/items/1").nth(1).over();
    first.valve.hold(Op::Lock, &look);
    let call = first.spawn();
    first.valve.reached(Op::Lock, 1).await;
    world.place.succeed(&newer).await;
    look.open();
    join(call)
        .await
        .expect("sent again with the sibling's token");
    assert_eq!(first.access(), Some(newer.access.clone()));
    assert_eq!(world.count(), 0);

    // The same pair in the store: the session is over, and its record goes.
    world.backend.on("/items/1").nth(1).over();
    let over = first.shop.item(1).await;
    assert!(over.is_err_and(|error| error.is_session_expired()));
    first.session.close().await;
    assert_eq!(world.stored().await, None);
    assert_eq!(world.count(), 0);
}

over!(loser_never_clears_winner: generated_memory generated_file generated_redis);
async fn loser_never_clears_winner(world: World) {
    let first = world.first(plain).await;
    let (clear, error) = (Gate::closed(), json!({"error": "invalid_grant"}));
    world.backend.on(REFRESH).answer(Canned::json(400, &error));
    first.valve.hold(Op::Clear, &clear);
    world.expire();
    let over = first.shop.item(1).await;
    assert!(over.is_err_and(|error| error.is_session_expired()));
    first.valve.reached(Op::Clear, 1).await;
    // Between its decision and the removal the winner's pair arrives.
    let newer = world.backend.sign_in("ada");
    world.place.succeed(&newer).await;
    clear.open();
    first.session.close().await;
    assert_eq!(world.stored().await, Some(newer.refresh.clone()));
    // And the loser is no loser any more.
    first.clock.advance_secs(1);
    first
        .shop
        .item(1)
        .await
        .expect("the winner's pair serves both");
    assert_eq!(first.access(), Some(newer.access));
}

over!(marker_bump_is_not_a_new_token: generated_memory generated_file generated_redis);
async fn marker_bump_is_not_a_new_token(world: World) {
    let first = world.first(plain).await;
    let second = world.second(plain).await;
    let mut events = second.session.events();
    let version = world.place.content().await.expect("it is there")["version"].clone();
    world.marked(&second.clock, FIRST_DEADLINE).await;
    let marked = world.place.content().await.expect("it is there");
    assert_ne!(marked["version"], version);
    // A 402 makes the second one look: the record has changed, and its tokens have not.
    world.backend.on("/items/1").nth(1).over();
    let over = second.shop.item(1).await;
    assert!(over.is_err_and(|error| error.is_session_expired()));
    let reason = ExpiredReason::Rejected;
    assert_eq!(second.session.state(), SessionState::Expired { reason });
    assert_eq!(events.next().await, Some(Event::Expired { reason }));
    assert_eq!(world.count(), 0);
    drop(first);
}

over!(second_process_waits_for_the_first: generated_memory generated_file generated_redis);
async fn second_process_waits_for_the_first(world: World) {
    let first = world.first(plain).await;
    let second = world.second(plain).await;
    let answer = Gate::closed();
    world.backend.on(REFRESH).hold(&answer);
    world.expire();
    let calls = [first.spawn(), second.spawn()];
    world.presented(1).await;
    first.valve.reached(Op::Lock, 1).await;
    second.valve.reached(Op::Lock, 1).await;
    answer.open();
    for call in calls {
        join(call).await.expect("renewed once, for both");
    }
    assert_eq!(first.access(), second.access());
    assert_eq!(world.count(), 1);
}
