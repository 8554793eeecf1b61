//! Rule 5: presenting a token again whose answer was lost.

use super::bench::*;
use crate::{
    RefreshErrorKind,
    error::ExpiredReason,
    session::{
        Options, Reuse,
        machine::{Input, Step, Then},
    },
};
use std::time::Duration;

fn with(reuse: Reuse) -> Bench {
    Bench::with(Options {
        reuse,
        ..Options::default()
    })
}

/// Starts a flight in good time and loses its answer.
fn lose_proactively(bench: &mut Bench) {
    bench.wait(3600 - 50);
    assert!(carries(&bench.admit(&ask())));
    let flight = *bench.started.last().unwrap();
    bench.post(flight);
    bench.answer(flight, lost());
    bench.wait(1);
}

#[test]
fn as_a_last_resort_a_valid_token_serves_to_its_end_first() {
    let mut bench = Bench::new();
    lose_proactively(&mut bench);
    for _ in 0..10 {
        assert!(carries(&bench.admit(&ask())));
        let flight = *bench.started.last().unwrap();
        assert!(
            matches!(bench.run(flight, Input::Begin), Step::Done),
            "no POST"
        );
        bench.wait(1);
    }
    // One look at the store per thirty seconds, not one per call.
    assert_eq!(bench.started.len(), 2);
    bench.wait(40);
    let flight = parks(&bench.admit(&ask())).unwrap();
    assert_eq!(bench.post(flight), "R1");
    bench.answer(flight, Ok(pair("2")));
    assert_eq!(bench.access().as_deref(), Some("A2"));
}

#[test]
fn as_a_last_resort_not_while_the_token_serves_and_then_at_once() {
    let mut bench = Bench::new();
    bench.wait(1800);
    bench.machine.options.refresh_before = SECOND * 3600;
    assert!(carries(&bench.admit(&ask())));
    let flight = *bench.started.last().unwrap();
    bench.post(flight);
    bench.answer(flight, lost());
    bench.wait(20);
    // Past the first POST's deadline, and the access token serves for half an hour yet.
    assert!(carries(&bench.admit(&ask())));
    let flight = *bench.started.last().unwrap();
    assert!(matches!(bench.run(flight, Input::Begin), Step::Done));
    // No POST failed just now: a refusal is no reason to wait.
    let flight = bench.refused();
    assert_eq!(bench.post(flight), "R1");
}

#[test]
fn as_a_last_resort_once_per_backoff_step() {
    let mut bench = Bench::new();
    let carried = bench.carried();
    for attempt in 1..5 {
        let flight = bench.refused();
        bench.post(flight);
        assert_eq!(
            bench.held.as_ref().unwrap().marker.unwrap().attempt,
            attempt
        );
        bench.answer(flight, lost());
        let decision = bench.on_401(&ask(), carried, false);
        assert_eq!(refresh_error(&decision), Some(RefreshErrorKind::Throttled));
        bench.wait(31);
    }
}

#[test]
fn as_a_last_resort_not_before_the_first_deadline() {
    let mut bench = Bench::new();
    let carried = bench.carried();
    let flight = bench.refused();
    bench.post(flight);
    bench.answer(flight, lost());
    bench.wait(2);
    let flight = bench.refused();
    assert!(
        matches!(bench.run(flight, Input::Begin), Step::Done),
        "no POST"
    );
    // Told until when it makes no sense to ask.
    bench.wait(12);
    let decision = bench.on_401(&ask(), carried, false);
    assert_eq!(refresh_error(&decision), Some(RefreshErrorKind::Throttled));
    bench.wait(1);
    let flight = bench.refused();
    assert_eq!(bench.post(flight), "R1");
}

#[test]
fn a_token_that_someone_accepts_is_no_reason_for_the_last_resort() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    bench.answer(flight, lost());
    bench.wait(1);
    let flight = bench.refused();
    bench.machine.accepted(8, bench.carried());
    assert!(
        matches!(bench.run(flight, Input::Begin), Step::Done),
        "no POST"
    );
    assert!(carries(&bench.admit(&ask())));
}

