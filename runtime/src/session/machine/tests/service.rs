//! A service that acts for itself.

use super::bench::*;
use crate::{
    Tokens,
    error::{ExpiredReason, RefreshErrorKind},
    session::{
        Convention, Event, Options, Power, Refused, Reuse, SessionState,
        machine::{Decision, FlightId, Input, Machine, Step, Then},
        store::SignIn,
    },
};
use http::StatusCode;
use std::time::Duration;

fn token(number: &str) -> Tokens {
    Tokens::new(format!("A{number}")).expires_in(Duration::from_secs(3600))
}

/// The flight that the first call waits for.
fn first_call(bench: &mut Bench) -> FlightId {
    match bench.admit(&ask()) {
        Decision::Park { flight, .. } => flight,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_call_gets_a_token_without_a_sign_in() {
    let mut bench = Bench::service();
    let now = bench.now;
    assert_eq!(bench.machine.look(&now), SessionState::Active);
    assert_eq!(bench.machine.power(), Power::OAuth2);
    assert!(bench.held.is_none() && bench.events.is_empty());
    let flight = first_call(&mut bench);
    assert_eq!(bench.post(flight), "", "there is no refresh token");
    bench.answer(flight, Ok(token("1")));
    assert!(carries(&bench.resume(flight, Then::Send)));
    assert_eq!(bench.stored(), "A1");
    let sign_in = bench.held.as_ref().map(|held| held.sign_in);
    assert_eq!(sign_in, Some(SignIn::SERVICE));
    assert_eq!(bench.events, [Event::Refreshed]);
}

#[test]
fn a_refused_token_is_replaced_and_the_call_sent_again() {
    let mut bench = Bench::service();
    let flight = first_call(&mut bench);
    bench.refresh(flight, token("1"));
    let flight = bench.refused();
    bench.refresh(flight, token("2"));
    assert!(carries(&bench.resume(flight, Then::Replay)));
    assert_eq!(bench.stored(), "A2");
}

#[test]
fn another_process_takes_the_token_over() {
    let mut one = Bench::service();
    let flight = first_call(&mut one);
    one.refresh(flight, token("1"));
    let mut other = Bench::service();
    other.take_store(&one);
    let flight = first_call(&mut other);
    assert!(matches!(other.run(flight, Input::Begin), Step::Done));
    assert_eq!(other.access().as_deref(), Some("A1"));
    assert!(carries(&other.resume(flight, Then::Send)));
}

#[test]
fn the_marker_of_a_dead_process_holds_nobody_up() {
    let mut dead = Bench::service();
    let flight = first_call(&mut dead);
    dead.post(flight);
    let mut bench = Bench::service();
    bench.take_store(&dead);
    let flight = first_call(&mut bench);
    bench.post(flight);
    let marker = bench.held.as_ref().and_then(|held| held.marker);
    assert_eq!(marker.map(|marker| marker.attempt), Some(2));
    bench.answer(flight, Ok(token("1")));
    assert_eq!(bench.stored(), "A1");
}

#[test]
fn whatever_is_answered_the_next_attempt_follows_a_pause() {
    let invalid_grant = Refused::new(StatusCode::BAD_REQUEST).oauth_error("invalid_grant");
    let answers = [
        (Err(invalid_grant.into()), RefreshErrorKind::Server),
        (status(402), RefreshErrorKind::Server),
        (status(500), RefreshErrorKind::Server),
        (status(500), RefreshErrorKind::Server),
        (lost(), RefreshErrorKind::Transport),
        (lost(), RefreshErrorKind::Transport),
    ];
    let mut bench = Bench::service();
    for (answer, kind) in answers {
        let flight = first_call(&mut bench);
        bench.post(flight);
        bench.answer(flight, answer);
        assert_eq!(bench.failure(flight), kind);
        assert_eq!(
            refresh_error(&bench.admit(&ask())),
            Some(RefreshErrorKind::Throttled)
        );
        bench.wait(31);
    }
    let flight = first_call(&mut bench);
    bench.refresh(flight, token("1"));
    assert_eq!(bench.access().as_deref(), Some("A1"));
}

/// Not even where a refresher hands on a refresh token, and the session should present none twice.
#[test]
fn a_lost_answer_never_ends_a_service() {
    let mut bench = Bench::service_with(Options {
        reuse: Reuse::Never,
        ..Options::default()
    });
    let flight = first_call(&mut bench);
    bench.refresh(flight, token("1").refresh_token("R1"));
    bench.wait(3600);
    let flight = first_call(&mut bench);
    bench.post(flight);
    bench.answer(flight, lost());
    assert_eq!(bench.failure(flight), RefreshErrorKind::Transport);
    bench.wait(31);
    let flight = first_call(&mut bench);
    bench.refresh(flight, token("2"));
    assert_eq!(bench.access().as_deref(), Some("A2"));
}

#[test]
fn an_empty_store_is_no_sign_out() {
    let mut bench = Bench::service();
    let now = bench.now;
    bench.machine.seen(None, &now);
    let flight = first_call(&mut bench);
    bench.refresh(flight, token("1"));
    bench.held = None;
    bench.machine.seen(None, &now);
    bench.effects();
    assert_eq!(bench.access().as_deref(), Some("A1"));
    bench.wait(3600);
    let flight = first_call(&mut bench);
    bench.refresh(flight, token("2"));
    assert_eq!(bench.stored(), "A2");
    assert_eq!(bench.events, [Event::Refreshed, Event::Refreshed]);
}

#[test]
fn after_a_sign_out_nothing_comes_back() {
    let mut bench = Bench::service();
    let flight = first_call(&mut bench);
    bench.refresh(flight, token("1"));
    let another = bench.held.clone();
    bench.sign_out();
    assert!(bench.held.is_none());
    let now = bench.now;
    bench.machine.seen(another, &now);
    bench.effects();
    let denied = bench.admit(&ask());
    assert_eq!(expired(&denied), Some(ExpiredReason::SignedOut));
}

#[test]
fn a_fixed_token_is_no_service() {
    let mut machine = Machine::new(Options::default(), false, false);
    machine.bind(Convention::ClientCredentials);
    let now = Bench::new().now;
    assert_eq!(machine.look(&now), SessionState::SignedOut);
    assert_eq!(machine.power(), Power::None);
}
