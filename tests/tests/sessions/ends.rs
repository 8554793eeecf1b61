//! How a session ends, and what is no end.

use crate::shop::{Echo, World, join};
use perennial::{Error, Event, ExpiredReason, RefreshErrorKind, Result};
use perennial_tests::names::{HOST, Leads, Names};
use perennial_tests::{Backend, Canned, Convention, Gate, REFRESH, run, scenario};
use serde_json::json;
use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

fn expired<T: std::fmt::Debug>(result: Result<T>) -> ExpiredReason {
    match result {
        Err(Error::SessionExpired(over)) => over.reason(),
        other => panic!("the session is over: {other:?}"),
    }
}

scenario!(b10_sign_out_while_three_wait);
fn b10_sign_out_while_three_wait() {
    // All end promptly, not after the answer; the answer is discarded and never stored.
    run(async {
        let world = World::new().expired();
        let answer = Gate::closed();
        world.backend.on(REFRESH).hold(&answer);
        let calls = world.spawn_items(3);
        world.parked(3).await;
        let ledger = world.backend.ledger();
        ledger
            .wait_for("the rotation", |l| l.rotations.len() == 1)
            .await;
        world.session.sign_out();
        for call in calls {
            assert_eq!(expired(join(call).await), ExpiredReason::SignedOut);
        }
        answer.open();
        world.session.close().await;
        assert_eq!(world.access(), None);
        // The next call looks into the store, and finds nobody.
        world.later(60).await;
        assert_eq!(expired(world.api.item(1).await), ExpiredReason::SignedOut);
        let record = ledger.read();
        assert_eq!((record.refreshes(), record.sends("/items/1")), (1, 3));
    });
}

/// A world that reaches its back end by a name.
fn by_name(backend: Backend) -> (World, Names) {
    let names = Names::new();
    let url = format!("http://{HOST}:{}", backend.port());
    let resolver = names.clone();
    let world = World::with(
        backend,
        |session| session,
        move |client| {
            let http =
                move |http: reqwest::ClientBuilder| http.dns_resolver(Arc::new(resolver.clone()));
            client.base_url(url).allow_plain_http().http(http)
        },
    );
    (world, names)
}

/// The caller's failure, in its own words and those of its causes.
fn words(error: &Error) -> String {
    let mut text = format!("{error} {error:?}");
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&format!(" | {cause} {cause:?}"));
        next = cause.source();
    }
    text
}

/// One caller waits for a refresh that meets what `set` sets up.
async fn fails(set: impl FnOnce(&World, &Names)) -> (World, Error) {
    let (world, names) = by_name(Backend::start());
    let refusal = Gate::closed();
    world.backend.on("/items/1").nth(1).deny_late(&refusal);
    let call = tokio::spawn(world.api.item(1));
    let ledger = world.backend.ledger();
    ledger
        .wait_for("the call", |l| l.sends("/items/1") == 1)
        .await;
    set(&world, &names);
    refusal.open();
    let error = join(call).await.expect_err("no token is to be had");
    let text = words(&error);
    for secret in [&world.pair.access, &world.pair.refresh] {
        assert!(!text.contains(secret), "`{secret}` in {text}");
    }
    (world, error)
}

scenario!(b26_the_type_tells_what_failed, generated only: "the refresh is made by the same client whatever the face; the test resolves the names of the generated one");
fn b26_the_type_tells_what_failed() {
    run(async {
        // a: the name cannot be resolved. The session is kept.
        let (world, error) = fails(|_, names| names.lead(Leads::Unknown)).await;
        let Error::Refresh(transport) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(transport.kind(), RefreshErrorKind::Transport);
        assert!(words(&error).contains("not sent"), "{}", words(&error));
        assert_eq!(world.refresh_token().as_ref(), Some(&world.pair.refresh));

        // b: 400 invalid_grant. The session is over, and cleared.
        let dead = Canned::json(400, &json!({ "error": "invalid_grant" }));
        let (world, error) = fails(|world, _| world.backend.on(REFRESH).answer(dead)).await;
        assert_eq!(expired::<()>(Err(error)), ExpiredReason::Rejected);
        assert_eq!(world.access(), None);

        // c: 503 with a page. A server error with its status; the session is kept.
        let (world, error) = fails(|world, _| world.backend.on(REFRESH).html(503)).await;
        let Error::Refresh(server) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(server.kind(), RefreshErrorKind::Server);
        assert_eq!(server.status().map(|status| status.as_u16()), Some(503));
        assert_eq!(world.refresh_token().as_ref(), Some(&world.pair.refresh));

        // d: 200 with a body that is no JSON. A protocol error, and nobody signed out.
        let page = || Canned::html(200);
        let (world, error) = fails(|world, _| world.backend.on(REFRESH).answer(page())).await;
        let Error::Refresh(protocol) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(protocol.kind(), RefreshErrorKind::Protocol);
        assert_eq!(protocol.status(), None);
        assert_eq!(world.refresh_token().as_ref(), Some(&world.pair.refresh));
    });
}

