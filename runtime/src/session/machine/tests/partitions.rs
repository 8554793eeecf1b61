//! Grants and partitions: one refresh token, several access tokens.

use super::bench::*;
use crate::{
    error::{ExpiredReason, RefreshErrorKind},
    session::{
        Denied, Event, RefreshFailure, Refused, SessionState,
        machine::{Decision, FlightId, Input, News, Step, Then, Verdict},
        store::{Access, Serial, SignIn},
    },
};
use http::StatusCode;

/// The session with its partition "y", over one store.
struct Two {
    x: Bench,
    y: Bench,
}

impl Two {
    fn new() -> Self {
        let x = Bench::new();
        let mut y = Bench::empty(Default::default());
        y.machine = x.machine.split("y".into());
        y.effects();
        let mut two = Self { x, y };
        two.look();
        two
    }

    /// `y` sees the store as `x` left it, and hears nothing.
    fn look(&mut self) {
        self.y.take_store(&self.x);
    }

    /// `y` sees the store and hears what `x` has learned.
    fn tell(&mut self) {
        self.look();
        for news in std::mem::take(&mut self.x.news) {
            self.y.machine.hear(&news);
        }
        self.y.effects();
    }

    /// `x` sees the store as `y` left it.
    fn look_from_y(&mut self) {
        self.x.take_store(&self.y);
    }

    /// The other way round.
    fn tell_back(&mut self) {
        self.look_from_y();
        for news in std::mem::take(&mut self.y.news) {
            self.x.machine.hear(&news);
        }
        self.x.effects();
    }

    fn park(&mut self) -> FlightId {
        parks(&self.y.admit(&ask())).expect("y waits for a flight")
    }
}

fn in_store(bench: &Bench, partition: Option<&str>) -> String {
    let held = bench.held.as_ref().unwrap();
    let access = held.access(partition);
    access.map_or_else(String::new, |access| access.token.expose().to_owned())
}

fn refresh_token(bench: &Bench) -> String {
    let pair = bench.machine.pair().unwrap();
    pair.refresh.as_ref().unwrap().expose().to_owned()
}

#[test]
fn a_partition_without_an_access_token_waits_for_a_flight() {
    let mut two = Two::new();
    assert_eq!(two.y.machine.look(&two.y.now), SessionState::Active);
    assert!(
        two.y.machine.snapshot().is_none(),
        "there is nothing to carry"
    );
    let flight = two.park();
    two.y.refresh(flight, pair("2"));
    assert!(carries(&two.y.resume(flight, Then::Send)));
    assert_eq!(two.y.access().as_deref(), Some("A2"));
    assert_eq!(
        (in_store(&two.y, None), in_store(&two.y, Some("y"))),
        ("A1".into(), "A2".into())
    );
}

#[test]
fn each_spends_the_refresh_token_that_the_other_brought() {
    let mut two = Two::new();
    let first = two.park();
    two.y.refresh(first, pair("2"));
    two.tell_back();
    assert_eq!(
        two.x.access().as_deref(),
        Some("A1"),
        "its access token is its own"
    );
    assert_eq!(refresh_token(&two.x), "R2");
    assert!(
        two.x.events.is_empty(),
        "there is no new access token to tell of"
    );
    let second = two.x.refused();
    assert_eq!(two.x.post(second), "R2");
    two.x.answer(second, Ok(pair("3")));
    two.tell();
    assert_eq!(
        (two.x.access(), two.y.access()),
        (Some("A3".into()), Some("A2".into()))
    );
    assert_eq!(
        (refresh_token(&two.x), refresh_token(&two.y)),
        ("R3".into(), "R3".into())
    );
    assert_eq!(
        (in_store(&two.x, None), in_store(&two.x, Some("y"))),
        ("A3".into(), "A2".into())
    );
}

