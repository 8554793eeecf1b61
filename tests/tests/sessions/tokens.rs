//! What a token answer says of a token's life, and what clocks make of it.

use crate::shop::{Echo, World, join, lifetime};
use perennial::{Call, Clock, Error, Event, ExpiredReason, Session, Tokens, api_client};
use perennial_tests::clock::Hands;
use perennial_tests::{Backend, Canned, REFRESH, logs, run, run_here, scenario};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::{Duration, UNIX_EPOCH};

const HOUR: Duration = Duration::from_secs(3600);

scenario!(b17_unreadable_expiry);
fn b17_unreadable_expiry() {
    // The pair is kept in every variant; the expiry is unknown, and the next 401 refreshes.
    run(async {
        let variants = [
            json!({ "expires_at": "soon" }),
            json!({ "expires_in": "3600" }),
            json!({}),
            json!({ "expires_in": -3600 }),
            json!({ "expires_in": 1e12 }),
            json!({ "expires_in": 3600, "scope": ["a"], "extra": { "x": [null] } }),
        ];
        for variant in variants {
            let world = World::new().expired();
            let second = world.backend.rotate(&world.pair.refresh).expect("live");
            let mut answer = json!({
                "access_token": second.access,
                "refresh_token": second.refresh,
            });
            if let (Value::Object(answer), Value::Object(more)) = (&mut answer, variant.clone()) {
                answer.extend(more);
            }
            let answer = Canned::json(200, &answer);
            world.backend.on(REFRESH).nth(1).answer(answer);
            for _ in 0..4 {
                world.api.item(1).await.expect("a 200");
                world.later(1).await;
            }
            let ledger = world.backend.ledger();
            assert_eq!(ledger.read().refreshes(), 1, "{variant}");
            assert_eq!(world.refresh_token().as_ref(), Some(&second.refresh));

            world.later(31).await;
            world.backend.expire(&second.access);
            world.api.item(1).await.expect("the next 401 refreshes");
            assert_eq!(ledger.read().presented(&second.refresh), 1, "{variant}");
        }
    });
}

scenario!(b39_machine_sleeps);
fn b39_machine_sleeps() {
    run(async {
        // Three hours: one refresh, and fifty answers.
        let world = lifetime(600);
        world.api.item(1).await.expect("fresh");
        world.session.close().await;
        world.clock.suspend(3 * HOUR);
        world.backend.expire_all();
        for call in world.spawn_items(50) {
            join(call).await.expect("a 200");
        }
        let record = world.backend.ledger().read();
        assert_eq!(
            (record.refreshes(), record.answered("/items/1", 200)),
            (1, 51)
        );
        let renewed = record.rotations[0].access.as_str();
        assert_eq!(world.access().as_deref(), Some(renewed));
        // Judged on waking: none of the fifty is sent with A1 first.
        let awake = &record.tokens("/items/1")[1..];
        assert!(awake.iter().all(|token| *token == renewed), "{record}");

        // Nine: the refresh token is over, too. One POST, and one event for all fifty.
        let world = lifetime(600);
        let mut events = world.session.events();
        world.session.close().await;
        world.clock.suspend(9 * HOUR);
        world.backend.revoke("ada");
        for call in world.spawn_items(50) {
            match join(call).await {
                Err(Error::SessionExpired(over)) => {
                    assert_eq!(over.reason(), ExpiredReason::Rejected);
                }
                other => panic!("nine hours are too long: {other:?}"),
            }
        }
        assert_eq!(world.backend.ledger().read().refreshes(), 1);
        world.session.sign_in(world.backend.sign_in("ada"));
        let reason = ExpiredReason::Rejected;
        assert_eq!(events.next().await, Some(Event::Expired { reason }));
        assert_eq!(events.next().await, Some(Event::SignedIn), "one event");
    });
}

/// A token answer with the end by the server's calendar, and perhaps the lifetime.
#[derive(Debug, Deserialize)]
pub(crate) struct Dated {
    access_token: String,
    refresh_token: String,
    exp: f64,
    expires_in: Option<f64>,
}

impl From<Dated> for Tokens {
    fn from(dated: Dated) -> Self {
        let tokens = Self::new(dated.access_token).refresh_token(dated.refresh_token);
        // What is relative to the arrival beats what is absolute.
        match dated.expires_in {
            Some(seconds) => tokens.expires_in_seconds(seconds),
            None => tokens.expires_at_unix(dated.exp),
        }
    }
}

#[api_client(auth = bearer)]
pub(crate) trait DatedApi: Send + Sync {
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<Dated>;

    #[get("/items/{id}")]
    fn item(&self, id: u32) -> Call<Echo>;
}

scenario!(b41_clock_an_hour_ahead, generated memory only: "the warnings are collected from the test's own thread");
fn b41_clock_an_hour_ahead() {
    run_here(async {
        // One refresh, not sixty; all calls get 200; one diagnostic about the clock.
        for relative in [false, true] {
            let log = logs::here();
            let backend = Backend::start();
            let (first, second) = (backend.sign_in("ada"), backend.sign_in("ada"));
            let clock = Hands::new();
            let session = Session::builder().clock(clock.clone()).tokens(&first);
            let session = session.build().expect("the options fit together");
            let api = DatedApiClient::builder()
                .base_url(backend.url())
                .session(session)
                .build()
                .expect("the client can be built");
            let client_says = clock.wall().duration_since(UNIX_EPOCH).expect("after 1970");
            let exp = client_says - HOUR + HOUR;
            let mut answer = json!({
                "access_token": second.access,
                "refresh_token": second.refresh,
                "exp": exp.as_secs(),
            });
            if relative {
                answer["expires_in"] = json!(3600);
            }
            backend.expire(&first.access);
            backend
                .on(REFRESH)
                .nth(1)
                .answer(Canned::json(200, &answer));
            for _ in 0..60 {
                api.item(1).await.expect("a 200");
                clock.advance_secs(1);
            }
            assert_eq!(
                backend.ledger().read().refreshes(),
                1,
                "relative: {relative}"
            );
            // With a lifetime there is nothing odd about the token.
            let warned = log.lines("WARN");
            assert_eq!(warned.len(), usize::from(!relative), "{warned:?}");
            assert!(
                warned.iter().all(|line| line.contains("clock")),
                "{warned:?}"
            );
        }
    });
}