#[test]
fn within_a_window_and_so_many_times() {
    let lasts = Duration::from_secs(10);
    let mut bench = with(Reuse::Window { lasts, times: 2 });
    for attempt in 1..=3 {
        let flight = bench.refused();
        assert_eq!(bench.post(flight), "R1");
        assert_eq!(
            bench.held.as_ref().unwrap().marker.unwrap().attempt,
            attempt
        );
        bench.answer(flight, lost());
        bench.wait(2);
    }
    assert_eq!(
        expired(&bench.admit(&ask())),
        Some(ExpiredReason::Uncertain)
    );
}

#[test]
fn a_window_is_measured_from_the_first_time() {
    let lasts = Duration::from_secs(10);
    let mut bench = with(Reuse::Window { lasts, times: 9 });
    for _ in 0..2 {
        let flight = bench.refused();
        bench.post(flight);
        bench.answer(flight, lost());
        bench.wait(6);
    }
    let flight = bench.refused();
    assert!(
        matches!(bench.run(flight, Input::Begin), Step::Done),
        "no POST after ten seconds"
    );
    assert_eq!(
        expired(&bench.resume(flight, Then::Replay)),
        Some(ExpiredReason::Uncertain)
    );
}

#[test]
fn not_sent_does_not_open_the_window() {
    let lasts = Duration::from_secs(10);
    let mut bench = with(Reuse::Window { lasts, times: 1 });
    let flight = bench.refused();
    assert!(matches!(bench.run(flight, Input::Begin), Step::Post { .. }));
    bench.answer(flight, lost());
    bench.wait(20);
    let flight = bench.refused();
    assert_eq!(bench.post(flight), "R1");
    assert_eq!(bench.held.as_ref().unwrap().marker.unwrap().attempt, 1);
}

#[test]
fn while_the_successor_is_unused() {
    let mut bench = with(Reuse::WhileSuccessorUnused);
    lose_proactively(&mut bench);
    assert!(carries(&bench.admit(&ask())));
    let flight = *bench.started.last().unwrap();
    assert_eq!(bench.post(flight), "R1");
}

#[test]
fn never_keeps_a_valid_token_and_is_uncertain_without_one() {
    let mut bench = with(Reuse::Never);
    lose_proactively(&mut bench);
    assert!(carries(&bench.admit(&ask())));
    bench.wait(60);
    let flight = parks(&bench.admit(&ask())).unwrap();
    assert!(
        matches!(bench.run(flight, Input::Begin), Step::Done),
        "no POST"
    );
    assert_eq!(
        expired(&bench.resume(flight, Then::Send)),
        Some(ExpiredReason::Uncertain)
    );
    assert!(bench.held.is_some(), "the record is kept");
}

#[test]
fn uncertain_is_revived_by_a_newer_pair() {
    let mut bench = with(Reuse::Never);
    let flight = bench.refused();
    bench.post(flight);
    bench.answer(flight, lost());
    assert_eq!(
        expired(&bench.admit(&ask())),
        Some(ExpiredReason::Uncertain)
    );
    super::refused::sibling(&mut bench, "2");
    let (found, now) = (bench.held.clone(), bench.now);
    bench.machine.seen(found, &now);
    assert!(carries(&bench.admit(&ask())));
    assert_eq!(bench.access().as_deref(), Some("A2"));
}

#[test]
fn uncertain_and_gone_is_signed_out() {
    let mut bench = with(Reuse::Never);
    let flight = bench.refused();
    bench.post(flight);
    bench.answer(flight, lost());
    bench.held = None;
    let now = bench.now;
    bench.machine.seen(None, &now);
    assert_eq!(
        expired(&bench.admit(&ask())),
        Some(ExpiredReason::SignedOut)
    );
}