#[test]
fn a_newer_refresh_token_in_the_store_alone_is_spent_not_adopted() {
    let mut two = Two::new();
    let flight = two.park();
    let other = two.x.refused();
    two.x.refresh(other, pair("2"));
    // As in another process: nothing is heard.
    two.look();
    assert_eq!(two.y.post(flight), "R2");
    two.y.answer(flight, Ok(pair("3")));
    assert_eq!(two.y.access().as_deref(), Some("A3"));
    assert_eq!(
        (in_store(&two.y, None), in_store(&two.y, Some("y"))),
        ("A2".into(), "A3".into())
    );
}

#[test]
fn an_access_token_in_the_store_needs_no_post() {
    let mut two = Two::new();
    let flight = two.park();
    two.y.refresh(flight, pair("2"));
    two.tell_back();
    // The last handle was dropped, and there is a new one.
    two.y.machine = two.x.machine.split("y".into());
    two.y.started.clear();
    let flight = two.park();
    assert!(matches!(two.y.run(flight, Input::Begin), Step::Done));
    assert_eq!(two.y.access().as_deref(), Some("A2"));
    assert!(two.y.news.is_empty(), "the others know that refresh token");
}

#[test]
fn a_refused_token_that_another_partition_has_spent_is_no_end() {
    let mut two = Two::new();
    let flight = two.park();
    assert_eq!(two.y.post(flight), "R1");
    // Without the lock, or past its lease: another host.
    let other = two.x.refused();
    two.x.refresh(other, pair("2"));
    two.look();
    let dead = Refused::new(StatusCode::BAD_REQUEST).oauth_error("invalid_grant");
    let step = two.y.run(flight, Input::Answered(Err(dead.clone().into())));
    assert!(
        matches!(step, Step::Pause { until } if until == two.y.now.monotonic),
        "{step:?}"
    );
    assert_eq!(two.y.post(flight), "R2");
    // And once is enough.
    let other = two.x.refused();
    two.x.refresh(other, pair("3"));
    two.look();
    two.y.answer(flight, Err(dead.into()));
    assert_eq!(two.y.failure(flight), RefreshErrorKind::Transport);
    assert_eq!(refresh_token(&two.y), "R3", "kept, for the next flight");
}

#[test]
fn a_lost_answer_does_not_outlive_the_token_it_was_about() {
    let mut two = Two::new();
    let flight = two.park();
    two.y.post(flight);
    let other = two.x.refused();
    two.x.refresh(other, pair("2"));
    two.look();
    let lost = Err(RefreshFailure::unanswered("torn"));
    assert!(matches!(
        two.y.run(flight, Input::Answered(lost)),
        Step::Pause { .. }
    ));
    assert_eq!(two.y.post(flight), "R2");
}

#[test]
fn what_the_store_missed_the_other_partition_knows() {
    let mut two = Two::new();
    let flight = two.x.refused();
    two.x.post(flight);
    // The answer is there, and the disk is full.
    two.x.step(flight, Input::Answered(Ok(pair("2"))));
    let before = two.x.held.clone();
    two.x.step(
        flight,
        Input::Broken(crate::session::StoreError::new("disk full")),
    );
    two.x.held = before;
    two.tell();
    let flight = two.park();
    assert_eq!(
        two.y.post(flight),
        "R2",
        "R1 is spent, whatever the store says"
    );
    assert_eq!(two.y.held.as_ref().unwrap().serial.number, 1);
}

#[test]
fn the_first_access_token_finds_its_place_beside_a_later_refresh_token() {
    let mut two = Two::new();
    let flight = two.park();
    two.y.post(flight);
    // y's lease lapses in the middle of its persist; x goes on from what y brought.
    let step = two.y.step(flight, Input::Answered(Ok(pair("2"))));
    assert!(matches!(step, Step::Load { .. }));
    let mut record = two.y.held.clone().unwrap();
    record.serial = Serial {
        number: 2,
        attempt: 1,
    };
    record.refresh = Some("R3".into());
    record.marker = None;
    two.y.write(record);
    let held = two.y.held.clone();
    assert!(matches!(two.y.run(flight, Input::Loaded(held)), Step::Done));
    assert_eq!(
        (in_store(&two.y, None), in_store(&two.y, Some("y"))),
        ("A1".into(), "A2".into())
    );
    let held = two.y.held.as_ref().unwrap();
    assert_eq!(held.refresh.as_ref().unwrap().expose(), "R3");
    assert_eq!(
        (two.y.access().as_deref(), refresh_token(&two.y).as_str()),
        (Some("A2"), "R3")
    );
}

