//! A store that fails.

use super::bench::*;
use crate::{
    error::{ExpiredReason, RefreshErrorKind},
    session::{
        Ask, Options, StoreError,
        machine::{FlightId, Input, Step},
    },
};
use std::error::Error;

fn broken() -> Input {
    Input::Broken(StoreError::new("no such host"))
}

/// The kind of a flight's error, and what it says of the store.
fn blamed(bench: &Bench, flight: FlightId) -> (RefreshErrorKind, String) {
    let error = bench.error(flight);
    let source = error.source().and_then(|source| source.downcast_ref());
    let source: &StoreError = source.expect("the store's error");
    (error.kind(), source.to_string())
}

#[test]
fn what_could_not_be_asked_is_no_news_that_nobody_has_signed_in() {
    let mut bench = Bench::empty(Options::default());
    let optional = Ask {
        optional: true,
        ..ask()
    };
    bench.machine.unseen(StoreError::new("no such host"));
    for ask in [ask(), optional] {
        let denied = bench.admit(&ask);
        assert_eq!(refresh_error(&denied), Some(RefreshErrorKind::Store));
    }
    let now = bench.now;
    bench.machine.seen(None, &now);
    let nobody = bench.admit(&ask());
    assert_eq!(expired(&nobody), Some(ExpiredReason::NeverSignedIn));
    // What this process knows by itself, it knows.
    bench.sign_in(pair("1"));
    bench.machine.unseen(StoreError::new("no such host"));
    assert!(carries(&bench.admit(&ask())));
    bench.sign_out();
    let over = bench.admit(&ask());
    assert_eq!(expired(&over), Some(ExpiredReason::SignedOut));
}

/// Wherever the store is asked before the token is sent.
#[test]
fn a_flight_that_the_store_ends_says_so() {
    let slow = "the store does not answer within 5s";
    // How many steps go well first: settle, lock, load, mark.
    for (well, then, said) in [
        (0, vec![broken()], "no such host"),
        (1, vec![broken()], "no such host"),
        (2, vec![broken()], "no such host"),
        (3, vec![broken()], "no such host"),
        (2, vec![Input::Late], slow),
        (3, vec![Input::Late], slow),
        // The lock is not had in time, and then a look without it fails.
        (1, vec![Input::Late, broken()], "no such host"),
        (1, vec![Input::Late, Input::Late], slow),
    ] {
        let mut bench = Bench::new();
        let flight = bench.refused();
        let mut step = bench.step(flight, Input::Begin);
        for _ in 0..well {
            step = bench.go_on(flight, step);
        }
        for input in then {
            bench.step(flight, input);
        }
        let blamed = blamed(&bench, flight);
        assert_eq!(blamed, (RefreshErrorKind::Store, said.to_owned()), "{well}");
        assert_eq!(bench.access().as_deref(), Some("A1"), "it is kept");
    }
}

#[test]
fn a_lock_that_is_never_free_is_named() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.step(flight, Input::Begin);
    bench.step(flight, Input::Settled);
    let look = bench.step(flight, Input::Late);
    assert!(matches!(look, Step::Load { .. }));
    bench.go_on(flight, look);
    let said = "the store's lock was not free within 20s: another session holds it";
    let blamed = blamed(&bench, flight);
    assert_eq!(blamed, (RefreshErrorKind::Deadline, said.to_owned()));
}
