//! The runtime that a refresh runs on ends, or is not driven any more.

use crate::shop::{Echo, ShopApiClient, WAIT, World, join};
use perennial::{Error, RefreshErrorKind};
use perennial_tests::{Gate, REFRESH, run, scenario};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// A runtime of its own, driven by a thread of its own.
fn driven() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime can be built")
}

/// A client of the same session with a connection pool of its own: a pool belongs to a runtime.
fn elsewhere(world: &World) -> ShopApiClient {
    ShopApiClient::builder()
        .base_url(world.backend.url())
        .session(world.session.clone())
        .build()
        .expect("the client can be built")
}

scenario!(runtime_shutdown_mid_flight);
fn runtime_shutdown_mid_flight() {
    run(async {
        let world = World::new().expired();
        // The first refresh lies unread, the second has rotated and is not answered.
        world.backend.on(REFRESH).nth(1).stall(&Gate::closed());
        world.backend.on(REFRESH).nth(2).hold(&Gate::closed());
        let ledger = world.backend.ledger();
        for refreshes in [1, 2] {
            let other = driven();
            let (first, second) = (elsewhere(&world), elsewhere(&world));
            let calls = [other.spawn(first.item(1)), other.spawn(second.item(1))];
            ledger
                .wait_for("the refresh", |l| l.refreshes() == refreshes)
                .await;
            world.clock.sleepers(WAIT, 2).await;
            other.shutdown_background();
            for call in calls {
                assert!(call.await.unwrap_err().is_cancelled());
            }
            // The token may be spent, so it is kept and not sent again at once.
            let waits = world.api.item(2).await;
            assert!(matches!(waits, Err(Error::Refresh(_))), "{waits:?}");
            assert_eq!(ledger.read().refreshes(), refreshes);
            assert_eq!(world.refresh_token().as_ref(), Some(&world.pair.refresh));
            world.clock.advance_secs(60);
        }
        // Nobody is left waiting, and the session tells what is left of it.
        let over = world.api.item(2).await;
        assert!(over.is_err_and(|error| error.is_session_expired()));
        let record = ledger.read();
        assert_eq!(record.presented(&world.pair.refresh), 2);
    });
}

/// A refresh that has rotated on a runtime that makes progress only within `block_on`, and then
/// is left; answered once the gate opens.
struct Parked {
    world: World,
    runtime: Runtime,
    call: JoinHandle<perennial::Result<Echo>>,
    answer: Gate,
}

async fn parked() -> Parked {
    let world = World::new().expired();
    let answer = Gate::closed();
    world.backend.on(REFRESH).nth(1).hold(&answer);
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built");
    let call = runtime.spawn(elsewhere(&world).item(1));
    let (ledger, clock) = (world.backend.ledger().clone(), world.clock.clone());
    let drive = move || {
        runtime.block_on(async {
            ledger
                .wait_for("the rotation", |l| l.rotations.len() == 1)
                .await;
            clock.someone_sleeps(WAIT).await;
        });
        runtime
    };
    let runtime = tokio::task::spawn_blocking(drive)
        .await
        .expect("the parked runtime does not panic");
    Parked {
        world,
        runtime,
        call,
        answer,
    }
}

scenario!(current_thread_runtime_parked_mid_flight, memory only: "the work of other stores stands still with the runtime");
fn current_thread_runtime_parked_mid_flight() {
    run(async {
        let Parked {
            world,
            runtime,
            call,
            answer,
        } = parked().await;
        // The flight stands still: who waits for it has a deadline of its own.
        let waiter = world.spawn_item();
        world.clock.sleepers(WAIT, 2).await;
        world.clock.advance(WAIT);
        match join(waiter).await {
            Err(Error::Refresh(error)) => assert_eq!(error.kind(), RefreshErrorKind::Deadline),
            other => panic!("nobody drives the flight: {other:?}"),
        }
        assert_eq!(world.backend.ledger().read().refreshes(), 1);

        // Driven again, the runtime finds the answer, and it counts.
        answer.open();
        let session = world.session.clone();
        let drive = move || {
            runtime.block_on(async {
                let late = call.await;
                session.close().await;
                late
            })
        };
        let late = tokio::task::spawn_blocking(drive).await.expect("no panic");
        let late = late.expect("the call ran to its end");
        assert!(matches!(late, Err(Error::Refresh(_))), "{late:?}");
        world.api.item(2).await.expect("served by the late pair");
        let record = world.backend.ledger().read();
        assert_eq!(record.presented(&world.pair.refresh), 1);

        // And where it stands still past the flight's own deadline, whoever comes settles it.
        let Parked { world, runtime, .. } = parked().await;
        let waiter = world.spawn_item();
        world.clock.sleepers(WAIT, 2).await;
        world.clock.advance_secs(60);
        assert!(matches!(join(waiter).await, Err(Error::Refresh(_))));
        assert_eq!(world.refresh_token().as_ref(), Some(&world.pair.refresh));
        // Its lease and its marker lapse, and nobody has anything to lose.
        world.clock.advance_secs(31);
        let over = world.api.item(2).await;
        assert!(over.is_err_and(|error| error.is_session_expired()));
        runtime.shutdown_background();
        let record = world.backend.ledger().read();
        assert_eq!(record.presented(&world.pair.refresh), 2);
    });
}
