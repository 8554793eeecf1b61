//! One refresh for all, and nobody left behind.

use crate::shop::{World, join};
use perennial::Error;
use perennial_tests::{Backend, Canned, Convention, Gate, REFRESH, run, scenario};

scenario!(b01_storm_at_start);
fn b01_storm_at_start() {
    // One refresh; every caller gets its own 200 from one replay with A2.
    run(async {
        let world = World::new().expired();
        let (late, refresh) = (Gate::closed(), Gate::closed());
        let old = || world.backend.on("/items/1").token(&world.pair.access);
        old().which(8..=14).hold(&late);
        let last = Gate::closed();
        old().which(15..=20).hold(&last);
        world.backend.on(REFRESH).hold(&refresh);

        let calls = world.spawn_items(20);
        let ledger = world.backend.ledger();
        ledger
            .wait_for("all twenty, seven refusals, and the refresh", |l| {
                l.sends("/items/1") == 20 && l.answered("/items/1", 401) == 7 && l.refreshes() == 1
            })
            .await;
        // Some refusals arrive during the refresh, some after it.
        late.open();
        ledger
            .wait_for("more refusals", |l| l.answered("/items/1", 401) == 14)
            .await;
        refresh.open();
        ledger
            .wait_for("a replay", |l| l.answered("/items/1", 200) > 0)
            .await;
        last.open();
        for call in calls {
            let echo = join(call).await.expect("its own 200");
            assert_eq!(echo.user.as_deref(), Some("ada"));
        }
        let record = ledger.read();
        assert_eq!(record.presented(&world.pair.refresh), 1);
        assert_eq!((record.refreshes(), record.sends("/items/1")), (1, 40));
        let renewed = &record.rotations[0].access;
        let replays = record.tokens("/items/1");
        let replays = replays.iter().filter(|token| *token == renewed);
        assert_eq!(replays.count(), 20, "one replay each");
        assert_eq!(world.access().as_ref(), Some(renewed));
    });
}

scenario!(b04_all_three_are_replayed);
fn b04_all_three_are_replayed() {
    // One refresh; all three callers get their own replayed answer.
    run(async {
        let world = World::new().expired();
        let (others, refresh) = (Gate::closed(), Gate::closed());
        for path in ["/items/2", "/items/3"] {
            world.backend.on(path).nth(1).hold(&others);
        }
        world.backend.on(REFRESH).hold(&refresh);
        let calls: Vec<_> = (1..=3).map(|id| tokio::spawn(world.api.item(id))).collect();
        let ledger = world.backend.ledger();
        ledger.wait_for("the refresh", |l| l.refreshes() == 1).await;
        // Callers 2 and 3 fail while it is under way.
        others.open();
        world.parked(3).await;
        refresh.open();
        for (call, id) in calls.into_iter().zip(1..) {
            let echo = join(call).await.expect("replayed");
            assert_eq!(echo.path, format!("/items/{id}"));
        }
        let record = ledger.read();
        assert_eq!(record.refreshes(), 1);
        let renewed = &record.rotations[0].access;
        for path in ["/items/1", "/items/2", "/items/3"] {
            assert_eq!(record.tokens(path), [&world.pair.access, renewed]);
        }
    });
}

scenario!(b06_five_slots_and_a_pool_of_one);
fn b06_five_slots_and_a_pool_of_one() {
    // The refresh goes out, because a parked caller gives up its response and slot first.
    run(async {
        // Five slots: one connection, on which the server takes five requests at a time.
        let backend = Backend::plan(Convention::Status).http2().streams(5).start();
        let http2 = |http: reqwest::ClientBuilder| http.http2_prior_knowledge();
        slots(World::with(backend, |s| s, |client| client.http(http2)), 2).await;

        // A pool that keeps one connection: the other four are closed when they are free.
        let one = |http: reqwest::ClientBuilder| http.pool_max_idle_per_host(1);
        let world = World::with(Backend::start(), |s| s, |client| client.http(one));
        slots(world, usize::MAX).await;
    });
}

/// Five callers wait for one refresh, and five others get through meanwhile.
async fn slots(world: World, connections: usize) {
    // There is a connection already, which all of them find.
    world.api.open("first").await.expect("needs no token");
    let world = world.expired();
    let refresh = Gate::closed();
    world.backend.on(REFRESH).hold(&refresh);
    let calls = world.spawn_items(5);
    world.parked(5).await;
    let ledger = world.backend.ledger();
    let others: Vec<_> = (0..5).map(|_| tokio::spawn(world.api.open("x"))).collect();
    for other in others {
        join(other).await.expect("there is a slot for it");
    }
    refresh.open();
    for call in calls {
        join(call).await.expect("a 200");
    }
    let record = ledger.read();
    assert_eq!(
        (record.refreshes(), record.answered("/items/1", 200)),
        (1, 5)
    );
    assert!(record.connections <= connections, "{}", record.connections);
}

