//! Rule 4, and the gate.

use super::{bench::*, refused::sibling};
use crate::{
    Tokens,
    error::{ExpiredReason, RefreshErrorKind},
    session::{
        Event, GateClosed, StoreError, Swap,
        machine::{Chore, Effect, Input, Step, Then},
        store::{Doubt, Marker, Serial, SignIn},
    },
};
use std::time::Duration;

#[test]
fn the_marker_is_written_before_the_post_and_erased_by_the_persist() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    let marker = bench.held.as_ref().unwrap().marker.unwrap();
    assert_eq!((marker.attempt, marker.serial), (1, Serial::default()));
    bench.answer(flight, Ok(pair("2")));
    let held = bench.held.as_ref().unwrap();
    assert_eq!(held.access(None).unwrap().token.expose(), "A2");
    assert_eq!(
        held.serial,
        Serial {
            number: 1,
            attempt: 1
        }
    );
    assert!(held.marker.is_none());
}

#[test]
fn a_newer_pair_in_the_store_is_adopted_without_a_post() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    sibling(&mut bench, "2");
    assert!(matches!(bench.run(flight, Input::Begin), Step::Done));
    assert_eq!(bench.access().as_deref(), Some("A2"));
    assert!(carries(&bench.resume(flight, Then::Replay)));
}

#[test]
fn an_adopted_pair_about_to_end_is_refreshed_in_the_same_flight() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    sibling(&mut bench, "2");
    bench.wait(3598);
    assert_eq!(bench.post(flight), "R2");
    bench.answer(flight, Ok(pair("3")));
    assert_eq!(bench.access().as_deref(), Some("A3"));
}

#[test]
fn another_sign_in_supersedes() {
    let mut bench = Bench::new();
    let old = bench.carried();
    let flight = bench.refused();
    let mut other = bench.held.clone().unwrap();
    other.sign_in = SignIn(99);
    give(&mut other, "B1");
    bench.write(other);
    assert!(matches!(bench.run(flight, Input::Begin), Step::Done));
    assert_eq!(bench.access().as_deref(), Some("B1"));
    assert_eq!(bench.events, [Event::Changed]);
    assert!(bench.carried().epoch > old.epoch);
}

#[test]
fn no_record_means_signed_out_elsewhere() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.held = None;
    assert!(matches!(bench.run(flight, Input::Begin), Step::Done));
    assert_eq!(
        expired(&bench.resume(flight, Then::Replay)),
        Some(ExpiredReason::SignedOut)
    );
    assert_eq!(bench.events, [Event::SignedOut]);
}

#[test]
fn a_live_marker_is_waited_for_and_a_dead_one_is_in_doubt() {
    let mut bench = Bench::new();
    let mut held = bench.held.clone().unwrap();
    held.marker = Some(marker(&bench, 10));
    bench.write(held);
    let flight = bench.refused();
    let Step::Pause { until } = bench.run(flight, Input::Begin) else {
        panic!("no pause")
    };
    assert_eq!(until, bench.now.monotonic + 10 * SECOND);
    bench.wait(10);
    // The 401 says that no usable token is left: the last resort, as the second attempt.
    assert_eq!(bench.post(flight), "R1");
    assert_eq!(bench.held.as_ref().unwrap().marker.unwrap().attempt, 2);
}

#[test]
fn a_marker_of_a_host_with_a_wrong_clock_is_waited_for_once() {
    let mut bench = Bench::new();
    let mut held = bench.held.clone().unwrap();
    held.marker = Some(marker(&bench, 3600));
    bench.write(held);
    let flight = bench.refused();
    let Step::Pause { until } = bench.run(flight, Input::Begin) else {
        panic!("no pause")
    };
    assert_eq!(until, bench.now.monotonic + 20 * SECOND);
    bench.wait(20);
    assert_eq!(bench.post(flight), "R1");
}

/// A marker whose deadline is so far away, written as long before as a refresh may take.
fn marker(bench: &Bench, seconds: u64) -> Marker {
    let deadline = bench.now.wall + Duration::from_secs(seconds);
    Marker {
        serial: Serial::default(),
        attempt: 1,
        sent_at: deadline - 15 * SECOND,
        deadline,
        doubt: Doubt::Unanswered,
    }
}

#[test]
fn without_the_lock_nothing_is_sent() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.step(flight, Input::Begin);
    bench.step(flight, Input::Settled);
    assert!(matches!(bench.step(flight, Input::Late), Step::Load { .. }));
    assert!(matches!(
        bench.run(flight, Input::Loaded(bench.held.clone())),
        Step::Done
    ));
    assert_eq!(bench.failure(flight), RefreshErrorKind::Deadline);
    assert!(bench.held.as_ref().unwrap().marker.is_none());
}

#[test]
fn without_the_lock_a_newer_pair_is_adopted() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    sibling(&mut bench, "2");
    bench.step(flight, Input::Begin);
    bench.step(flight, Input::Settled);
    bench.step(flight, Input::Late);
    bench.run(flight, Input::Loaded(bench.held.clone()));
    assert_eq!(bench.access().as_deref(), Some("A2"));
}