#[test]
fn a_refresh_token_heard_of_before_the_post_is_the_one_to_spend() {
    let mut two = Two::new();
    let flight = two.park();
    two.y.step(flight, Input::Begin);
    two.y.step(flight, Input::Settled);
    two.y.step(flight, Input::Locked);
    let held = two.y.held.clone();
    let Step::Swap {
        expected, record, ..
    } = two.y.step(flight, Input::Loaded(held))
    else {
        panic!("no marker")
    };
    let swapped = two.y.swap(expected, record);
    let pair = two.x.machine.pair().unwrap().clone();
    let renewed = crate::session::machine::Pair {
        serial: pair.serial.successor(1),
        refresh: Some("R2".into()),
        access: None,
        ..pair
    };
    two.y.machine.hear(&News::Renewed(renewed));
    let Step::Post { token, .. } = two.y.run(flight, Input::Swapped(swapped)) else {
        panic!("no POST")
    };
    assert_eq!(token.expose(), "R2");
    let marker = two.y.held.as_ref().unwrap().marker.unwrap();
    assert_eq!(
        marker.serial,
        Serial::default().successor(1),
        "and the marker speaks of it"
    );
}

#[test]
fn a_refresh_token_heard_of_at_the_gate_shuts_it_and_is_spent_next() {
    let mut two = Two::new();
    let flight = two.park();
    assert!(matches!(two.y.run(flight, Input::Begin), Step::Post { .. }));
    let other = two.x.refused();
    two.x.refresh(other, pair("2"));
    two.tell();
    let shut = two.y.gate(flight).unwrap_err();
    let not_sent = Err(RefreshFailure::not_sent(shut));
    assert!(matches!(
        two.y.run(flight, Input::Answered(not_sent)),
        Step::Pause { .. }
    ));
    assert_eq!(two.y.post(flight), "R2");
}

#[test]
fn a_dead_refresh_token_ends_all_partitions() {
    let mut two = Two::new();
    let waiting = two.park();
    let flight = two.x.refused();
    two.x.post(flight);
    two.x.answer(flight, status(401));
    two.tell();
    let over = SessionState::Expired {
        reason: ExpiredReason::Rejected,
    };
    assert_eq!(two.y.machine.look(&two.y.now), over);
    assert_eq!(
        expired(&two.y.resume(waiting, Then::Send)),
        Some(ExpiredReason::Rejected)
    );
    assert_eq!(
        two.y.events,
        [Event::Expired {
            reason: ExpiredReason::Rejected
        }]
    );
    // Its flight ends without touching the store.
    assert!(matches!(two.y.step(waiting, Input::Begin), Step::Done));
    assert_eq!(two.y.machine.look(&two.y.now), over);
}

#[test]
fn the_end_of_an_older_refresh_token_is_no_news() {
    let mut two = Two::new();
    let flight = two.park();
    two.y.refresh(flight, pair("2"));
    let over = News::Over {
        sign_in: two.y.held.as_ref().unwrap().sign_in,
        serial: Serial::default(),
        reason: ExpiredReason::Rejected,
    };
    two.y.machine.hear(&over);
    assert!(carries(&two.y.admit(&ask())));
    let stranger = News::Over {
        sign_in: SignIn(99),
        serial: Serial {
            number: 9,
            attempt: 1,
        },
        reason: ExpiredReason::Rejected,
    };
    two.y.machine.hear(&stranger);
    assert!(carries(&two.y.admit(&ask())));
}

