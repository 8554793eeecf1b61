//! However many calls fail, one refresh serves them all, and nobody is left waiting.

use crate::shop::{ShopApiClient, WAIT, World, join};
use perennial::{Error, RefreshErrorKind};
use perennial_tests::spawner::Tasks;
use perennial_tests::{Backend, Canned, Convention, Gate, REFRESH, run, scenario};
use std::error::Error as _;
use std::time::Duration;

scenario!(n10000_401_one_refresh, memory only: "how many wait within a process is nothing to its store");
fn n10000_401_one_refresh() {
    const CALLS: usize = 10_000;
    run(async {
        // One connection carries them all, so that no limit on open files is in the way.
        let backend = Backend::plan(Convention::Status).http2().start();
        let http2 = |http: reqwest::ClientBuilder| http.http2_prior_knowledge();
        let world = World::with(backend, |session| session, |client| client.http(http2)).expired();
        let all_there = Gate::closed();
        world
            .backend
            .on("/items/1")
            .token(&world.pair.access)
            .hold(&all_there);

        let calls = world.spawn_items(CALLS);
        let ledger = world.backend.ledger();
        ledger
            .wait_for("all calls", |l| l.requests.len() == CALLS)
            .await;
        all_there.open();
        for call in calls {
            join(call).await.expect("every call is answered");
        }

        let record = ledger.read();
        assert_eq!(record.refreshes(), 1);
        assert_eq!(record.presented(&world.pair.refresh), 1);
        assert!(
            record.sends("/items/1") <= 2 * CALLS,
            "{} sends",
            record.sends("/items/1")
        );
        assert_eq!(record.answered("/items/1", 200), CALLS);
    });
}

scenario!(stagger_401s_one_refresh);
fn stagger_401s_one_refresh() {
    run(async {
        let world = World::new().expired();
        let (late, refresh) = (Gate::closed(), Gate::closed());
        world
            .backend
            .on("/items/1")
            .token(&world.pair.access)
            .which(11..=20)
            .hold(&late);
        world.backend.on(REFRESH).hold(&refresh);

        let calls = world.spawn_items(20);
        let ledger = world.backend.ledger();
        ledger
            .wait_for("ten refusals and a refresh", |l| {
                l.sends("/items/1") == 20 && l.answered("/items/1", 401) == 10 && l.refreshes() == 1
            })
            .await;
        refresh.open();
        ledger
            .wait_for("a replay", |l| l.answered("/items/1", 200) > 0)
            .await;
        late.open();
        for call in calls {
            join(call).await.expect("every call is answered");
        }

        let record = ledger.read();
        assert_eq!(record.refreshes(), 1);
        assert_eq!(record.sends("/items/1"), 40);
        assert_eq!(record.answered("/items/1", 200), 20);
    });
}

scenario!(leader_dropped_before_send, memory only: "the test holds every task back, with other stores the sign-in's among them");
fn leader_dropped_before_send() {
    run(async {
        let tasks = Tasks::held();
        let world = World::session(|session| session.spawner(tasks.clone())).expired();
        let leader = world.spawn_item();
        tasks.asked(1).await;
        leader.abort();
        assert!(leader.await.unwrap_err().is_cancelled());

        let other = world.spawn_item();
        let ledger = world.backend.ledger();
        ledger
            .wait_for("the other's refusal", |l| l.answered("/items/1", 401) == 2)
            .await;
        assert_eq!(ledger.read().refreshes(), 0);
        tasks.release();
        join(other).await.expect("the other call is answered");
        assert_eq!(ledger.read().refreshes(), 1);
        assert_eq!(tasks.count(), 1, "one flight");
    });
}

scenario!(leader_dropped_after_send_token_kept);
fn leader_dropped_after_send_token_kept() {
    run(async {
        let world = World::new().expired();
        let answer = Gate::closed();
        world.backend.on(REFRESH).hold(&answer);
        let leader = world.spawn_item();
        let ledger = world.backend.ledger();
        ledger
            .wait_for("the rotation", |l| l.rotations.len() == 1)
            .await;
        leader.abort();
        assert!(leader.await.unwrap_err().is_cancelled());
        answer.open();

        world
            .api
            .item(2)
            .await
            .expect("the pair that nobody waited for serves");
        let record = ledger.read();
        assert_eq!(record.refreshes(), 1);
        assert_eq!(record.presented(&world.pair.refresh), 1);
        assert_eq!(world.access().as_ref(), Some(&record.rotations[0].access));
        assert_ne!(world.refresh_token(), Some(world.pair.refresh));
    });
}

