//! What a refresh can be answered with, and what that means for the session.

use crate::shop::{World, join};
use perennial::{Error, ExpiredReason, RefreshErrorKind};
use perennial_tests::{Backend, Canned, Convention, Gate, REFRESH, run, scenario};
use serde_json::json;
use std::time::Duration;

/// Beyond every pause that a failed refresh asks for by default.
const PAUSE: u64 = 31;

/// A call that finds no usable token; the session is kept as it was.
async fn fails_to_refresh(world: &World, kind: RefreshErrorKind) {
    match world.api.item(1).await {
        Err(Error::Refresh(error)) => assert_eq!(error.kind(), kind),
        other => panic!("expected a failed refresh, found {other:?}"),
    }
    let held = world.refresh_token();
    assert_eq!(
        held.as_ref(),
        Some(&world.pair.refresh),
        "the refresh token is kept"
    );
}

/// After a pause the very token that was kept renews the session.
async fn recovers(world: &World) {
    world.later(PAUSE).await;
    world
        .api
        .item(1)
        .await
        .expect("the kept token renews the session");
    let record = world.backend.ledger().read();
    assert_eq!(record.presented(&world.pair.refresh), 1);
    assert_eq!(record.rotations.len(), 1);
}

scenario!(html_5xx_not_terminal);
fn html_5xx_not_terminal() {
    run(async {
        let world = World::new().expired();
        world.backend.on(REFRESH).nth(1).answer(Canned::html(502));
        fails_to_refresh(&world, RefreshErrorKind::Server).await;
        recovers(&world).await;
        assert_eq!(world.backend.ledger().read().refreshes(), 2);
    });
}

scenario!(html_5xx_for_good_is_not_presented_for_ever);
fn html_5xx_for_good_is_not_presented_for_ever() {
    run(async {
        let world = World::new().expired();
        world.backend.on(REFRESH).answer(Canned::html(500));
        for _ in 0..5 {
            let failed = world.api.item(1).await;
            assert!(matches!(failed, Err(Error::Refresh(_))), "{failed:?}");
            world.later(PAUSE).await;
        }
        // A 500 may have spent the token: it is presented again once and no more.
        assert_eq!(world.backend.ledger().read().refreshes(), 2);
        assert_eq!(world.refresh_token(), Some(world.pair.refresh));
    });
}

scenario!(refresh_503_during_deploy_keeps_session);
fn refresh_503_during_deploy_keeps_session() {
    run(async {
        let world = World::new().expired();
        world.backend.on(REFRESH).first(4).answer(Canned::html(503));
        for _ in 0..4 {
            fails_to_refresh(&world, RefreshErrorKind::Server).await;
            world.later(PAUSE).await;
        }
        recovers(&world).await;
        assert_eq!(world.backend.ledger().read().refreshes(), 5);
    });
}

scenario!(invalid_client_keeps_tokens);
fn invalid_client_keeps_tokens() {
    run(async {
        let world = World::new().expired();
        let refusal = Canned::json(401, &json!({ "error": "invalid_client" }));
        world.backend.on(REFRESH).nth(1).answer(refusal);
        fails_to_refresh(&world, RefreshErrorKind::Server).await;
        recovers(&world).await;
    });
}

scenario!(refresh_redirect_not_followed);
fn refresh_redirect_not_followed() {
    run(async {
        let world = World::new().expired();
        let elsewhere = Backend::start();
        let redirect = Canned::redirect(307, &(elsewhere.url() + REFRESH));
        world.backend.on(REFRESH).nth(1).answer(redirect);
        fails_to_refresh(&world, RefreshErrorKind::Server).await;
        assert!(
            elsewhere.ledger().read().requests.is_empty(),
            "the token went elsewhere"
        );
        recovers(&world).await;
    });
}

scenario!(transient_keeps_refresh_token, generated only: "the refresh is made by the same client whatever the face; the test resolves the names of the generated one");
fn transient_keeps_refresh_token() {
    run(async {
        let (world, names) = World::by_name(|session| session);
        unreachable_refresh(&world, &names, perennial_tests::names::Leads::Nowhere).await;
        assert_eq!(world.backend.ledger().read().refreshes(), 0);
        names.lead(perennial_tests::names::Leads::Home);
        recovers(&world).await;
        assert_eq!(world.backend.ledger().read().refreshes(), 1);
    });
}

