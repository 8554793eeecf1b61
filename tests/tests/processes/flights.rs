//! A flight and those who wait for it, over a store that others see.

use crate::world::{World, join, plain};
use perennial::testing::{Backend, Canned, Convention, Gate, OnReuse, REFRESH};
use perennial::{Error, OAuth2, Reuse, SessionState};
use perennial_tests::valve::Op;
use serde_json::json;
use std::time::Duration;

over!(all_waiters_dropped_token_persisted: generated_memory generated_file generated_redis);
async fn all_waiters_dropped_token_persisted(world: World) {
    let first = world.first(plain).await;
    let answer = Gate::closed();
    world.backend.on(REFRESH).hold(&answer);
    world.expire();
    let calls: Vec<_> = (0..5).map(|_| first.spawn()).collect();
    world.presented(1).await;
    for call in calls {
        call.abort();
        assert!(call.await.is_err_and(|ended| ended.is_cancelled()));
    }
    answer.open();
    first.session.close().await;
    let rotation = world.backend.ledger().read().rotations[0].clone();
    assert_eq!(first.access().as_ref(), Some(&rotation.access));
    // The next process finds what nobody was there to receive.
    let second = world.second(plain).await;
    assert_eq!(second.access().as_ref(), Some(&rotation.access));
    assert_eq!(world.count(), 1);
}

over!(torn_read_is_unknown: generated_memory generated_file generated_redis);
async fn torn_read_is_unknown(world: World) {
    let world = world.on(Backend::plan(Convention::Status)
        .on_reuse(OnReuse::TakeParent)
        .start());
    let first = world.first(plain).await;
    world.backend.on(REFRESH).nth(1).tear();
    world.expire();
    let torn = first.shop.item(1).await;
    assert!(matches!(torn, Err(Error::Refresh(_))), "{torn:?}");
    first.session.close().await;
    // Half an answer is neither a new pair nor the end: the token counts as presented, for all.
    assert!(!matches!(
        first.session.state(),
        SessionState::Expired { .. }
    ));
    assert_eq!(world.stored().await, Some(world.pair.refresh.clone()));
    let second = world.member(plain);
    let waits = second.shop.item(1).await;
    assert!(matches!(waits, Err(Error::Refresh(_))), "{waits:?}");
    assert_eq!(world.count(), 1);
    // And it disables nothing: past the first POST's deadline the server gives the pair again.
    first.clock.advance_secs(60);
    first.shop.item(1).await.expect("renewed");
    assert_eq!(world.presented_r1(), 2);
}

over!(refresh_401_without_oauth_error_kept: generated_memory generated_file generated_redis);
async fn refresh_401_without_oauth_error_kept(world: World) {
    let endpoint = format!("{}{REFRESH}", world.backend.url());
    let oauth2 = OAuth2::new(endpoint, "shop");
    let first = world.first(|session| session.refresh_with(oauth2)).await;
    world.backend.on(REFRESH).nth(1).answer(Canned::status(401));
    world.expire();
    let refused = first.shop.item(1).await;
    assert!(matches!(refused, Err(Error::Refresh(_))), "{refused:?}");
    first.session.close().await;
    // By RFC 6749 only `invalid_grant` speaks of the token: it is kept, here and in the store.
    assert_eq!(first.refresh_token(), Some(world.pair.refresh.clone()));
    assert_eq!(world.stored().await, Some(world.pair.refresh.clone()));
    first.clock.advance_secs(60);
    first.shop.item(1).await.expect("renewed");
    let error = json!({"error": "invalid_grant"});
    world
        .backend
        .on(REFRESH)
        .nth(1)
        .answer(Canned::json(401, &error));
    world.backend.expire_all();
    let over = first.shop.item(1).await;
    assert!(matches!(over, Err(Error::SessionExpired(_))), "{over:?}");
}

over!(close_waits_for_flight_and_persist: generated_memory generated_file generated_redis);
async fn close_waits_for_flight_and_persist(world: World) {
    let first = world.first(plain).await;
    let (answer, persist) = (Gate::closed(), Gate::closed());
    world.backend.on(REFRESH).hold(&answer);
    world.expire();
    let call = first.spawn();
    world.presented(1).await;
    let session = first.session.clone();
    let closing = tokio::spawn(async move { session.close().await });
    let persists = first.valve.count(Op::Persist);
    first.valve.hold(Op::Persist, &persist);
    answer.open();
    first.valve.reached(Op::Persist, persists + 1).await;
    assert!(!closing.is_finished(), "the answer is not stored yet");
    assert_eq!(world.stored().await, Some(world.pair.refresh.clone()));
    persist.open();
    join(closing).await;
    assert_eq!(world.stored().await, first.refresh_token());
    assert_ne!(world.stored().await, Some(world.pair.refresh.clone()));
    join(call).await.expect("renewed");
}

over!(adopted_token_expired_refreshes_same_flight: generated_memory generated_file generated_redis);
async fn adopted_token_expired_refreshes_same_flight(world: World) {
    let backend = Backend::plan(Convention::Status).lifetime(3600).start();
    let world = world.on(backend);
    let pair = world.pair.clone();
    let options = |session: perennial::SessionBuilder| {
        let tokens = perennial::Tokens::new(pair.access).refresh_token(pair.refresh);
        session.tokens(tokens.expires_in(Duration::from_secs(3600)))
    };
    let first = world.first(options).await;
    // Someone else has renewed, and that was long ago, too.
    let newer = world
        .backend
        .rotate(&world.pair.refresh)
        .expect("it is live");
    let gate = Gate::closed();
    first.valve.hold(Op::Lock, &gate);
    first.clock.advance_secs(3601);
    let call = first.spawn();
    first.valve.reached(Op::Lock, 1).await;
    world.place.succeed(&newer).await;
    gate.open();
    join(call).await.expect("renewed");
    let record = world.backend.ledger().read();
    assert_eq!(record.presented(&world.pair.refresh), 1, "by the other one");
    assert_eq!(record.presented(&newer.refresh), 1);
    assert_eq!(record.refreshes(), 1);
    assert_eq!(first.valve.count(Op::Lock), 1);
}

over!(lost_store_is_no_sign_out: generated_memory generated_file generated_redis);
async fn lost_store_is_no_sign_out(world: World) {
    let first = world.first(|session| session.reuse(Reuse::Never)).await;
    first.shop.item(1).await.expect("fresh");
    // Not only the flight's look: the watch may look first.
    first.valve.fail(Op::Load, 100);
    world.expire();
    let broken = first.shop.item(1).await;
    assert!(matches!(broken, Err(Error::Refresh(_))), "{broken:?}");
    assert_eq!(
        world.count(),
        0,
        "nothing is sent without a look at the store"
    );
    first.valve.mend(Op::Load);
    first.clock.advance_secs(60);
    first.shop.item(1).await.expect("renewed");
}
