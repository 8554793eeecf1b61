//! No secret in anything that is printed or logged.

use crate::shop::{ShopApiClient, World, tokens};
use perennial::{Error, Session, Tokens};
use perennial_tests::{Canned, Gate, REFRESH, logs, run};
use serde_json::json;
use std::fmt::{Debug, Write};

/// Debug and Display of an error and of all its sources.
fn chain(text: &mut String, error: &(dyn std::error::Error + 'static)) {
    let mut next = Some(error);
    while let Some(error) = next {
        writeln!(text, "{error}\n{error:?}\n{error:#?}").unwrap();
        next = error.source();
    }
}

fn debug(text: &mut String, value: &dyn Debug) {
    writeln!(text, "{value:?}\n{value:#?}").unwrap();
}

/// What the ledger knows to be secret.
fn secrets(world: &World) -> Vec<String> {
    let record = world.backend.ledger().read();
    let mut secrets = vec![world.pair.access.clone(), world.pair.refresh.clone()];
    secrets.extend(
        record
            .rotations
            .iter()
            .map(|rotation| rotation.access.clone()),
    );
    secrets.extend(record.presentations.iter().map(|p| p.token.clone()));
    secrets.extend(
        record
            .requests
            .iter()
            .filter_map(|request| request.token.clone()),
    );
    secrets.sort();
    secrets.dedup();
    secrets
}

#[test]
fn secrets_absent_from_logs() {
    logs::collect();
    run(async {
        let world = World::new();
        let mut printed = String::new();
        let pair = tokens(&world.pair);
        debug(&mut printed, &pair);
        debug(&mut printed, &world.session);
        debug(&mut printed, world.api.generated());
        debug(&mut printed, &Session::fixed(world.pair.access.clone()));
        debug(
            &mut printed,
            &Session::builder().tokens(tokens(&world.pair)),
        );
        debug(
            &mut printed,
            &ShopApiClient::builder().session(world.session.clone()),
        );
        debug(&mut printed, &Tokens::new(world.pair.access.clone()));
        let call = world.api.generated().refresh(&world.pair.refresh);
        debug(&mut printed, &call);
        drop(call);

        // Each way in which a refresh or a call can end, with the secrets in the server's words.
        let echoes = json!({ "error": "invalid_client", "error_description": &world.pair.refresh });
        world
            .backend
            .on(REFRESH)
            .nth(1)
            .answer(Canned::json(400, &echoes));
        world.backend.on(REFRESH).nth(2).answer(Canned::html(503));
        world
            .backend
            .on(REFRESH)
            .nth(3)
            .answer(Canned::redirect(307, "http://127.0.0.2:1/"));
        let torn = format!(
            "{{\"access_token\": 1, \"refresh_token\": \"{}\"",
            world.pair.refresh
        );
        world
            .backend
            .on(REFRESH)
            .nth(5)
            .answer(Canned::status(200).body("application/json", torn));
        world.backend.on(REFRESH).nth(6).lose();
        for _ in 0..10 {
            if let Some(access) = world.access() {
                world.backend.expire(&access);
            }
            if let Err(error) = world.api.item(1).await {
                chain(&mut printed, &error);
            }
            world.clock.advance_secs(60);
        }
        world.session.sign_in(tokens(&world.backend.sign_in("ada")));
        world.backend.on("/forbidden").deny();
        world.backend.on("/slow").hold(&Gate::closed());
        for result in [
            world.api.forbidden().await,
            world
                .api
                .generated()
                .slow()
                .timeout(std::time::Duration::ZERO)
                .await,
        ] {
            chain(&mut printed, &result.expect_err("refused or too late"));
        }
        // A value of the wrong type is what decoders like to repeat.
        let wrong = json!({ "cents": &world.pair.access });
        world
            .backend
            .on("/priced")
            .answer(Canned::json(402, &wrong));
        chain(
            &mut printed,
            &world.api.generated().priced().await.expect_err("no price"),
        );
        let unread =
            Canned::status(200).body("application/json", format!("[\"{}\"]", world.pair.access));
        world.backend.on("/items/3").answer(unread);
        match world.api.item(3).await {
            Err(Error::Decode(error)) => debug(&mut printed, &error.status()),
            other => panic!("no echo is a list: {other:?}"),
        }
        world.session.sign_out();
        chain(
            &mut printed,
            &world.api.item(1).await.expect_err("signed out"),
        );
        world.session.close().await;

        let logged = logs::text();
        assert!(
            logged.contains("TRACE"),
            "the most talkative level is collected"
        );
        let secrets = secrets(&world);
        assert!(secrets.len() > 4, "{secrets:?}");
        for secret in secrets {
            assert!(
                !printed.contains(&secret),
                "`{secret}` is printed:\n{printed}"
            );
            let line = logged.lines().find(|line| line.contains(&secret));
            assert!(line.is_none(), "`{secret}` is logged: {line:?}");
        }
    });
}
