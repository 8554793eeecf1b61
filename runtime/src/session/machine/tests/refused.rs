//! Rules 2 and 3.

use super::bench::*;
use crate::{
    error::{ExpiredReason, RefreshErrorKind},
    session::{
        Ask, Denied,
        machine::{Carried, Decision, Then, Verdict},
    },
};

#[test]
fn the_first_401_starts_a_flight_and_the_others_join() {
    let mut bench = Bench::new();
    let carried = bench.carried();
    let flight = bench.refused();
    for _ in 0..10 {
        assert_eq!(parks(&bench.on_401(&ask(), carried, false)), Some(flight));
    }
    assert_eq!(bench.started, [flight]);
    assert_eq!(bench.post(flight), "R1");
    bench.answer(flight, Ok(pair("2")));
    assert!(carries(&bench.resume(flight, Then::Replay)));
    assert_eq!(bench.access().as_deref(), Some("A2"));
}

#[test]
fn a_late_401_is_replayed_with_the_newer_pair() {
    let mut bench = Bench::new();
    let old = bench.carried();
    let flight = bench.refused();
    bench.refresh(flight, pair("2"));
    assert!(carries(&bench.on_401(&ask(), old, false)));
    assert_eq!(bench.started.len(), 1);
    assert_eq!(
        unauthorized(&bench.on_401(&one_shot(), old, false)),
        Some(false)
    );
}

#[test]
fn a_late_401_of_another_epoch_is_not_replayed() {
    let mut bench = Bench::new();
    let old = bench.carried();
    bench.sign_in(pair("9"));
    let decision = bench.on_401(&ask(), old, false);
    assert!(matches!(decision, Decision::Deny(Denied::Changed)));
    assert!(bench.started.is_empty());
}

#[test]
fn a_late_401_after_the_end_is_the_end() {
    let mut bench = Bench::new();
    let old = bench.carried();
    let flight = bench.refused();
    bench.post(flight);
    bench.answer(flight, status(401));
    assert_eq!(
        expired(&bench.on_401(&ask(), old, false)),
        Some(ExpiredReason::Rejected)
    );
    assert_eq!(bench.started.len(), 1);
}

#[test]
fn a_replay_that_is_refused_stops_and_keeps_the_session() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.refresh(flight, pair("2"));
    let new = bench.carried();
    assert_eq!(unauthorized(&bench.on_401(&ask(), new, true)), Some(true));
    assert_eq!(bench.access().as_deref(), Some("A2"));
    // Remembered: the endpoint's further 401s start no flight, another endpoint's do.
    assert_eq!(unauthorized(&bench.on_401(&ask(), new, false)), Some(true));
    assert_eq!(bench.started.len(), 1);
    let other = Ask {
        endpoint: 8,
        ..ask()
    };
    assert!(parks(&bench.on_401(&other, new, false)).is_some());
}

#[test]
fn a_mark_falls_when_the_endpoint_accepts() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.refresh(flight, pair("2"));
    let new = bench.carried();
    bench.on_401(&ask(), new, true);
    bench.machine.accepted(8, new);
    assert_eq!(unauthorized(&bench.on_401(&ask(), new, false)), Some(true));
    bench.machine.accepted(7, new);
    assert!(parks(&bench.on_401(&ask(), new, false)).is_some());
}

#[test]
fn a_pair_that_the_endpoint_took_before_marks_nothing() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.refresh(flight, pair("2"));
    let new = bench.carried();
    let taken = Carried { taken: true, ..new };
    assert_eq!(unauthorized(&bench.on_401(&ask(), taken, true)), Some(true));
    assert!(parks(&bench.on_401(&ask(), new, false)).is_some());
}

#[test]
fn a_mark_lapses_after_five_minutes_then_ten() {
    let mut bench = Bench::new();
    for minutes in [5, 10] {
        let flight = bench.refused();
        bench.refresh(flight, pair("2"));
        let new = bench.carried();
        bench.on_401(&ask(), new, true);
        bench.wait(minutes * 60 - 1);
        assert_eq!(unauthorized(&bench.on_401(&ask(), new, false)), Some(true));
        bench.wait(1);
    }
    assert!(parks(&bench.on_401(&ask(), bench.carried(), false)).is_some());
}

#[test]
fn two_forbidden_endpoints_do_not_renew_for_each_other() {
    let mut bench = Bench::new();
    let asks = [
        ask(),
        Ask {
            endpoint: 8,
            ..ask()
        },
    ];
    for round in 0..10 {
        let carried = bench.carried();
        for ask in &asks {
            if let Some(flight) = parks(&bench.on_401(ask, carried, false)) {
                bench.refresh(flight, pair(&format!("{}", round + 2)));
                bench.on_401(ask, bench.carried(), true);
            }
        }
    }
    assert_eq!(bench.started.len(), 2);
}

#[test]
fn what_no_token_cures_starts_nothing() {
    let mut bench = Bench::new();
    assert_eq!(
        unauthorized(&bench.machine.on_incurable(&ask())),
        Some(true)
    );
    assert!(bench.started.is_empty());
}

#[test]
fn a_one_shot_body_refreshes_for_the_next_call() {
    let mut bench = Bench::new();
    let carried = bench.carried();
    let flight = parks(&bench.on_401(&one_shot(), carried, false)).unwrap();
    bench.refresh(flight, pair("2"));
    let (epoch, now) = (carried.epoch, bench.now);
    let verdict = Some(Verdict::Committed);
    let decision = bench
        .machine
        .woken(&one_shot(), Then::Unauthorized, epoch, verdict, &now);
    assert_eq!(unauthorized(&decision), Some(false));
    assert!(carries(&bench.admit(&one_shot())));
}

