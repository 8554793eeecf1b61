//! Clocks that are wrong, and machines that sleep.

use crate::shop::{Echo, WAIT, World, join};
use perennial::{Call, Clock, Session, Tokens, api_client};
use perennial_tests::clock::Hands;
use perennial_tests::{
    Backend, Canned, Convention, Gate, Pair, REFRESH, logs, run, run_here, scenario,
};
use serde::Deserialize;
use serde_json::json;
use std::time::{Duration, UNIX_EPOCH};

const HOUR: Duration = Duration::from_secs(3600);

/// A pair whose end is a moment of the server's calendar.
#[derive(Debug, Deserialize)]
pub(crate) struct AbsolutePair {
    access_token: String,
    refresh_token: String,
    exp: f64,
}

impl From<AbsolutePair> for Tokens {
    fn from(pair: AbsolutePair) -> Self {
        Self::new(pair.access_token)
            .refresh_token(pair.refresh_token)
            .expires_at_unix(pair.exp)
    }
}

#[api_client(auth = bearer)]
pub(crate) trait AbsoluteApi: Send + Sync {
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<AbsolutePair>;

    #[get("/items/{id}")]
    fn item(&self, id: u32) -> Call<Echo>;
}

/// A server that gives this pair with an end `lives` from now by a calendar that shows `clock`
/// when the client's is `ahead`.
fn gives(backend: &Backend, pair: &Pair, clock: &Hands, ahead: i64, lives: i64) {
    let now = clock.wall().duration_since(UNIX_EPOCH).expect("after 1970");
    let exp = now.as_secs() as i64 - ahead + lives;
    let answer = json!({
        "access_token": pair.access,
        "refresh_token": pair.refresh,
        "exp": exp,
    });
    backend
        .on(REFRESH)
        .nth(1)
        .answer(Canned::json(200, &answer));
}

scenario!(clock_off_by_an_hour, generated memory only: "the warnings are collected from the test's own thread");
fn clock_off_by_an_hour() {
    run_here(async {
        // By how much the client is ahead of the server, and the warnings that are due: a token that
        // comes expired cannot be; one that lives longer than it should is found out by a 401.
        for (ahead, warnings) in [(3600, 1), (-3600, 0)] {
            let log = logs::here();
            let backend = Backend::start();
            let (first, second) = (backend.sign_in("ada"), backend.sign_in("ada"));
            let clock = Hands::new();
            let session = Session::builder().clock(clock.clone()).tokens(&first);
            let session = session.build().expect("the options fit together");
            let api = AbsoluteApiClient::builder()
                .base_url(backend.url())
                .session(session)
                .build()
                .expect("the client can be built");
            backend.expire(&first.access);
            gives(&backend, &second, &clock, ahead, 3600);
            for _ in 0..60 {
                api.item(1).await.expect("served");
                clock.advance_secs(1);
            }
            let record = backend.ledger().read();
            assert_eq!(record.refreshes(), 1, "client {ahead} s ahead");

            // Its real end is told by the server; one diagnostic is enough.
            backend.expire(&second.access);
            let third = backend.sign_in("ada");
            gives(&backend, &third, &clock, ahead, 3600);
            for _ in 0..3 {
                api.item(1).await.expect("renewed");
            }
            assert_eq!(backend.ledger().read().refreshes(), 2);
            let warned = log.lines("WARN");
            assert_eq!(warned.len(), warnings, "{warned:?}");
        }
    });
}

/// A world whose tokens live ten minutes.
fn short_lived() -> World {
    let backend = Backend::plan(Convention::Status).lifetime(600).start();
    let pair = backend.sign_in("ada");
    let tokens = Tokens::from(&pair);
    let mut world = World::with(backend, |session| session.tokens(tokens), |client| client);
    world.pair = pair;
    world
}

scenario!(clock_jumps_by_an_hour);
fn clock_jumps_by_an_hour() {
    run(async {
        // Forward: by the calendar the token may be over, and one refresh finds out.
        let world = short_lived();
        world.clock.suspend(HOUR);
        for _ in 0..5 {
            world.api.item(1).await.expect("renewed");
        }
        assert_eq!(world.backend.ledger().read().refreshes(), 1);

        // Back: the pair comes from the future, so its age is the monotonic clock's to tell.
        let world = short_lived();
        world.clock.set_back(HOUR);
        for _ in 0..5 {
            world.api.item(1).await.expect("served");
        }
        assert_eq!(world.backend.ledger().read().refreshes(), 0);
        world.later(601).await;
        for _ in 0..5 {
            world.api.item(1).await.expect("renewed");
        }
        assert_eq!(world.backend.ledger().read().refreshes(), 1);
    });
}

scenario!(suspend_resume);
fn suspend_resume() {
    run(async {
        // Idle: a monotonic clock that stood still, then one that counted the sleep, too.
        for counts in [false, true] {
            let world = short_lived();
            world.api.item(1).await.expect("fresh");
            match counts {
                true => world.clock.advance(3 * HOUR),
                false => world.clock.suspend(3 * HOUR),
            }
            world.backend.expire_all();
            for call in world.spawn_items(50) {
                join(call).await.expect("renewed");
            }
            let record = world.backend.ledger().read();
            assert_eq!(record.refreshes(), 1, "sleep counted: {counts}");
            let old = record.tokens("/items/1");
            let old = old.iter().filter(|token| **token == world.pair.access);
            assert_eq!(old.count(), 1, "the first call alone carried A1");
        }

        // In mid-flight: the answer was there when the machine woke.
        let world = short_lived();
        let answer = Gate::closed();
        world.backend.on(REFRESH).hold(&answer);
        world.backend.expire_all();
        let calls = world.spawn_items(3);
        world.clock.sleepers(WAIT, 3).await;
        let ledger = world.backend.ledger();
        ledger
            .wait_for("the rotation", |l| l.rotations.len() == 1)
            .await;
        world.clock.suspend(3 * HOUR);
        answer.open();
        for call in calls {
            join(call).await.expect("renewed");
        }
        assert_eq!(ledger.read().refreshes(), 1);
    });
}
