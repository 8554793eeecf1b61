//! Rules 6 and 8.

use super::{bench::*, refused::sibling};
use crate::{
    Event,
    error::ExpiredReason,
    session::{
        Denied, Options,
        machine::{Decision, Input, Step, Then, Verdict},
        store::SignIn,
    },
};

fn seen(bench: &mut Bench) {
    let (found, now) = (bench.held.clone(), bench.now);
    bench.machine.seen(found, &now);
    bench.effects();
}

#[test]
fn a_sign_out_wakes_all_at_once_and_clears() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    bench.sign_out();
    let (_, verdict) = &bench.woken[0];
    assert!(matches!(
        verdict,
        Verdict::Failed(Denied::Expired(ExpiredReason::SignedOut))
    ));
    assert_eq!(
        expired(&bench.resume(flight, Then::Replay)),
        Some(ExpiredReason::SignedOut)
    );
    assert!(bench.held.is_none());
    assert_eq!(bench.events, [Event::SignedOut]);
    bench.sign_out();
    assert_eq!(bench.events.len(), 1);
}

#[test]
fn a_sign_in_wakes_all_and_writes_over_everything() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    let epoch = bench.carried().epoch;
    bench.post(flight);
    bench.sign_in(pair("9"));
    assert!(matches!(bench.woken[0].1, Verdict::Failed(Denied::Changed)));
    let now = bench.now;
    let late = bench
        .machine
        .woken(&ask(), Then::Replay, epoch, Some(Verdict::Committed), &now);
    assert!(matches!(late, Decision::Deny(Denied::Changed)));
    bench.answer(flight, Ok(pair("2")));
    assert_eq!(bench.access().as_deref(), Some("A9"));
    assert_eq!(bench.stored(), "A9");
}

#[test]
fn the_new_sign_in_may_refresh_while_the_old_post_is_out() {
    let mut bench = Bench::new();
    let old = bench.refused();
    bench.post(old);
    bench.sign_out();
    bench.sign_in(pair("9"));
    let new = bench.refused();
    assert_eq!(bench.post(new), "R9");
    bench.answer(old, Ok(pair("2")));
    bench.answer(new, Ok(pair("10")));
    assert_eq!(bench.access().as_deref(), Some("A10"));
}

#[test]
fn generations_only_grow() {
    let mut bench = Bench::new();
    let mut last = bench.carried().generation;
    for number in 2..6 {
        if number == 4 {
            bench.sign_out();
            bench.sign_in(pair("4"));
        } else {
            let flight = bench.refused();
            bench.refresh(flight, pair(&number.to_string()));
        }
        assert!(bench.carried().generation > last);
        last = bench.carried().generation;
    }
}

#[test]
fn a_sign_in_elsewhere_revives() {
    let mut bench = Bench::new();
    let mut record = bench.held.clone().unwrap();
    bench.sign_out();
    record.sign_in = SignIn(99);
    bench.write(record);
    seen(&mut bench);
    assert!(carries(&bench.admit(&ask())));
    assert_eq!(bench.events, [Event::SignedOut, Event::SignedIn]);
}

#[test]
fn who_signed_out_here_does_not_come_back_from_the_store() {
    let mut bench = Bench::new();
    let record = bench.held.clone().unwrap();
    bench.sign_out();
    bench.write(record);
    seen(&mut bench);
    assert_eq!(
        expired(&bench.admit(&ask())),
        Some(ExpiredReason::SignedOut)
    );
}

#[test]
fn an_account_that_was_left_does_not_come_back_by_a_flight() {
    let mut bench = Bench::new();
    let record = bench.held.clone().unwrap();
    bench.sign_in(pair("2"));
    let flight = bench.refused();
    bench.write(record);
    assert!(matches!(bench.run(flight, Input::Begin), Step::Done));
    assert_eq!(bench.access(), None);
    assert_eq!(
        expired(&bench.admit(&ask())),
        Some(ExpiredReason::SignedOut)
    );
}

#[test]
fn a_sign_out_elsewhere_is_seen() {
    let mut bench = Bench::new();
    bench.held = None;
    seen(&mut bench);
    assert_eq!(
        expired(&bench.admit(&ask())),
        Some(ExpiredReason::SignedOut)
    );
}

#[test]
fn a_newer_pair_is_adopted_when_it_is_seen_and_an_older_one_is_not() {
    let mut bench = Bench::new();
    let older = bench.held.clone().unwrap();
    sibling(&mut bench, "2");
    seen(&mut bench);
    assert_eq!(bench.access().as_deref(), Some("A2"));
    bench.write(older);
    seen(&mut bench);
    assert_eq!(bench.access().as_deref(), Some("A2"));
}

#[test]
fn a_pair_that_was_seen_during_a_flight_spares_the_post() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    sibling(&mut bench, "2");
    seen(&mut bench);
    let end = bench.run(flight, crate::session::machine::Input::Begin);
    assert!(matches!(end, crate::session::machine::Step::Done));
    assert!(carries(&bench.resume(flight, Then::Replay)));
}

#[test]
fn why_it_ended_is_not_forgotten_with_the_record() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    bench.answer(flight, status(401));
    seen(&mut bench);
    assert_eq!(expired(&bench.admit(&ask())), Some(ExpiredReason::Rejected));
}

#[test]
fn nobody_signed_in_finds_who_is_in_the_store() {
    let mut first = Bench::new();
    let mut bench = Bench::empty(Options::default());
    bench.write(first.held.take().unwrap());
    seen(&mut bench);
    assert!(carries(&bench.admit(&ask())));
}

#[test]
fn a_newer_pair_ends_the_backoff() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    bench.answer(flight, status(503));
    sibling(&mut bench, "2");
    seen(&mut bench);
    assert!(parks(&bench.on_401(&ask(), bench.carried(), false)).is_some());
}