scenario!(b07_replay_bypasses_the_queue);
fn b07_replay_bypasses_the_queue() {
    // The replay's result is final: a 500 as such, a 401 as `Unauthorized`; later requests run.
    run(async {
        for refused_again in [false, true] {
            // One replay at a time, and others in the queue.
            let world = World::session(|session| session.max_replays(1)).expired();
            let env = || world.backend.on("/forbidden").nth(2);
            match refused_again {
                true => env().deny(),
                false => env().answer(Canned::html(500)),
            }
            let refresh = Gate::closed();
            world.backend.on(REFRESH).hold(&refresh);
            let first = tokio::spawn(world.api.forbidden());
            world.parked(1).await;
            let queued = world.spawn_items(3);
            world.parked(4).await;
            refresh.open();
            let result = join(first).await;
            match result.expect_err("the replay is refused") {
                Error::Unauthorized(refused) => assert_eq!(
                    (refused_again, refused.answer().status.as_u16()),
                    (true, 401)
                ),
                error => assert_eq!(
                    (refused_again, error.status().map(|status| status.as_u16())),
                    (false, Some(500))
                ),
            }
            for call in queued {
                join(call).await.expect("replayed in its turn");
            }
            world.api.item(2).await.expect("later requests run");
            let record = world.backend.ledger().read();
            assert_eq!((record.refreshes(), record.sends("/forbidden")), (1, 2));
            assert_eq!(world.access().as_ref(), Some(&record.rotations[0].access));
        }
    });
}

scenario!(b14_cancelled_caller);
fn b14_cancelled_caller() {
    // The refresh is the session's: what it brings is kept, whoever is dropped.
    run(async {
        for waiters in [1, 4] {
            let world = World::new().expired();
            let answer = Gate::closed();
            world.backend.on(REFRESH).hold(&answer);
            let calls = world.spawn_items(waiters);
            world.parked(waiters).await;
            let ledger = world.backend.ledger();
            ledger
                .wait_for("the server's commit", |l| l.rotations.len() == 1)
                .await;
            for call in calls {
                call.abort();
                assert!(call.await.unwrap_err().is_cancelled());
            }
            answer.open();
            world.later(1).await;
            world.api.item(2).await.expect("served with A2");
            let record = ledger.read();
            let renewed = &record.rotations[0].access;
            assert_eq!(record.refreshes(), 1, "{waiters} dropped");
            assert_eq!(record.tokens("/items/2").last(), Some(&renewed.as_str()));
            assert_eq!(world.access().as_ref(), Some(renewed));
            assert_ne!(world.refresh_token(), Some(world.pair.refresh));
        }
    });
}

scenario!(b50_nobody_waits_for_the_request_before);
fn b50_nobody_waits_for_the_request_before() {
    // Ten at once are ten at once; then one refresh, and ten replays in parallel.
    run(async {
        let world = World::new();
        let all_there = Gate::closed();
        let renewed = |token: &str| token != world.pair.access;
        world.backend.on("/items/1").first(10).hold(&all_there);
        let calls = world.spawn_items(10);
        let ledger = world.backend.ledger();
        // The endpoint answers none before it has all.
        ledger
            .wait_for("ten at the same time", |l| l.sends("/items/1") == 10)
            .await;
        all_there.open();
        for call in calls {
            join(call).await.expect("valid");
        }
        assert_eq!(ledger.read().refreshes(), 0);

        world.backend.expire_all();
        let (all_sent, all_there) = (Gate::closed(), Gate::closed());
        let old = world.pair.access.clone();
        world.backend.on("/items/1").token(&old).hold(&all_sent);
        let replays = world.backend.on("/items/1");
        replays
            .when(move |request| request.token.as_ref() != Some(&old))
            .hold(&all_there);
        let calls = world.spawn_items(10);
        ledger
            .wait_for("ten more", |l| l.sends("/items/1") == 20)
            .await;
        all_sent.open();
        ledger
            .wait_for("ten replays at the same time", |l| {
                let tokens = l.tokens("/items/1");
                tokens.into_iter().filter(|token| renewed(token)).count() == 10
            })
            .await;
        all_there.open();
        for call in calls {
            join(call).await.expect("renewed");
        }
        let record = ledger.read();
        assert_eq!((record.refreshes(), record.sends("/items/1")), (1, 30));
    });
}
