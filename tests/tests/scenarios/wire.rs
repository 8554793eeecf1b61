//! What happens on the connections below.

use crate::shop::{WAIT, World, join};
use perennial_tests::{Canned, Gate, REFRESH, run, scenario};
use std::collections::BTreeSet;

scenario!(stale_keepalive_not_unknown);
fn stale_keepalive_not_unknown() {
    run(async {
        let world = World::new();
        // This server closes a connection that was kept alive under the refresh that comes on it.
        world.backend.on(REFRESH).refuse_kept_alive();
        for _ in 0..20 {
            world.backend.expire(&world.access().expect("signed in"));
            world.api.item(1).await.expect("renewed");
            world.later(31).await;
        }
        let record = world.backend.ledger().read();
        assert_eq!((record.refreshes(), record.rotations.len()), (20, 20));
        let connections: BTreeSet<_> = record.to(REFRESH).map(|r| r.connection).collect();
        assert_eq!(
            connections.len(),
            20,
            "each refresh opens a connection of its own"
        );
    });
}

scenario!(dropped_401_frees_pool_of_one);
fn dropped_401_frees_pool_of_one() {
    run(frees_pool());
}

async fn frees_pool() {
    let world = World::new().expired();
    let (refusals, renewal) = (Gate::closed(), Gate::closed());
    // More than arrives with the head, so that someone has to read it.
    let long = format!("{{\"message\":\"{}\"}}", "expired ".repeat(6000));
    let refusal = Canned::status(401).body("application/json", long);
    world.backend.on("/items/1").first(5).answer(refusal);
    world.backend.on("/items/1").first(5).hold(&refusals);
    world.backend.on(REFRESH).hold(&renewal);

    let calls = world.spawn_items(5);
    let ledger = world.backend.ledger();
    ledger
        .wait_for("five calls", |l| l.sends("/items/1") == 5)
        .await;
    refusals.open();
    world.clock.sleepers(WAIT, 5).await;
    ledger.wait_for("the refresh", |l| l.refreshes() == 1).await;

    // All five wait for the refresh, and their five connections are free for others.
    let others: Vec<_> = (0..5).map(|_| tokio::spawn(world.api.open("x"))).collect();
    for other in others {
        join(other).await.expect("needs no token");
    }
    let record = ledger.read();
    let parked: BTreeSet<_> = record.to("/items/1").map(|r| r.connection).collect();
    assert!(
        record.to("/open/x").all(|r| parked.contains(&r.connection)),
        "{record:#?}"
    );

    renewal.open();
    for call in calls {
        join(call).await.expect("renewed");
    }
    let record = ledger.read();
    assert_eq!(record.refreshes(), 1);
    assert_eq!(record.connections, 6, "five, and one for the refresh");
}

scenario!(slow_401_body_bounded);
fn slow_401_body_bounded() {
    run(async {
        let world = World::new();
        let never = Gate::closed();
        // The first refusal never ends; the second is longer than anyone needs to read.
        let endless = world.backend.convention().expired().unfinished(&never);
        world.backend.on("/items/1").nth(1).answer(endless);
        let long = Canned::status(401)
            .body("text/plain", vec![b'x'; 1 << 20])
            .unfinished(&never);
        world.backend.on("/items/2").nth(1).answer(long);

        world.api.item(1).await.expect("renewed after a second");
        world.api.item(2).await.expect("renewed after 64 KiB");
        assert_eq!(world.backend.ledger().read().refreshes(), 2);
    });
}