#[test]
fn a_lease_too_short_for_the_post_sends_nothing() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.step(flight, Input::Begin);
    bench.step(flight, Input::Settled);
    assert!(matches!(
        bench.step(flight, Input::Locked),
        Step::Load { .. }
    ));
    bench.wait(11);
    assert!(matches!(
        bench.run(flight, Input::Loaded(bench.held.clone())),
        Step::Done
    ));
    assert_eq!(bench.failure(flight), RefreshErrorKind::Deadline);
    assert!(bench.held.as_ref().unwrap().marker.is_none());
}

#[test]
fn the_gate_checks_epoch_deadline_and_that_it_is_passed_once() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    assert!(matches!(bench.run(flight, Input::Begin), Step::Post { .. }));
    let then = bench.now;
    bench.wait(15);
    assert_eq!(bench.gate(flight), Err(GateClosed::Late));
    bench.now = then;
    assert_eq!(bench.gate(flight), Ok(()));
    assert_eq!(bench.gate(flight), Err(GateClosed::Passed));

    let mut bench = Bench::new();
    let flight = bench.refused();
    assert!(matches!(bench.run(flight, Input::Begin), Step::Post { .. }));
    bench.sign_in(pair("9"));
    assert_eq!(bench.gate(flight), Err(GateClosed::Overtaken));
}

#[test]
fn a_persist_that_fails_or_hangs_publishes_anyway_and_is_repeated() {
    for input in [Input::Late, Input::Broken(StoreError::new("disk full"))] {
        let mut bench = Bench::new();
        let flight = bench.refused();
        bench.post(flight);
        let now = bench.now;
        let load = bench
            .machine
            .advance(flight, Input::Answered(Ok(pair("2"))), &now);
        assert!(matches!(load, Step::Load { .. }));
        assert!(matches!(
            bench.machine.advance(flight, input, &now),
            Step::Done
        ));
        let effects = bench.machine.take_effects();
        let persists = effects
            .iter()
            .any(|effect| matches!(effect, Effect::Chore(Chore::Persist { .. })));
        assert!(persists);
        assert_eq!(bench.access().as_deref(), Some("A2"));
    }
}

#[test]
fn an_older_attempt_never_displaces_a_newer_one() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    // Meanwhile a second attempt, by someone else, has brought a pair.
    let mut record = bench.held.clone().unwrap();
    record.serial = record.serial.successor(2);
    give(&mut record, "A3");
    record.marker = None;
    bench.write(record);
    bench.answer(flight, Ok(pair("2")));
    assert_eq!(bench.stored(), "A3");
    assert_eq!(bench.access().as_deref(), Some("A3"));
}

#[test]
fn a_later_attempt_displaces_an_earlier_one() {
    let mut bench = Bench::new();
    let mut held = bench.held.clone().unwrap();
    held.marker = Some(marker(&bench, 0));
    bench.write(held);
    let flight = bench.refused();
    bench.post(flight);
    let mut record = bench.held.clone().unwrap();
    record.serial = record.serial.successor(1);
    give(&mut record, "A2");
    bench.write(record);
    bench.answer(flight, Ok(pair("3")));
    assert_eq!(bench.stored(), "A3");
    assert_eq!(bench.access().as_deref(), Some("A3"));
}

#[test]
fn a_flight_of_an_epoch_that_is_over_discards() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    bench.sign_out();
    assert!(bench.held.is_none());
    bench.answer(flight, Ok(pair("2")));
    assert!(bench.held.is_none());
    assert_eq!(bench.access(), None);
}

#[test]
fn a_flight_that_persisted_too_late_undoes_its_own_version() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    let Step::Load { .. } = bench.step(flight, Input::Answered(Ok(pair("2")))) else {
        panic!()
    };
    let Step::Swap {
        expected, record, ..
    } = bench.step(flight, Input::Loaded(bench.held.clone()))
    else {
        panic!()
    };
    bench.machine.sign_out();
    drop(bench.machine.take_effects());
    let swapped = bench.swap(expected, record);
    assert!(matches!(swapped, Swap::Done(_)));
    assert!(matches!(
        bench.step(flight, Input::Swapped(swapped)),
        Step::Done
    ));
    assert!(bench.held.is_none());
    assert_eq!(bench.access(), None);
}

#[test]
fn a_swap_that_is_lost_is_looked_at_again() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.step(flight, Input::Begin);
    bench.step(flight, Input::Settled);
    bench.step(flight, Input::Locked);
    let Step::Swap { .. } = bench.step(flight, Input::Loaded(bench.held.clone())) else {
        panic!()
    };
    sibling(&mut bench, "2");
    assert!(matches!(
        bench.run(flight, Input::Swapped(Swap::Lost)),
        Step::Done
    ));
    assert_eq!(bench.access().as_deref(), Some("A2"));
}

#[test]
fn a_refresh_token_that_is_not_in_the_answer_is_kept() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.refresh(flight, Tokens::new("A2"));
    let held = bench.held.as_ref().unwrap();
    assert_eq!(held.refresh.as_ref().unwrap().expose(), "R1");
    assert!(!held.rotates);
    assert_eq!(
        bench
            .machine
            .pair()
            .unwrap()
            .refresh
            .as_ref()
            .unwrap()
            .expose(),
        "R1"
    );
}
