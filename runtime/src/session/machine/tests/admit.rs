//! Rule 1.

use super::bench::*;
use crate::{
    Tokens,
    error::{ExpiredReason, RefreshErrorKind},
    session::{
        Ask, Options,
        machine::{Machine, Then},
    },
};

#[test]
fn a_usable_token_is_injected() {
    let mut bench = Bench::new();
    assert!(carries(&bench.admit(&ask())));
    assert!(bench.started.is_empty());
}

#[test]
fn nobody_signed_in_fails_at_once() {
    let mut bench = Bench::empty(Options::default());
    assert_eq!(
        expired(&bench.admit(&ask())),
        Some(ExpiredReason::NeverSignedIn)
    );
    bench.sign_in(pair("1"));
    bench.sign_out();
    assert_eq!(
        expired(&bench.admit(&ask())),
        Some(ExpiredReason::SignedOut)
    );
}

#[test]
fn an_optional_endpoint_goes_bare() {
    let mut bench = Bench::empty(Options::default());
    let ask = Ask {
        optional: true,
        ..ask()
    };
    assert!(matches!(
        bench.admit(&ask),
        crate::session::machine::Decision::Bare
    ));
    bench.sign_in(pair("1"));
    assert!(carries(&bench.admit(&ask)));
}

#[test]
fn past_refresh_after_one_flight_starts_and_the_token_serves() {
    let mut bench = Bench::new();
    bench.wait(3600 - 59);
    assert!(carries(&bench.admit(&ask())));
    assert!(carries(&bench.admit(&ask())));
    assert_eq!(bench.started.len(), 1);
}

#[test]
fn expired_by_the_clock_waits_for_one_flight() {
    let mut bench = Bench::new();
    bench.wait(3600);
    let first = parks(&bench.admit(&ask()));
    assert!(first.is_some());
    assert_eq!(parks(&bench.admit(&ask())), first);
    assert_eq!(bench.started.len(), 1);
}

#[test]
fn whoever_a_commit_wakes_sends_without_a_second_look() {
    let mut bench = Bench::new();
    bench.wait(3600);
    let flight = parks(&bench.admit(&ask())).unwrap();
    bench.refresh(
        flight,
        Tokens::new("A2").refresh_token("R2").expires_in(SECOND),
    );
    bench.wait(2);
    assert!(carries(&bench.resume(flight, Then::Send)));
    assert_eq!(bench.access().as_deref(), Some("A2"));
}

#[test]
fn a_one_shot_body_is_not_sent_with_a_token_about_to_end() {
    let mut bench = Bench::new();
    bench.wait(3600 - 4);
    assert!(parks(&bench.admit(&one_shot())).is_some());
    assert!(carries(&bench.admit(&ask())));
}

#[test]
fn a_fixed_token_is_only_injected() {
    let mut bench = Bench::empty(Options::default());
    bench.machine = Machine::new(Options::default(), false, false);
    bench.machine.bind(crate::session::Convention::Endpoint);
    bench.sign_in(pair("1"));
    bench.wait(4000);
    assert!(carries(&bench.admit(&ask())));
    let carried = bench.carried();
    assert_eq!(
        unauthorized(&bench.on_401(&ask(), carried, false)),
        Some(true)
    );
    assert!(bench.started.is_empty());
}

#[test]
fn without_a_refresh_token_it_is_only_injected() {
    let mut bench = Bench::empty(Options::default());
    bench.sign_in(Tokens::new("A1").expires_in(SECOND));
    bench.wait(5);
    assert!(carries(&bench.admit(&ask())));
}

#[test]
fn backing_off_a_valid_token_serves_and_an_expired_one_fails_at_once() {
    let mut bench = Bench::new();
    bench.wait(3600 - 30);
    bench.admit(&ask());
    let flight = bench.started[0];
    bench.post(flight);
    bench.answer(flight, status(503));
    assert!(carries(&bench.admit(&ask())));
    assert_eq!(bench.started.len(), 1);
    bench.wait(40);
    let flight = parks(&bench.admit(&ask())).unwrap();
    bench.post(flight);
    bench.answer(flight, status(503));
    assert_eq!(
        refresh_error(&bench.admit(&ask())),
        Some(RefreshErrorKind::Throttled)
    );
    bench.wait(30);
    assert!(parks(&bench.admit(&ask())).is_some());
}

#[test]
fn a_store_that_outlives_the_process_is_waited_for_a_little() {
    let mut bench = Bench::empty(Options::default());
    bench.machine = Machine::new(Options::default(), true, true);
    bench.machine.bind(crate::session::Convention::Endpoint);
    bench.sign_in(pair("1"));
    bench.wait(3600 - 30);
    let decision = bench.admit(&ask());
    let flight = parks(&decision).unwrap();
    let crate::session::machine::Decision::Park { limit, .. } = decision else {
        unreachable!()
    };
    assert_eq!(limit, bench.now.monotonic + 5 * SECOND);
    // The bound passed: the old token.
    assert!(carries(&bench.resume(flight, Then::Send)));
    // Others do not wait.
    assert!(carries(&bench.admit(&ask())));
}

#[test]
fn parked_calls_are_capped_by_number_and_by_bytes() {
    let mut bench = Bench::with(Options {
        max_parked: 2,
        ..Options::default()
    });
    bench.wait(3600);
    assert!(parks(&bench.admit(&ask())).is_some());
    assert!(parks(&bench.admit(&ask())).is_some());
    assert_eq!(
        refresh_error(&bench.admit(&ask())),
        Some(RefreshErrorKind::Parked)
    );
    bench.machine.unpark(&ask());
    assert!(parks(&bench.admit(&ask())).is_some());

    let mut bench = Bench::with(Options {
        max_parked_bytes: 250,
        ..Options::default()
    });
    bench.wait(3600);
    assert!(parks(&bench.admit(&ask())).is_some());
    assert!(parks(&bench.admit(&ask())).is_some());
    assert_eq!(
        refresh_error(&bench.admit(&ask())),
        Some(RefreshErrorKind::Parked)
    );
}

#[test]
fn a_waiter_has_its_own_deadline() {
    let mut bench = Bench::new();
    bench.wait(3600);
    let decision = bench.admit(&ask());
    let crate::session::machine::Decision::Park { limit, .. } = decision else {
        panic!("{decision:?}")
    };
    assert_eq!(limit, bench.now.monotonic + 30 * SECOND);
    let (epoch, now) = (bench.carried().epoch, bench.now);
    let late = bench.machine.woken(&ask(), Then::Send, epoch, None, &now);
    assert_eq!(refresh_error(&late), Some(RefreshErrorKind::Deadline));
}