scenario!(timeout_in_dns_is_not_sent, generated only: "the refresh is made by the same client whatever the face; the test resolves the names of the generated one");
fn timeout_in_dns_is_not_sent() {
    run(async {
        // A session that gives up as soon as a token may have been spent: it must not here.
        let (world, names) = World::by_name(|session| {
            session
                .reuse(perennial::Reuse::Never)
                .waiter_timeout(Duration::from_secs(40))
        });
        let looked_up = names.count();
        let waits = async {
            names.asked(looked_up + 2).await;
            world.clock.someone_sleeps(Duration::from_secs(15)).await;
            world.clock.advance_secs(15);
        };
        tokio::join!(
            unreachable_refresh(&world, &names, perennial_tests::names::Leads::Silence),
            waits
        );
        assert_eq!(world.backend.ledger().read().refreshes(), 0);
        names.lead(perennial_tests::names::Leads::Home);
        recovers(&world).await;
    });
}

/// A call that is refused, and whose refresh finds the host gone.
async fn unreachable_refresh(
    world: &World,
    names: &perennial_tests::names::Names,
    leads: perennial_tests::names::Leads,
) {
    let answer = Gate::closed();
    world.backend.on("/slow").nth(1).hold(&answer);
    world.backend.expire(&world.pair.access);
    let slow = tokio::spawn(world.api.slow());
    world
        .backend
        .ledger()
        .wait_for("the slow request", |l| l.sends("/slow") == 1)
        .await;
    names.lead(leads);
    answer.open();
    match join(slow).await {
        Err(Error::Refresh(error)) => {
            let kinds = [RefreshErrorKind::Transport, RefreshErrorKind::Deadline];
            assert!(kinds.contains(&error.kind()), "{error:?}");
        }
        other => panic!("the refresh cannot be sent: {other:?}"),
    }
    assert_eq!(world.refresh_token().as_ref(), Some(&world.pair.refresh));
}

scenario!(refresh_hang_times_out);
fn refresh_hang_times_out() {
    run(async {
        let world =
            World::session(|session| session.waiter_timeout(Duration::from_secs(30))).expired();
        world.backend.on(REFRESH).stall(&Gate::closed());
        let calls = world.spawn_items(3);
        let ledger = world.backend.ledger();
        ledger
            .wait_for("the refresh and three refusals", |l| {
                l.refreshes() == 1 && l.answered("/items/1", 401) == 3
            })
            .await;
        world.clock.advance_secs(15);
        for call in calls {
            let result = join(call).await;
            assert!(matches!(result, Err(Error::Refresh(_))), "{result:?}");
        }
        assert_eq!(world.backend.ledger().read().refreshes(), 1);
        assert_eq!(world.refresh_token(), Some(world.pair.refresh));
    });
}

scenario!(refresh_endpoint_401_no_recursion);
fn refresh_endpoint_401_no_recursion() {
    run(async {
        let world = World::new().expired();
        world.backend.on(REFRESH).deny();
        match world.api.item(1).await {
            Err(Error::SessionExpired(over)) => assert_eq!(over.reason(), ExpiredReason::Rejected),
            other => panic!("a refused refresh ends the session: {other:?}"),
        }
        let record = world.backend.ledger().read();
        assert_eq!(record.refreshes(), 1);
        assert_eq!(
            record.tokens(REFRESH),
            ["-"],
            "the refresh carries no access token"
        );
        assert_eq!(record.sends("/items/1"), 1);
    });
}

scenario!(refresh_token_omitted_kept);
fn refresh_token_omitted_kept() {
    run(async {
        let backend = Backend::plan(Convention::Status).without_rotation().start();
        let world = World::on(backend).expired();
        world.api.item(1).await.expect("renewed");
        assert_eq!(world.refresh_token().as_ref(), Some(&world.pair.refresh));
        world.backend.expire(&world.access().expect("signed in"));
        world
            .api
            .item(1)
            .await
            .expect("renewed with the same refresh token");
        let record = world.backend.ledger().read();
        assert_eq!(record.presented(&world.pair.refresh), 2);
        assert_eq!(record.refreshes(), 2);
    });
}

scenario!(refresh_200_without_access_token);
fn refresh_200_without_access_token() {
    run(async {
        let world = World::new().expired();
        world
            .backend
            .on(REFRESH)
            .nth(1)
            .answer(Canned::json(200, &json!({ "hello": "world" })));
        fails_to_refresh(&world, RefreshErrorKind::Protocol).await;
        recovers(&world).await;
    });
}

scenario!(invalid_grant_ends_the_session);
fn invalid_grant_ends_the_session() {
    run(async {
        let world = World::new().expired();
        let refusal = Canned::json(400, &json!({ "error": "invalid_grant" }));
        world.backend.on(REFRESH).answer(refusal);
        let ended = world.api.item(1).await;
        assert!(ended.is_err_and(|error| error.is_session_expired()));
        let later = world.api.item(1).await;
        assert!(later.is_err_and(|error| error.is_session_expired()));
        let record = world.backend.ledger().read();
        assert_eq!((record.refreshes(), record.sends("/items/1")), (1, 1));
        assert_eq!(world.refresh_token(), None);
    });
}
