//! Rule "Time".

use super::bench::*;
use crate::{Tokens, session::Options};
use std::time::Duration;

fn signed_in(tokens: Tokens) -> Bench {
    let mut bench = Bench::empty(Options::default());
    bench.sign_in(tokens.refresh_token("R1"));
    bench
}

#[test]
fn a_lifetime_below_refresh_before_does_not_loop() {
    let mut bench = signed_in(Tokens::new("A1").expires_in(40 * SECOND));
    for second in 0..20 {
        assert!(carries(&bench.admit(&ask())));
        assert!(bench.started.is_empty(), "{second}");
        bench.wait(1);
    }
    assert!(carries(&bench.admit(&ask())));
    assert_eq!(bench.started.len(), 1);
}

#[test]
fn an_unknown_lifetime_is_never_over() {
    for tokens in [
        Tokens::new("A1"),
        Tokens::new("A1").expires_in_seconds(-1.0),
        Tokens::new("A1").expires_in_seconds(0.0),
        Tokens::new("A1").expires_in_seconds(f64::NAN),
    ] {
        let mut bench = signed_in(tokens);
        bench.wait(10_000_000);
        assert!(carries(&bench.admit(&ask())));
        assert!(bench.started.is_empty());
    }
}

#[test]
fn nonsense_is_diagnosed_once() {
    let bench = signed_in(Tokens::new("A1").expires_in_seconds(-1.0));
    assert_eq!(bench.warnings.len(), 1);
    assert!(signed_in(Tokens::new("A1")).warnings.is_empty());
    let mut bench = bench;
    bench.sign_in(Tokens::new("A2").expires_in_seconds(-1.0));
    assert_eq!(bench.warnings.len(), 1);
}

#[test]
fn lifetimes_beyond_all_measure_do_no_harm() {
    for seconds in [1e12, 1e300, f64::INFINITY] {
        let mut bench = signed_in(Tokens::new("A1").expires_in_seconds(seconds));
        bench.wait(100);
        assert!(carries(&bench.admit(&ask())));
        assert!(bench.started.is_empty());
    }
}

#[test]
fn an_absolute_expiry_becomes_a_lifetime_on_arrival() {
    let empty = Bench::empty(Options::default());
    let at = empty.now.wall + 3600 * SECOND;
    let mut bench = signed_in(Tokens::new("A1").expires_at(at));
    bench.wait(3500);
    assert!(carries(&bench.admit(&ask())));
    assert!(bench.started.is_empty());
    // A calendar an hour ahead: expired on arrival means unknown.
    let mut bench = signed_in(Tokens::new("A1").expires_at(empty.now.wall));
    bench.wait(7200);
    assert!(carries(&bench.admit(&ask())));
    assert!(bench.started.is_empty());
    assert_eq!(bench.warnings.len(), 1);
}

#[test]
fn either_clock_is_enough() {
    // Asleep: only the calendar went on.
    let mut bench = Bench::new();
    bench.now.wall += 3601 * SECOND;
    assert!(parks(&bench.admit(&ask())).is_some());
    // Set back by an hour: the monotonic clock knows better.
    let mut bench = Bench::new();
    bench.wait(3600);
    bench.now.wall -= 3600 * SECOND;
    assert!(parks(&bench.admit(&ask())).is_some());
}

#[test]
fn a_pair_from_the_store_obtained_in_the_future_is_of_unknown_age() {
    let mut first = Bench::new();
    let mut record = first.held.take().unwrap();
    let mut bench = Bench::empty(Options::default());
    record.access[0].obtained_at = bench.now.wall + 10 * SECOND;
    let now = bench.now;
    bench.machine.seen(Some(record), &now);
    bench.effects();
    bench.wait(100_000);
    assert!(carries(&bench.admit(&ask())));
    assert!(bench.started.is_empty());
}

#[test]
fn readers_are_served_until_there_is_something_to_decide() {
    let mut bench = Bench::new();
    let born = bench.now;
    let fresh = |bench: &Bench| bench.machine.snapshot().unwrap().fresh.unwrap().monotonic;
    assert_eq!(fresh(&bench), born.monotonic + 3540 * SECOND);
    bench.wait(3541);
    bench.admit(&ask());
    // While the flight is under way the token serves to its end.
    assert_eq!(fresh(&bench), born.monotonic + 3600 * SECOND);
    let flight = bench.started[0];
    bench.post(flight);
    bench.answer(flight, status(503));
    assert_eq!(
        fresh(&bench),
        bench.now.monotonic + Duration::from_millis(250)
    );
}

#[test]
fn chance_only_ever_makes_it_earlier_and_not_before_the_half() {
    for (lifetime, earliest, latest) in [(3600, 3525, 3540), (130, 65, 70), (40, 20, 20)] {
        for chance in [0, u64::MAX] {
            let mut bench = Bench::empty(Options::default());
            bench.now.chance = chance;
            bench.sign_in(
                Tokens::new("A1")
                    .refresh_token("R1")
                    .expires_in(lifetime * SECOND),
            );
            let after = bench.machine.snapshot().unwrap().fresh.unwrap().monotonic - SECOND;
            let range = (earliest * SECOND).saturating_sub(SECOND)..=latest * SECOND;
            assert!(range.contains(&after), "{lifetime}: {after:?}");
        }
    }
}
