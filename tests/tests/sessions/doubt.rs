//! Refreshes that are lost, throttled or useless.

use crate::shop::{World, join};
use perennial::{Error, RefreshErrorKind, Reuse, Tokens};
use perennial_tests::backend::OnReuse;
use perennial_tests::names::{HOST, Leads, Names};
use perennial_tests::{Backend, Convention, REFRESH, run, scenario};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A server that takes a spent token for ten seconds, and a session that knows it. A1 lives a
/// minute, and is due for renewal.
fn window() -> (World, Names) {
    let plan = Backend::plan(Convention::Status).lifetime(60);
    let backend = plan.on_reuse(OnReuse::Take(1)).start();
    let url = format!("http://{HOST}:{}", backend.port());
    // The calls find the server at all times; only the renewals' way is the test's to block.
    let (names, clients) = (Names::new(), AtomicUsize::new(0));
    let resolver = names.clone();
    let reuse = Reuse::Window {
        lasts: Duration::from_secs(10),
        times: 1,
    };
    let pair = backend.sign_in("ada");
    let tokens = Tokens::from(&pair);
    let mut world = World::with(
        backend,
        |session| session.reuse(reuse).tokens(tokens),
        move |client| {
            let http = move |http: reqwest::ClientBuilder| {
                let first = clients.fetch_add(1, Ordering::SeqCst) == 0;
                let names = if first {
                    Names::new()
                } else {
                    resolver.clone()
                };
                http.dns_resolver(Arc::new(names))
            };
            client.base_url(url).allow_plain_http().http(http)
        },
    );
    world.pair = pair;
    (world, names)
}

/// A call that A1 serves; a refresh that it may have set off has ended.
async fn served(world: &World) {
    world.api.item(1).await.expect("served with A1");
    world.session.close().await;
}

scenario!(b29_reuse_window_of_ten_seconds, generated only: "the refresh is made by the same client whatever the face; the test resolves the names of the generated one");
fn b29_reuse_window_of_ten_seconds() {
    run(async {
        for back_at in [8, 20] {
            let (world, names) = window();
            served(&world).await;
            world.later(31).await;
            // t = 0: nothing can be sent.
            names.lead(Leads::Nowhere);
            served(&world).await;
            // t = 3 s: it is sent, and the answer is lost.
            names.lead(Leads::Home);
            world.backend.on(REFRESH).nth(1).lose();
            world.later(3).await;
            served(&world).await;
            let ledger = world.backend.ledger();
            assert_eq!(ledger.read().presented(&world.pair.refresh), 1);
            // t = 5 s, and then the network is back early or late.
            names.lead(Leads::Nowhere);
            world.later(2).await;
            served(&world).await;
            world.later(back_at - 5).await;
            names.lead(Leads::Home);
            served(&world).await;
            let again = ledger.read().presented(&world.pair.refresh);
            let expected = if back_at < 13 { 2 } else { 1 };
            assert_eq!(again, expected, "the network is back at {back_at} s");
            assert_eq!(ledger.read().revocations.len(), 0);
        }
    });
}

scenario!(b30_a_401_that_no_token_cures);
fn b30_a_401_that_no_token_cures() {
    run(async {
        let world = World::new();
        world.backend.on("/forbidden").deny();
        let (first, other) = tokio::join!(world.api.forbidden(), world.api.item(1));
        let Err(Error::Unauthorized(refused)) = first else {
            panic!("the endpoint refuses every token: {first:?}")
        };
        let said = String::from_utf8_lossy(&refused.answer().body).into_owned();
        assert_eq!(said, r#"{"message":"the token has expired"}"#);
        other.expect("caller 2 is unaffected");
        world.api.item(1).await.expect("with A2");
        let ledger = world.backend.ledger();
        assert_eq!(ledger.read().refreshes(), 1);

        for _ in 0..5 {
            let again = world.api.forbidden().await;
            assert!(matches!(again, Err(Error::Unauthorized(_))), "{again:?}");
            world.session.close().await;
            world.clock.advance(Duration::from_millis(200));
        }
        let record = ledger.read();
        assert_eq!(record.refreshes(), 1, "a bound in place of five more");
        assert_eq!(
            record.sends("/forbidden"),
            2 + 5,
            "at most one replay per call"
        );
        assert_eq!(world.access().as_ref(), Some(&record.rotations[0].access));
    });
}

scenario!(b32_replica_that_lags);
fn b32_replica_that_lags() {
    run(async {
        let world = World::new().expired();
        // The replica behind this endpoint has not seen A2 before t = 2 s.
        let old = world.pair.access.clone();
        let lagging = world.backend.on("/forbidden");
        lagging
            .when(move |request| request.token.as_ref() != Some(&old))
            .nth(1)
            .deny();
        let first = world.api.forbidden().await;
        assert!(matches!(first, Err(Error::Unauthorized(_))), "{first:?}");
        world.later(3).await;
        world.api.forbidden().await.expect("caller 2 at t = 3 s");
        let record = world.backend.ledger().read();
        let renewed = record.rotations[0].access.as_str();
        assert_eq!(record.refreshes(), 1);
        assert_eq!(
            record.tokens("/forbidden"),
            [&world.pair.access, renewed, renewed]
        );
        assert_eq!(world.access().as_deref(), Some(renewed));

        // Only replays are spared: a first send that A2 is refused for is a 401 like any other.
        world.backend.on("/items/2").nth(1).deny();
        world.api.item(2).await.expect("renewed once more");
        assert_eq!(world.backend.ledger().read().refreshes(), 2);
    });
}

scenario!(b42_throttled_with_five_hundred_waiting);
fn b42_throttled_with_five_hundred_waiting() {
    run(async {
        let plan = Backend::plan(Convention::Status).lifetime(600);
        let backend = plan.http2().start();
        let tokens = Tokens::from(backend.sign_in("ada"));
        let http2 = |http: reqwest::ClientBuilder| http.http2_prior_knowledge();
        let world = World::with(
            backend,
            |session| session.tokens(tokens),
            |client| client.http(http2),
        );
        world.later(601).await;
        world.backend.on(REFRESH).first(2).throttle(5);
        let ledger = world.backend.ledger();
        for posts in 1..=2 {
            let mut due = None;
            for call in world.spawn_items(500) {
                let Err(Error::Refresh(error)) = join(call).await else {
                    panic!("throttled")
                };
                assert_eq!(error.kind(), RefreshErrorKind::Throttled);
                let retry_at = error.retry_at().expect("the server named a time");
                assert_eq!(
                    *due.get_or_insert(retry_at),
                    retry_at,
                    "one outcome for all"
                );
            }
            // Not before `Retry-After` has passed.
            world.session.close().await;
            world.clock.advance(Duration::from_millis(4900));
            assert!(
                world
                    .api
                    .item(1)
                    .await
                    .is_err_and(|error| error.is_refresh())
            );
            assert_eq!(ledger.read().refreshes(), posts);
            world.clock.advance(Duration::from_millis(200));
        }
        for call in world.spawn_items(500) {
            join(call).await.expect("a 200 for all");
        }
        let record = ledger.read();
        assert_eq!((record.refreshes(), record.rotations.len()), (3, 1));
        let renewed = record.rotations[0].access.as_str();
        let fresh = record
            .tokens("/items/1")
            .iter()
            .all(|token| *token == renewed);
        assert!(fresh, "no call bypasses the fresh token");
    });
}
