//! Rule 7, and late answers.

use super::bench::*;
use crate::{
    RefreshErrorKind,
    session::{
        Event,
        machine::{Input, Step, Then},
    },
};
use std::time::Duration;

#[test]
fn a_task_dropped_before_the_gate_has_spent_nothing() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    assert!(matches!(bench.run(flight, Input::Begin), Step::Post { .. }));
    let now = bench.now;
    bench.machine.abandon(flight, &now);
    bench.effects();
    assert_eq!(bench.failure(flight), RefreshErrorKind::Transport);
    assert!(bench.held.as_ref().unwrap().marker.is_none());
    bench.wait(1);
    let flight = bench.refused();
    assert_eq!(bench.post(flight), "R1");
}

#[test]
fn a_task_dropped_after_the_gate_leaves_the_marker() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    let now = bench.now;
    bench.machine.abandon(flight, &now);
    bench.effects();
    assert_eq!(bench.failure(flight), RefreshErrorKind::Transport);
    bench.wait(1);
    // The server may be at it still: nothing is sent before the first POST's deadline.
    let flight = bench.refused();
    assert!(matches!(
        bench.run(flight, Input::Begin),
        Step::Pause { .. }
    ));
    bench.wait(14);
    assert_eq!(bench.post(flight), "R1");
}

#[test]
fn a_waiter_settles_a_silent_flight_past_its_deadline() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    bench.wait(15);
    let now = bench.now;
    let again = bench.machine.overdue(flight, &now);
    bench.effects();
    assert_eq!(again, now.monotonic + SECOND);
    assert!(bench.woken.is_empty());
    bench.wait(1);
    let now = bench.now;
    assert_eq!(bench.machine.overdue(flight, &now), Duration::MAX);
    bench.effects();
    assert_eq!(bench.failure(flight), RefreshErrorKind::Transport);
    assert_eq!(bench.machine.busy(), None);
}

#[test]
fn a_late_answer_commits() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    bench.wait(20);
    let now = bench.now;
    bench.machine.overdue(flight, &now);
    bench.effects();
    bench.answer(flight, Ok(pair("2")));
    assert_eq!(bench.access().as_deref(), Some("A2"));
    assert_eq!(bench.stored(), "A2");
    assert!(carries(&bench.admit(&ask())));
}

#[test]
fn a_late_answer_helps_the_flight_that_came_after() {
    let mut bench = Bench::new();
    let old = bench.refused();
    bench.post(old);
    bench.wait(20);
    let now = bench.now;
    bench.machine.overdue(old, &now);
    bench.effects();
    bench.wait(1);
    let new = bench.refused();
    assert_eq!(bench.post(new), "R1");
    bench.answer(old, Ok(pair("2")));
    // The second attempt was rejected, as it should be: the first one's pair is adopted.
    bench.answer(new, status(401));
    assert_eq!(bench.access().as_deref(), Some("A2"));
    assert!(carries(&bench.resume(new, Then::Replay)));
}

#[test]
fn a_given_up_flight_sends_nothing_any_more() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    assert!(matches!(bench.run(flight, Input::Begin), Step::Post { .. }));
    bench.wait(16);
    let now = bench.now;
    bench.machine.overdue(flight, &now);
    bench.effects();
    assert!(bench.gate(flight).is_err());
    assert!(matches!(
        bench.step(flight, Input::Answered(lost())),
        Step::Done
    ));
    assert_eq!(bench.failure(flight), RefreshErrorKind::Transport);
}

#[test]
fn a_flight_that_waited_for_the_store_with_its_pair_is_settled_with_it() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    assert!(matches!(
        bench.step(flight, Input::Answered(Ok(pair("2")))),
        Step::Load { .. }
    ));
    let now = bench.now;
    bench.machine.abandon(flight, &now);
    bench.effects();
    assert!(carries(&bench.resume(flight, Then::Replay)));
    assert_eq!(bench.stored(), "A2");
}

#[test]
fn a_post_without_answer_ends_at_its_deadline() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    bench.wait(15);
    assert!(matches!(bench.run(flight, Input::Late), Step::Done));
    assert_eq!(bench.failure(flight), RefreshErrorKind::Deadline);
    assert_eq!(bench.held.as_ref().unwrap().marker.unwrap().attempt, 1);
}

/// The store's watch is faster than the flight's own write comes back.
#[test]
fn what_the_watch_saw_first_is_told_once() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    let step = bench.step(flight, Input::Answered(Ok(pair("2"))));
    assert!(matches!(step, Step::Load { .. }), "{step:?}");
    let found = bench.held.clone();
    let step = bench.step(flight, Input::Loaded(found));
    let Step::Swap {
        expected, record, ..
    } = step
    else {
        panic!("{step:?}");
    };
    let swap = bench.swap(expected, record);
    let (now, written) = (bench.now, bench.held.clone());
    bench.machine.seen(written, &now);
    bench.effects();
    let end = bench.step(flight, Input::Swapped(swap));
    assert!(matches!(end, Step::Done), "{end:?}");
    assert_eq!(bench.access().as_deref(), Some("A2"));
    assert_eq!(bench.events, [Event::Refreshed]);
}