scenario!(waiter_timeout_independent);
fn waiter_timeout_independent() {
    run(async {
        let limit = Duration::from_secs(7);
        let world = World::session(|session| session.waiter_timeout(limit)).expired();
        let answer = Gate::closed();
        world.backend.on(REFRESH).hold(&answer);

        let first = world.spawn_item();
        let ledger = world.backend.ledger();
        ledger.wait_for("the refresh", |l| l.refreshes() == 1).await;
        world.clock.someone_sleeps(limit).await;
        world.clock.advance_secs(3);
        let second = world.spawn_item();
        world.clock.someone_sleeps(limit).await;
        world.clock.advance_secs(4);
        match join(first).await {
            Err(Error::Refresh(error)) => assert_eq!(error.kind(), RefreshErrorKind::Deadline),
            other => panic!("the first waits no longer than its limit: {other:?}"),
        }

        answer.open();
        join(second).await.expect("the second has time left");
        assert_eq!(world.backend.ledger().read().refreshes(), 1);
    });
}

scenario!(refresh_error_shared_once);
fn refresh_error_shared_once() {
    run(async {
        let world = World::new().expired();
        let answer = Gate::closed();
        world.backend.on(REFRESH).hold(&answer);
        world.backend.on(REFRESH).answer(Canned::html(503));
        let calls = world.spawn_items(5);
        world.parked(5).await;
        answer.open();

        let mut causes = Vec::new();
        let mut due = Vec::new();
        for call in calls {
            match join(call).await {
                Err(Error::Refresh(error)) => {
                    assert_eq!(error.kind(), RefreshErrorKind::Server);
                    let cause = error.source().expect("a cause");
                    causes.push(std::ptr::from_ref(cause).cast::<()>() as usize);
                    due.push(error.retry_at());
                }
                other => panic!("all share the outcome: {other:?}"),
            }
        }
        assert!(
            causes.iter().all(|cause| *cause == causes[0]),
            "one cause for all"
        );
        assert!(due[0].is_some() && due.iter().all(|moment| *moment == due[0]));
        assert_eq!(world.backend.ledger().read().refreshes(), 1);
        assert_eq!(world.refresh_token(), Some(world.pair.refresh));
    });
}

scenario!(two_runtimes_leader_runtime_dropped, generated only: "a client of its own on each runtime, which the other faces do not have");
fn two_runtimes_leader_runtime_dropped() {
    run(async {
        let world = World::new().expired();
        // The server never gets to look at the first refresh, so the token stays unspent.
        world.backend.on(REFRESH).nth(1).stall(&Gate::closed());
        let other = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime can be built");
        // Each runtime has a connection pool of its own; the session is one.
        let there = ShopApiClient::builder().base_url(world.backend.url());
        let there = there
            .session(world.session.clone())
            .build()
            .expect("the client can be built");
        let leader = other.spawn(there.item(1));
        let ledger = world.backend.ledger();
        ledger.wait_for("the refresh", |l| l.refreshes() == 1).await;
        let waiter = world.spawn_item();
        world.clock.sleepers(WAIT, 2).await;

        other.shutdown_background();
        assert!(leader.await.unwrap_err().is_cancelled());
        let stranded = join(waiter).await;
        assert!(matches!(stranded, Err(Error::Refresh(_))), "{stranded:?}");
        assert_eq!(
            ledger.read().refreshes(),
            1,
            "what may have been spent is not sent at once"
        );

        // Past the deadline of the POST nobody has anything to lose.
        world.clock.advance_secs(60);
        world.api.item(2).await.expect("the session lives on");
        let record = ledger.read();
        assert_eq!(record.refreshes(), 2);
        assert_eq!(record.presented(&world.pair.refresh), 1);
        assert_eq!(record.revocations.len(), 0);
    });
}
