//! The lock: waited for a bounded time, and never done without.

use crate::world::{World, join, plain};
use perennial::Error;
use perennial::testing::{Gate, REFRESH};
use perennial_tests::valve::Op;
use std::{fs, time::Duration};

const LONG: Duration = Duration::from_secs(3600);

over!(lock_unavailable_deadline: generated_memory generated_file generated_redis);
async fn lock_unavailable_deadline(world: World) {
    let first = world.first(plain).await;
    let store = world.place.handle();
    let held = store.lock(LONG).await.expect("it is free");
    world.expire();
    let call = first.spawn();
    first.valve.reached(Op::Lock, 1).await;
    first.clock.someone_sleeps(Duration::from_secs(20)).await;
    assert!(!call.is_finished());
    first.clock.advance_secs(20);
    let late = join(call).await;
    assert!(late.as_ref().is_err_and(Error::is_timeout), "{late:?}");
    assert_eq!(world.count(), 0);
    drop(held);
    first.clock.advance_secs(60);
    first.shop.item(1).await.expect("the lock is free again");
    assert_eq!(world.count(), 1);
}

over!(lock_timeout_never_refreshes_unguarded: generated_memory generated_file generated_redis);
async fn lock_timeout_never_refreshes_unguarded(world: World) {
    let first = world.first(plain).await;
    let store = world.place.handle();
    let held = store.lock(LONG).await.expect("it is free");
    world.expire();
    for attempt in 1..=3 {
        let call = first.spawn();
        first.valve.reached(Op::Lock, attempt).await;
        first.clock.someone_sleeps(Duration::from_secs(20)).await;
        first.clock.advance_secs(20);
        let late = join(call).await;
        assert!(matches!(late, Err(Error::Refresh(_))), "{late:?}");
        first.clock.advance_secs(60);
    }
    assert_eq!(world.count(), 0, "nothing is sent without the lock");
    // What the holder brought is taken over without it.
    let call = first.spawn();
    first.valve.reached(Op::Lock, 4).await;
    let newer = world.backend.sign_in("ada");
    world.place.succeed(&newer).await;
    first.clock.someone_sleeps(Duration::from_secs(20)).await;
    first.clock.advance_secs(20);
    join(call).await.expect("adopted");
    assert_eq!(first.access(), Some(newer.access));
    assert_eq!(world.count(), 0);
    drop(held);
}

// Whoever runs the store's clock may let a lease lapse while the holder's answer is on its way.
// Here the holder's lock is not seen by the others at all.
over!(lease_lapses_during_post_persist_wins: generated_memory generated_file generated_redis);
async fn lease_lapses_during_post_persist_wins(world: World) {
    let first = world.first(plain).await;
    let second = world.second(plain).await;
    let answer = Gate::closed();
    world.backend.on(REFRESH).hold(&answer);
    world.expire();
    let call = first.spawn();
    world.presented(1).await;
    let newer = world.backend.ledger().read().rotations[0].access.clone();
    // The lease is over: someone else has the lock, and has even marked the record anew.
    world
        .place
        .edit(|record| {
            record["marker"]["attempt"] = 2.into();
        })
        .await;
    let marked = world.place.content().await.expect("it is marked");
    assert_eq!(marked["marker"]["attempt"], 2);
    answer.open();
    join(call).await.expect("the answer counts all the same");
    first.session.close().await;
    assert_eq!(world.stored().await, first.refresh_token());
    assert_eq!(first.access(), Some(newer.clone()));
    second.shop.item(1).await.expect("adopted");
    assert_eq!(second.access(), Some(newer));
    assert_eq!(world.count(), 1);
}

over!(lock_file_deleted_by_user: generated_file);
async fn lock_file_deleted_by_user(world: World) {
    let first = world.first(plain).await;
    let second = world.second(plain).await;
    let answer = Gate::closed();
    world.backend.on(REFRESH).hold(&answer);
    world.expire();
    let call = first.spawn();
    world.presented(1).await;
    let mut deleted = 0;
    for entry in fs::read_dir(world.place.folder()).expect("it is there") {
        let path = entry.expect("it can be read").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "lock")
        {
            fs::remove_file(&path).expect("it can be deleted");
            deleted += 1;
        }
    }
    assert_eq!(deleted, 2);
    // The second one locks a new file, and finds that a refresh is under way all the same.
    second.counts_locks_it_has();
    let waiting = second.spawn();
    second.valve.reached(Op::Lock, 1).await;
    world.lock_is_free().await;
    second.clock.someone_sleeps(Duration::from_secs(15)).await;
    assert_eq!(world.count(), 1);
    answer.open();
    join(call).await.expect("renewed");
    first.session.close().await;
    second.clock.advance_secs(15);
    join(waiting).await.expect("adopted");
    assert_eq!(first.access(), second.access());
    assert_eq!(world.count(), 1);
}
