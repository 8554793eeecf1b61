//! New tokens on their way into the store.

use crate::world::{World, join, plain};
use perennial::testing::{Gate, REFRESH};
use perennial_tests::valve::Op;
use std::time::Duration;

over!(sign_out_during_persist: generated_memory generated_file generated_redis);
async fn sign_out_during_persist(world: World) {
    for before in [true, false] {
        world.backend.expire_all();
        let pair = world.backend.sign_in("ada");
        let first = world.member(|session| session.tokens(&pair));
        first.session.close().await;
        world.backend.expire(&pair.access);
        let persist = Gate::closed();
        match before {
            true => first.valve.hold(Op::Persist, &persist),
            false => first.valve.hold_after(Op::Persist, &persist),
        }
        let written = first.valve.count(Op::Persist);
        let call = first.spawn();
        first.valve.reached(Op::Persist, written + 1).await;
        first.session.sign_out();
        let over = join(call).await;
        assert!(over.is_err_and(|error| error.is_session_expired()));
        persist.open();
        first.session.close().await;
        // The flight ends by itself, and finds that its session is over.
        let store = world.place.handle();
        let lock = store.lock(Duration::from_secs(30)).await;
        drop(lock.expect("the flight gives it back"));
        first.session.close().await;
        assert_eq!(world.stored().await, None, "before the write: {before}");
        assert_eq!(first.access(), None);
    }
}

over!(persist_fails_token_used_and_retried: generated_memory generated_file generated_redis);
async fn persist_fails_token_used_and_retried(world: World) {
    let first = world.first(plain).await;
    first.valve.fail(Op::Persist, 2);
    world.expire();
    first
        .shop
        .item(1)
        .await
        .expect("the new token serves at once");
    assert_eq!(world.stored().await, Some(world.pair.refresh.clone()));
    // Once by the flight, and then by itself until it succeeds.
    first.valve.reached(Op::Persist, 3).await;
    let session = first.session.clone();
    let closing = tokio::spawn(async move { session.close().await });
    first.clock.someone_sleeps(Duration::from_secs(1)).await;
    first.clock.advance_secs(1);
    join(closing).await;
    assert_eq!(world.stored().await, first.refresh_token());
    assert_ne!(first.refresh_token(), Some(world.pair.refresh.clone()));
    assert_eq!(world.count(), 1);
}

over!(persist_hangs_waiters_released: generated_memory generated_file generated_redis);
async fn persist_hangs_waiters_released(world: World) {
    let first = world.first(plain).await;
    let never = Gate::closed();
    first.valve.hold(Op::Persist, &never);
    world.expire();
    let written = first.valve.count(Op::Persist);
    let calls = [first.spawn(), first.spawn()];
    first.valve.reached(Op::Persist, written + 1).await;
    first.clock.someone_sleeps(Duration::from_secs(5)).await;
    first.clock.advance_secs(5);
    for call in calls {
        join(call).await.expect("served with the new token");
    }
    first.session.close().await;
    assert_eq!(world.stored().await, first.refresh_token());
    assert_eq!(world.count(), 1);
}

over!(sign_out_future_dropped_still_clears: generated_memory generated_file generated_redis);
async fn sign_out_future_dropped_still_clears(world: World) {
    let first = world.first(plain).await;
    let clear = Gate::closed();
    first.valve.hold(Op::Clear, &clear);
    first.session.sign_out();
    let session = first.session.clone();
    let closing = tokio::spawn(async move { session.close().await });
    first.valve.reached(Op::Clear, 1).await;
    closing.abort();
    assert!(closing.await.is_err_and(|ended| ended.is_cancelled()));
    assert!(world.stored().await.is_some());
    clear.open();
    first.session.close().await;
    assert_eq!(world.stored().await, None);
}

over!(file_persist_vs_sign_out_no_resurrection: generated_file);
async fn file_persist_vs_sign_out_no_resurrection(world: World) {
    let first = world.first(plain).await;
    let second = world.second(plain).await;
    let persist = Gate::closed();
    first.valve.hold(Op::Persist, &persist);
    let written = first.valve.count(Op::Persist);
    world.backend.on(REFRESH).nth(2).hang();
    world.expire();
    let call = first.spawn();
    first.valve.reached(Op::Persist, written + 1).await;
    // The other process signs out between the first one's look at the file and its write.
    second.session.sign_out();
    second.session.close().await;
    assert_eq!(world.stored().await, None);
    persist.open();
    let over = join(call).await;
    assert!(over.is_err_and(|error| error.is_session_expired()));
    first.session.close().await;
    assert_eq!(world.stored().await, None);
    assert_eq!(first.access(), None);
}
