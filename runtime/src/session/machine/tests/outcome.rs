//! Rule 5: what an answer means.

use super::bench::*;
use crate::{
    RefreshErrorKind, Tokens,
    error::ExpiredReason,
    session::{
        Convention, RefreshFailure, Refused,
        machine::{
            Input, Step, Then,
            outcome::{Outcome, Reading},
        },
        store::Doubt,
    },
};
use http::StatusCode;
use std::time::Duration;

fn read(convention: Convention, rotates: bool, refused: Refused) -> Outcome {
    let options = crate::session::Options::default();
    let reading = Reading {
        sent: true,
        rotates,
        convention,
        rejected_statuses: &options.rejected_statuses,
    };
    reading.of(&refused.into()).outcome
}

fn http(status: u16) -> Refused {
    Refused::new(StatusCode::from_u16(status).unwrap())
}

#[test]
fn an_endpoint_of_the_api() {
    let cases = [
        (http(400), Outcome::Rejected),
        (http(401), Outcome::Rejected),
        (http(403), Outcome::Rejected),
        (http(402), Outcome::Rejected),
        (http(200).code(402), Outcome::Rejected),
        (http(400).code(402), Outcome::Rejected),
        (http(500).code(402), Outcome::Rejected),
        (http(400).code(401), Outcome::Rejected),
        (http(400).code(429), Outcome::Refused),
        (http(200).code(500), Outcome::Suspect),
        (http(200).code(70_001), Outcome::Refused),
        (http(400).oauth_error("invalid_grant"), Outcome::Rejected),
        (http(401).oauth_error("invalid_client"), Outcome::Refused),
        (http(400).oauth_error("invalid_request"), Outcome::Refused),
        // Not a word of RFC 6749: the back end's own way of saying 401.
        (http(401).oauth_error("Unauthorized"), Outcome::Rejected),
        (http(404), Outcome::Refused),
        (http(408), Outcome::Refused),
        (http(429), Outcome::Refused),
        (http(307), Outcome::Refused),
        (http(503), Outcome::Refused),
        (http(500), Outcome::Suspect),
        (http(502), Outcome::Suspect),
        (http(502).code(400), Outcome::Suspect),
        (http(200), Outcome::Unknown),
    ];
    for (refused, expected) in cases {
        assert_eq!(
            read(Convention::Endpoint, true, refused.clone()),
            expected,
            "{refused:?}"
        );
    }
}

#[test]
fn an_oauth2_server() {
    let cases = [
        (http(400), Outcome::Refused),
        (http(401), Outcome::Refused),
        (http(403), Outcome::Refused),
        (http(402), Outcome::Rejected),
        (http(400).oauth_error("invalid_grant"), Outcome::Rejected),
        (http(401).oauth_error("invalid_client"), Outcome::Refused),
        (http(500), Outcome::Suspect),
    ];
    for (refused, expected) in cases {
        assert_eq!(
            read(Convention::OAuth2, true, refused.clone()),
            expected,
            "{refused:?}"
        );
    }
}

#[test]
fn a_server_that_does_not_rotate_loses_nothing() {
    assert_eq!(
        read(Convention::OAuth2, false, http(200)),
        Outcome::Transient
    );
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.refresh(flight, Tokens::new("A2"));
    let flight = bench.refused();
    bench.post(flight);
    bench.answer(flight, lost());
    assert!(bench.held.as_ref().unwrap().marker.is_none());
}

#[test]
fn what_never_passed_the_gate_was_not_sent() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    assert!(matches!(bench.run(flight, Input::Begin), Step::Post { .. }));
    bench.answer(flight, lost());
    assert_eq!(bench.failure(flight), RefreshErrorKind::Transport);
    assert!(
        bench.held.as_ref().unwrap().marker.is_none(),
        "proven unspent"
    );
    bench.wait(1);
    let flight = bench.refused();
    assert_eq!(bench.post(flight), "R1");
    assert_eq!(bench.held.as_ref().unwrap().marker.unwrap().attempt, 1);
}

#[test]
fn a_rejection_ends_the_session_and_clears_that_pair_only() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    bench.answer(flight, status(401));
    assert!(bench.held.is_none());
    assert_eq!(
        expired(&bench.resume(flight, Then::Replay)),
        Some(ExpiredReason::Rejected)
    );
    assert_eq!(expired(&bench.admit(&ask())), Some(ExpiredReason::Rejected));
    assert_eq!(
        bench.events,
        [crate::Event::Expired {
            reason: ExpiredReason::Rejected
        }]
    );
}

#[test]
fn a_pair_that_was_written_after_the_rejection_is_not_cleared() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    let Step::Load { .. } = bench.step(flight, Input::Answered(status(401))) else {
        panic!("no look before it is believed");
    };
    let looked = Input::Loaded(bench.held.clone());
    super::refused::sibling(&mut bench, "2");
    assert!(matches!(bench.step(flight, looked), Step::Done));
    let held = bench.held.as_ref().expect("the sibling's pair");
    assert_eq!(held.access(None).unwrap().token.expose(), "A2");
}

#[test]
fn a_rejection_adopts_what_a_sibling_brought() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    super::refused::sibling(&mut bench, "2");
    bench.answer(flight, status(401));
    assert_eq!(bench.access().as_deref(), Some("A2"));
    assert_eq!(bench.stored(), "A2");
}

