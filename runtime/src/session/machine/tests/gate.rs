//! The last moments before a refresh token leaves the process, as the exploration found them.

use super::{bench::*, refused::sibling};
use crate::session::{
    GateClosed,
    machine::{FlightId, Input, Step, Then},
};

/// Up to the write of the marker, whose result has not come back yet.
fn marked(bench: &mut Bench, flight: FlightId) -> Input {
    let mut input = Input::Begin;
    loop {
        input = match bench.step(flight, input) {
            Step::Settle { .. } => Input::Settled,
            Step::Lock { .. } => Input::Locked,
            Step::Load { .. } => Input::Loaded(bench.held.clone()),
            Step::Swap {
                expected, record, ..
            } => return Input::Swapped(bench.swap(expected, record)),
            other => panic!("{other:?}"),
        };
    }
}

#[test]
fn a_pair_seen_after_the_marker_shuts_the_gate_and_serves() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    assert!(matches!(bench.run(flight, Input::Begin), Step::Post { .. }));
    sibling(&mut bench, "2");
    let (found, now) = (bench.held.clone(), bench.now);
    bench.machine.seen(found, &now);
    bench.effects();
    assert_eq!(bench.gate(flight), Err(GateClosed::Overtaken));
    let not_sent = crate::RefreshFailure::not_sent(GateClosed::Overtaken);
    bench.answer(flight, Err(not_sent));
    assert_eq!(bench.access().as_deref(), Some("A2"));
    assert!(carries(&bench.resume(flight, Then::Replay)));
}

#[test]
fn the_post_ends_when_the_marker_says_so() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    let written = marked(&mut bench, flight);
    let promised = bench.held.as_ref().unwrap().marker.unwrap().deadline;
    bench.wait(4);
    let Step::Post { timeout, until, .. } = bench.step(flight, written) else {
        panic!("no POST");
    };
    assert_eq!(bench.now.wall + timeout, promised);
    assert_eq!(until, bench.now.monotonic + timeout);
}

#[test]
fn a_marker_whose_time_is_over_is_not_sent_under() {
    let mut bench = Bench::with(crate::session::Options {
        lease: SECOND * 60,
        ..Default::default()
    });
    let flight = bench.refused();
    let written = marked(&mut bench, flight);
    bench.wait(15);
    assert!(matches!(bench.step(flight, written), Step::Done));
    assert_eq!(
        bench.failure(flight),
        crate::error::RefreshErrorKind::Deadline
    );
    assert!(bench.held.as_ref().unwrap().marker.is_none());
}
