//! One sign-in with several access tokens, and several sign-ins in one process.

use crate::shop::{Echo, ShopApiClient, WAIT, World, join, tokens};
use perennial::{Error, Event, ExpiredReason, Session};
use perennial_tests::backend::Verdict;
use perennial_tests::world::stored;
use perennial_tests::{Gate, REFRESH, run, scenario};
use tokio::task::JoinHandle;

fn client(world: &World, session: &Session) -> ShopApiClient {
    let builder = ShopApiClient::builder()
        .base_url(world.backend.url())
        .session(session.clone());
    builder.build().expect("the client can be built")
}

fn ten(shop: &ShopApiClient) -> Vec<JoinHandle<perennial::Result<Echo>>> {
    (0..10).map(|_| tokio::spawn(shop.item(2))).collect()
}

scenario!(two_scopes_one_grant_one_post, generated only: "each scope has a client of its own");
fn two_scopes_one_grant_one_post() {
    // Both scopes' calls find their tokens expired at once: one POST at a time, each with the
    // refresh token that the one before brought, and one for each scope however many callers.
    run(async {
        let world = World::new();
        let reports = world.session.partition("reports");
        let shop = client(&world, &reports);
        shop.item(2)
            .await
            .expect("its first token comes by a refresh");
        world
            .api
            .item(1)
            .await
            .expect("the session's own token is kept");
        let ledger = world.backend.ledger();
        assert_eq!(ledger.read().refreshes(), 1);
        world.session.close().await;

        world.backend.expire_all();
        let answered = Gate::closed();
        world.backend.on(REFRESH).nth(1).hold(&answered);
        let calls = [world.spawn_items(10), ten(&shop)];
        world.clock.sleepers(WAIT, 20).await;
        ledger
            .wait_for("the first refresh", |l| l.refreshes() == 2)
            .await;
        // While it is not answered the other scope waits for its turn.
        assert_eq!(ledger.read().rotations.len(), 2);
        answered.open();
        for call in calls.into_iter().flatten() {
            join(call).await.expect("one replay brings the answer");
        }
        let record = ledger.read();
        assert_eq!(record.refreshes(), 3);
        assert_eq!(
            record.verdicts(),
            [Verdict::Rotated; 3],
            "none with a spent token"
        );
        let mut spent: Vec<_> = record.rotations.iter().map(|made| &made.spent).collect();
        assert_eq!(spent[0], &world.pair.refresh);
        spent.dedup();
        assert_eq!(spent.len(), 3, "each token once");
        assert_ne!(
            world.access(),
            reports.tokens().map(|own| own.access().expose().to_owned())
        );
    });
}

scenario!(two_tenants_isolated, generated only: "each tenant has a client of its own");
fn two_tenants_isolated() {
    // Two sessions in one process, each with a store of its own: no token, wait or end of the one
    // reaches the other.
    run(async {
        let world = World::new();
        let pair = world.backend.sign_in("bob");
        let builder = stored(Session::builder())
            .clock(world.clock.clone())
            .waiter_timeout(WAIT)
            .tokens(tokens(&pair));
        let bob = builder.build().expect("the options fit together");
        let bobs = client(&world, &bob);
        let mut events = bob.events();

        // Ada waits for her refresh; Bob does not.
        world.backend.expire(&world.pair.access);
        let answered = Gate::closed();
        world.backend.on(REFRESH).nth(1).hold(&answered);
        let adas = world.spawn_items(10);
        world.clock.sleepers(WAIT, 10).await;
        let answer = bobs.item(2).await.expect("his token is good");
        assert_eq!(answer.user.as_deref(), Some("bob"));
        answered.open();
        for call in adas {
            let answer = join(call).await.expect("hers is renewed");
            assert_eq!(answer.user.as_deref(), Some("ada"));
        }
        let record = world.backend.ledger().read();
        assert_eq!(record.presented(&world.pair.refresh), 1);
        assert_eq!(record.presented(&pair.refresh), 0);
        let bobs_token = bob.tokens().map(|own| own.access().expose().to_owned());
        assert_eq!(bobs_token.as_ref(), Some(&pair.access));

        // Hers ends; his goes on.
        let access = world.access().expect("signed in");
        world.backend.kill_refresh(&access);
        world.backend.expire(&access);
        match world.api.item(1).await {
            Err(Error::SessionExpired(over)) => assert_eq!(over.reason(), ExpiredReason::Rejected),
            other => panic!("{other:?}"),
        }
        bobs.item(2).await.expect("his is not over");
        // He signs out; she signs in again, and only she is signed in.
        bob.sign_out();
        world.session.sign_in(tokens(&world.backend.sign_in("ada")));
        let answer = world.api.item(1).await.expect("signed in again");
        assert_eq!(answer.user.as_deref(), Some("ada"));
        assert!(matches!(bobs.item(2).await, Err(Error::SessionExpired(_))));
        assert_eq!(events.try_next(), Some(Event::SignedOut), "nothing of hers");
        assert_eq!(events.try_next(), None);
        world.session.close().await;
        bob.close().await;
    });
}