#[test]
fn backing_off_a_401_fails_at_once() {
    let mut bench = Bench::new();
    let carried = bench.carried();
    let flight = bench.refused();
    bench.post(flight);
    bench.answer(flight, status(503));
    let decision = bench.on_401(&ask(), carried, false);
    assert_eq!(refresh_error(&decision), Some(RefreshErrorKind::Throttled));
    assert_eq!(
        unauthorized(&bench.on_401(&one_shot(), carried, false)),
        Some(false)
    );
    assert_eq!(bench.started.len(), 1);
}

#[test]
fn the_fourth_refresh_in_thirty_seconds_is_a_storm() {
    let mut bench = Bench::new();
    for number in 2..5 {
        let flight = bench.refused();
        bench.refresh(flight, pair(&number.to_string()));
        bench.wait(1);
    }
    let carried = bench.carried();
    let decision = bench.on_401(&ask(), carried, false);
    assert_eq!(refresh_error(&decision), Some(RefreshErrorKind::Storm));
    // The token itself is not the clock's concern: calls go on being sent.
    assert!(carries(&bench.admit(&ask())));
    bench.wait(27);
    assert!(parks(&bench.on_401(&ask(), carried, false)).is_some());
}

#[test]
fn refreshes_by_the_clock_do_not_count_for_the_storm() {
    let mut bench = Bench::empty(crate::session::Options {
        storm_window: SECOND * 100_000,
        ..Default::default()
    });
    bench.sign_in(pair("1"));
    for number in 2..6 {
        bench.wait(3600);
        let flight = parks(&bench.admit(&ask())).expect("the token is over");
        bench.refresh(flight, pair(&number.to_string()));
    }
    let carried = bench.carried();
    assert!(parks(&bench.on_401(&ask(), carried, false)).is_some());
}

#[test]
fn outages_do_not_count_for_the_storm() {
    let mut bench = Bench::new();
    for _ in 0..6 {
        let flight = bench.refused();
        bench.post(flight);
        bench.answer(flight, status(503));
        bench.wait(31);
    }
    for _ in 0..3 {
        let flight = bench.refused();
        bench.refresh(flight, pair("2"));
    }
    assert_eq!(bench.started.len(), 9);
}

#[test]
fn a_stale_402_is_no_news() {
    let mut bench = Bench::new();
    let old = bench.carried();
    let flight = bench.refused();
    bench.refresh(flight, pair("2"));
    assert!(carries(&bench.on_402(&ask(), old, false)));
    assert_eq!(unauthorized(&bench.on_402(&ask(), old, true)), Some(true));
    assert_eq!(bench.access().as_deref(), Some("A2"));
    assert_eq!(bench.started.len(), 1);
}

#[test]
fn a_402_during_a_flight_lets_the_flight_decide() {
    let mut bench = Bench::new();
    let carried = bench.carried();
    let flight = bench.refused();
    assert_eq!(parks(&bench.on_402(&ask(), carried, false)), Some(flight));
    bench.refresh(flight, pair("2"));
    assert!(carries(&bench.resume(flight, Then::Replay)));
}

#[test]
fn a_current_402_ends_the_session_without_a_post() {
    let mut bench = Bench::new();
    let carried = bench.carried();
    let flight = parks(&bench.on_402(&ask(), carried, false)).unwrap();
    let end = bench.run(flight, crate::session::machine::Input::Begin);
    assert!(matches!(end, crate::session::machine::Step::Done));
    assert_eq!(
        expired(&bench.resume(flight, Then::Replay)),
        Some(ExpiredReason::Rejected)
    );
    assert!(bench.held.is_none());
    assert_eq!(
        bench.events,
        [crate::Event::Expired {
            reason: ExpiredReason::Rejected
        }]
    );
}

#[test]
fn a_402_adopts_what_a_sibling_brought() {
    let mut bench = Bench::new();
    let carried = bench.carried();
    let flight = parks(&bench.on_402(&ask(), carried, false)).unwrap();
    sibling(&mut bench, "2");
    bench.run(flight, crate::session::machine::Input::Begin);
    assert!(carries(&bench.resume(flight, Then::Replay)));
    assert_eq!(bench.access().as_deref(), Some("A2"));
}

#[test]
fn a_mark_says_nothing_of_calls_that_carried_an_older_pair() {
    let mut bench = Bench::new();
    let old = bench.carried();
    let flight = bench.refused();
    bench.refresh(flight, pair("2"));
    let new = bench.carried();
    bench.on_401(&ask(), new, true);
    assert!(carries(&bench.on_401(&ask(), old, false)));
}

#[test]
fn a_pair_that_ended_before_its_replay_was_answered_marks_nothing() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.refresh(flight, pair("2"));
    let new = bench.carried();
    bench.wait(3600);
    assert_eq!(unauthorized(&bench.on_401(&ask(), new, true)), Some(true));
    assert!(parks(&bench.on_401(&ask(), new, false)).is_some());
}

/// Another process refreshes.
pub(super) fn sibling(bench: &mut Bench, number: &str) {
    let mut record = bench.held.clone().unwrap();
    record.serial = record.serial.successor(1);
    give(&mut record, &format!("A{number}"));
    record.refresh = Some(format!("R{number}").into());
    record.access[0].obtained_at = bench.now.wall;
    record.marker = None;
    bench.write(record);
}