#[test]
fn a_newer_refresh_token_revives_every_partition() {
    let mut two = Two::new();
    let flight = two.x.refused();
    two.x.post(flight);
    two.x.answer(flight, status(401));
    two.tell();
    let pair = two.y.machine.pair.clone().unwrap();
    let renewed = crate::session::machine::Pair {
        serial: pair.serial.successor(1),
        ..pair
    };
    two.y.machine.hear(&News::Renewed(renewed));
    assert_eq!(two.y.machine.look(&two.y.now), SessionState::Active);
}

#[test]
fn a_402_is_the_end_only_of_the_pair_it_was_about() {
    let mut two = Two::new();
    let flight = two.park();
    two.y.refresh(flight, pair("2"));
    let flight = two.x.refused();
    two.look_from_y();
    two.x.refresh(flight, pair("3"));
    two.tell();
    // y's access token came with R2, which x has spent since.
    let carried = two.y.carried();
    let Decision::Park { flight, .. } = two.y.on_402(&ask(), carried, false) else {
        panic!("a flight decides")
    };
    assert_eq!(two.y.post(flight), "R3");
    two.y.answer(flight, Ok(pair("4")));
    // Now the access token and the refresh token belong together.
    let carried = two.y.carried();
    let Decision::Park { flight, .. } = two.y.on_402(&ask(), carried, false) else {
        panic!("a flight decides")
    };
    assert!(matches!(two.y.run(flight, Input::Begin), Step::Done));
    assert_eq!(
        expired(&two.y.resume(flight, Then::Replay)),
        Some(ExpiredReason::Rejected)
    );
}

#[test]
fn signing_in_through_another_partition_changes_the_session() {
    let mut two = Two::new();
    let flight = two.park();
    let now = two.y.now;
    two.y.machine.follow_sign_in(&pair("9"), SignIn(9), &now);
    two.y.effects();
    let ends: Vec<_> = two.y.woken.iter().map(|(id, end)| (*id, end)).collect();
    assert!(
        matches!(ends.as_slice(), [(id, Verdict::Failed(Denied::Changed))] if *id == flight),
        "{ends:?}"
    );
    assert_eq!(two.y.events, [Event::SignedIn]);
    assert_eq!(
        (two.y.access(), refresh_token(&two.y)),
        (None, "R9".to_owned())
    );
}

#[test]
fn a_partition_of_a_session_that_cannot_refresh_says_so() {
    let mut x = Bench::empty(Default::default());
    x.sign_in(crate::Tokens::new("A1"));
    assert!(carries(&x.admit(&ask())));
    let mut y = Bench::empty(Default::default());
    y.machine = x.machine.split("y".into());
    assert_eq!(
        refresh_error(&y.admit(&ask())),
        Some(RefreshErrorKind::Transport)
    );
    assert!(y.started.is_empty());
}

#[test]
fn a_partition_begins_as_its_session_is() {
    let x = Bench::empty(Default::default());
    let y = x.machine.split("y".into());
    assert_eq!(y.look(&x.now), SessionState::SignedOut);
    let mut two = Two::new();
    let flight = two.x.refused();
    two.x.post(flight);
    two.x.answer(flight, status(401));
    let reason = ExpiredReason::Rejected;
    assert_eq!(
        two.x.machine.split("z".into()).look(&two.x.now),
        SessionState::Expired { reason }
    );
}

#[test]
fn another_partitions_access_token_survives_every_write() {
    let mut two = Two::new();
    let mut record = two.x.held.clone().unwrap();
    record.access.push(Access {
        partition: Some("z".into()),
        token: "Z1".into(),
        ..record.access[0].clone()
    });
    two.x.write(record);
    let flight = two.x.refused();
    two.x.post(flight);
    assert_eq!(in_store(&two.x, Some("z")), "Z1", "with the marker");
    two.x.answer(flight, Ok(pair("2")));
    assert_eq!(in_store(&two.x, Some("z")), "Z1", "with the new pair");
}
