//! Processes that end or stand still in the middle of a refresh.

use crate::world::{World, join};
use perennial::testing::{Backend, Convention, Gate, OnReuse, REFRESH};
use perennial_tests::peer::Peer;

/// Two processes of one session; the refresh of the first one stands still where `order` says.
fn held(world: &World, order: &str) -> (Peer, Peer) {
    let (mut first, mut second) = (world.peer(), world.peer());
    first.sign_in(&world.pair);
    assert_eq!(second.call(), "ok");
    first.order(order);
    world.expire();
    first.order("call");
    first.hears("held");
    (first, second)
}

over!(two_processes_one_post: generated_file generated_redis);
async fn two_processes_one_post(world: World) {
    let (mut first, mut second) = (world.peer(), world.peer());
    first.sign_in(&world.pair);
    assert_eq!(second.call(), "ok");
    let answer = Gate::closed();
    world.backend.on(REFRESH).hold(&answer);
    world.expire();
    first.order("call");
    world.presented(1).await;
    second.order("hold lock before");
    second.order("call");
    second.hears("held");
    second.order("free");
    answer.open();
    assert_eq!(first.hears("called"), "ok");
    assert_eq!(second.hears("called"), "ok");
    assert_eq!(world.count(), 1);
    let tokens = first.ask("tokens", "tokens");
    assert_eq!(second.ask("tokens", "tokens"), tokens);
}

over!(lock_holder_killed: generated_file generated_redis);
async fn lock_holder_killed(world: World) {
    let (mut first, mut second) = held(&world, "hold lock after");
    first.kill();
    // At once where the lock ends with its process, else when its lease lapses.
    while second.call() != "ok" {}
    assert_eq!(world.count(), 1);
    assert_eq!(world.presented_r1(), 1);
}

over!(crash_between_rotate_and_persist: generated_file generated_redis);
async fn crash_between_rotate_and_persist(world: World) {
    // A server that gives the pair again to whoever presents its parent; and one that does not,
    // which is what no client can save.
    for (on_reuse, end) in [
        (OnReuse::TakeParent, "ok"),
        (OnReuse::Revoke, "over Rejected"),
    ] {
        let backend = Backend::plan(Convention::Status).on_reuse(on_reuse).start();
        let pair = backend.sign_in("ada");
        let program = std::path::Path::new(env!("CARGO_BIN_EXE_peers"));
        let start = || Peer::start(program, &backend.url(), &world.place.address());
        let (mut first, mut second) = (start(), start());
        first.sign_in(&pair);
        assert_eq!(second.call(), "ok");
        backend.on(REFRESH).nth(1).hold(&Gate::closed());
        backend.expire(&pair.access);
        first.order("call");
        let judged = |seen: &perennial::testing::Record| seen.presentations.len() == 1;
        backend.ledger().wait_for("the rotation", judged).await;
        first.kill();
        let mut last = second.call();
        while last.starts_with("refresh") {
            last = second.call();
        }
        assert_eq!(last, end);
        let record = backend.ledger().read();
        assert_eq!(record.presented(&pair.refresh), 2);
    }
}

over!(dead_marker_before_post: generated_file generated_redis);
async fn dead_marker_before_post(world: World) {
    let (mut first, mut second) = held(&world, "hold mark after");
    first.kill();
    // Nobody can tell that nothing was sent: the marker's time is waited for.
    while second.call() != "ok" {}
    let record = world.backend.ledger().read();
    assert_eq!(record.presented(&world.pair.refresh), 1);
    assert_eq!(record.revocations.len(), 0);
}

over!(paused_holder_sends_nothing_after_deadline: generated_file generated_redis);
async fn paused_holder_sends_nothing_after_deadline(world: World) {
    let (mut first, mut second) = held(&world, "hold mark after");
    first.stop();
    if world.place.is_file() {
        // A process that stands still keeps the operating system's lock: nobody refreshes.
        assert!(second.call().starts_with("refresh"));
        assert_eq!(world.count(), 0);
        first.wake();
        first.order("free");
        assert!(first.hears("called").starts_with("refresh"));
        assert_eq!(
            world.count(),
            0,
            "woken past its deadline, it sends nothing"
        );
        while second.call() != "ok" {}
    } else {
        while second.call() != "ok" {}
        assert_eq!(world.count(), 1);
        first.wake();
        first.order("free");
        let woken = first.hears("called");
        assert!(woken == "ok" || woken.starts_with("refresh"), "{woken}");
    }
    while first.call() != "ok" {}
    assert_eq!(world.count(), 1);
    assert_eq!(world.presented_r1(), 1);
}

over!(process_exits_during_proactive_flight: generated_file generated_redis);
async fn process_exits_during_proactive_flight(world: World) {
    let (mut first, mut second) = (world.peer(), world.peer());
    // Within its last minute from the start: the next call renews, and could do without.
    let order = format!("sign-in {} {} 2", world.pair.access, world.pair.refresh);
    first.ask(&order, "signed in");
    let answer = Gate::closed();
    world.backend.on(REFRESH).hold(&answer);
    let (ledger, gate) = (world.backend.ledger().clone(), answer.clone());
    let rotated = tokio::spawn(async move {
        let judged = |seen: &perennial::testing::Record| !seen.presentations.is_empty();
        ledger.wait_for("the rotation", judged).await;
        gate.open();
    });
    while world.count() == 0 {
        assert_eq!(first.call(), "ok");
    }
    join(rotated).await;
    // It ends as soon as its call is answered, without closing its session.
    first.order("exit");
    first.ended();
    while second.call() != "ok" {}
    let record = world.backend.ledger().read();
    assert_eq!(record.presented(&world.pair.refresh), 1);
    assert_eq!(record.revocations.len(), 0);
}