scenario!(b27_network_lost_and_found, generated only: "the refresh is made by the same client whatever the face; the test resolves the names of the generated one");
fn b27_network_lost_and_found() {
    // Two refreshes reach the server; a failed one is not kept as "the running one".
    run(async {
        let backend = Backend::plan(Convention::Status).lifetime(600).start();
        let (world, names) = by_name(backend);
        let refusals = Gate::closed();
        world.backend.on("/items/1").first(2).deny_late(&refusals);
        let calls = world.spawn_items(2);
        let ledger = world.backend.ledger();
        ledger
            .wait_for("callers 1 and 2", |l| l.sends("/items/1") == 2)
            .await;
        names.lead(Leads::Nowhere);
        refusals.open();
        for call in calls {
            match join(call).await {
                Err(Error::Refresh(error)) => {
                    // Whoever comes after the failure is told when the next attempt is due.
                    let kinds = [RefreshErrorKind::Transport, RefreshErrorKind::Throttled];
                    assert!(kinds.contains(&error.kind()), "{error:?}");
                }
                other => panic!("the network is gone: {other:?}"),
            }
        }
        assert_eq!(world.refresh_token().as_ref(), Some(&world.pair.refresh));

        names.lead(Leads::Home);
        world.later(10).await;
        world.backend.expire_all();
        world
            .api
            .item(3)
            .await
            .expect("caller 3: the network is back");
        world.later(601).await;
        world.backend.expire_all();
        world.api.item(4).await.expect("caller 4: A2 has expired");
        let record = ledger.read();
        assert_eq!((record.refreshes(), record.rotations.len()), (2, 2));
        assert_eq!(record.presented(&world.pair.refresh), 1);
    });
}

scenario!(b47_refresh_token_expired);
fn b47_refresh_token_expired() {
    // One POST; both get `SessionExpired`; one event; then no I/O until a new sign-in.
    run(async {
        let world = World::new().expired();
        let answer = Gate::closed();
        let odd = Canned::json(
            400,
            &json!({ "fault": { "text": "refresh token expired" } }),
        );
        world.backend.on(REFRESH).nth(1).answer(odd);
        world.backend.on(REFRESH).nth(1).hold(&answer);
        let mut events = world.session.events();
        let (sync, action) = (
            tokio::spawn(world.api.item(1)),
            tokio::spawn(world.api.item(2)),
        );
        world.parked(2).await;
        answer.open();
        assert_eq!(expired(join(sync).await), ExpiredReason::Rejected);
        assert_eq!(expired(join(action).await), ExpiredReason::Rejected);
        let sent = world.backend.ledger().read().requests.len();
        for _ in 0..3 {
            let later: Result<Echo> = world.api.item(3).await;
            assert_eq!(expired(later), ExpiredReason::Rejected);
            world.clock.advance(Duration::from_millis(10));
        }
        world.session.close().await;
        let record = world.backend.ledger().read();
        assert_eq!((record.refreshes(), record.requests.len()), (1, sent));

        world.session.sign_in(world.backend.sign_in("ada"));
        world.api.item(3).await.expect("signed in anew");
        let reason = ExpiredReason::Rejected;
        assert_eq!(events.next().await, Some(Event::Expired { reason }));
        assert_eq!(events.next().await, Some(Event::SignedIn));
    });
}