#[test]
fn a_rejection_that_the_store_cannot_confirm_is_not_believed() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    assert!(matches!(
        bench.step(flight, Input::Answered(status(401))),
        Step::Load { .. }
    ));
    bench.step(flight, Input::Late);
    assert_eq!(bench.failure(flight), RefreshErrorKind::Server);
    assert_eq!(bench.access().as_deref(), Some("A1"));
}

#[test]
fn a_refusal_leaves_the_token_unspent() {
    for code in [429, 503, 307, 404] {
        let mut bench = Bench::new();
        let flight = bench.refused();
        bench.post(flight);
        bench.answer(flight, status(code));
        assert!(bench.held.as_ref().unwrap().marker.is_none(), "{code}");
        assert_eq!(bench.access().as_deref(), Some("A1"), "{code}");
    }
}

#[test]
fn retry_after_is_honoured() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    let mut headers = http::HeaderMap::new();
    headers.insert("retry-after", "120".parse().unwrap());
    bench.answer(flight, Err(http(429).headers(&headers).into()));
    assert_eq!(bench.failure(flight), RefreshErrorKind::Throttled);
    bench.wait(119);
    let carried = bench.carried();
    let decision = bench.on_401(&ask(), carried, false);
    assert_eq!(refresh_error(&decision), Some(RefreshErrorKind::Throttled));
    bench.wait(1);
    assert!(parks(&bench.on_401(&ask(), carried, false)).is_some());
}

#[test]
fn backoff_doubles_up_to_its_limit_and_a_commit_resets_it() {
    let mut bench = Bench::new();
    let mut pauses = Vec::new();
    for _ in 0..9 {
        let flight = bench.refused();
        bench.post(flight);
        bench.answer(flight, status(503));
        let crate::SessionState::Backoff { retry_at } = bench.machine.look(&bench.now) else {
            panic!("no backoff");
        };
        pauses.push(retry_at.duration_since(bench.now.wall).unwrap());
        bench.wait(60);
    }
    // Chance is zero here: half of 0.5, 1, 2, … 30 seconds.
    let expected = [250, 500, 1000, 2000, 4000, 8000, 15000, 15000, 15000];
    assert_eq!(pauses, expected.map(Duration::from_millis));
    bench.now.chance = u64::MAX;
    let flight = bench.refused();
    bench.refresh(flight, pair("2"));
    let flight = bench.refused();
    bench.post(flight);
    bench.answer(flight, status(503));
    assert!(
        parks(&{
            bench.now.monotonic += Duration::from_millis(500);
            let carried = bench.carried();
            bench.on_401(&ask(), carried, false)
        })
        .is_some()
    );
}

#[test]
fn a_server_error_is_tried_once_more_and_never_ends_the_session() {
    let mut bench = Bench::new();
    for attempt in 1..=2 {
        let flight = bench.refused();
        assert_eq!(bench.post(flight), "R1");
        bench.answer(flight, status(502));
        let marker = bench.held.as_ref().unwrap().marker.unwrap();
        assert_eq!((marker.attempt, marker.doubt), (attempt, Doubt::Suspect));
        bench.wait(31);
    }
    for _ in 0..3 {
        let flight = bench.refused();
        assert!(
            matches!(bench.run(flight, Input::Begin), Step::Done),
            "no third POST"
        );
        assert_eq!(bench.failure(flight), RefreshErrorKind::Server);
        bench.wait(31);
    }
    assert_eq!(bench.access().as_deref(), Some("A1"));
}

#[test]
fn an_answer_without_access_token_is_unknown() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    bench.answer(flight, Ok(Tokens::new("").refresh_token("R2")));
    assert_eq!(bench.failure(flight), RefreshErrorKind::Protocol);
    assert_eq!(
        bench.held.as_ref().unwrap().marker.unwrap().doubt,
        Doubt::Unanswered
    );
}

#[test]
fn what_was_not_sent_on_the_second_attempt_leaves_the_doubt_about_the_first() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    bench.answer(flight, lost());
    bench.wait(31);
    let flight = bench.refused();
    assert!(matches!(bench.run(flight, Input::Begin), Step::Post { .. }));
    bench.answer(flight, Err(RefreshFailure::not_sent("no route")));
    assert_eq!(bench.held.as_ref().unwrap().marker.unwrap().attempt, 1);
}

#[test]
fn a_lost_answer_adopts_what_a_sibling_brought() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.post(flight);
    super::refused::sibling(&mut bench, "2");
    bench.answer(flight, lost());
    assert!(carries(&bench.resume(flight, Then::Replay)));
    assert_eq!(bench.access().as_deref(), Some("A2"));
}

#[test]
fn a_pair_that_was_adopted_and_rejected_in_one_flight_is_not_newer_than_itself() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    super::refused::sibling(&mut bench, "2");
    bench.wait(3600);
    assert_eq!(bench.post(flight), "R2");
    bench.answer(flight, status(401));
    assert_eq!(
        expired(&bench.resume(flight, Then::Replay)),
        Some(ExpiredReason::Rejected)
    );
}

#[test]
fn a_server_that_answers_with_the_same_refresh_token_does_not_rotate() {
    let mut bench = Bench::new();
    let flight = bench.refused();
    bench.refresh(flight, Tokens::new("A2").refresh_token("R1"));
    assert!(!bench.held.as_ref().unwrap().rotates);
    let flight = bench.refused();
    bench.refresh(flight, Tokens::new("A3").refresh_token("R3"));
    assert!(bench.held.as_ref().unwrap().rotates);
}
