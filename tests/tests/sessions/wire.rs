//! What goes over the wire: replays, and which answers are the session's.

use crate::shop::World;
use perennial::{Classify, Error, classify::Verdict};
use perennial_tests::backend::{Record, Request};
use perennial_tests::{Backend, Canned, run, scenario};
use serde_json::json;

/// The two sends of one path, without their credentials.
fn sent_twice(record: &Record, path: &str) -> [Request; 2] {
    let mut sent: Vec<Request> = record.to(path).cloned().collect();
    for request in &mut sent {
        assert!(request.headers.remove("authorization").is_some());
    }
    sent.try_into().expect("sent, and sent again")
}

fn assert_same([first, again]: &[Request; 2]) {
    assert_eq!(first.method, again.method);
    assert_eq!(first.query, again.query);
    assert_eq!(first.headers, again.headers);
    assert_eq!(first.body, again.body);
    assert_ne!(first.token, again.token);
}

scenario!(b34_replay_is_the_same_request);
fn b34_replay_is_the_same_request() {
    run(async {
        let world = World::new().expired();
        let body = json!({ "name": "tea", "price": 3 });
        let entity = world.api.patch_item(7, "\"v1\"", "fr-CH", &body).await;
        assert_eq!(
            entity.expect("the entity of the 200").body,
            body.to_string()
        );
        let record = world.backend.ledger().read();
        let sent = sent_twice(&record, "/items/7");
        assert_same(&sent);
        assert_eq!(sent[1].method, "PATCH");
        assert_eq!(sent[1].headers["if-match"], "\"v1\"");
        assert_eq!(sent[1].headers["accept-language"], "fr-CH");

        // Variant: a POST that the server is to take once.
        world.backend.expire_all();
        let echo = world.api.order("key-17", &body).await.expect("placed");
        assert_eq!(echo.body, body.to_string());
        let record = world.backend.ledger().read();
        let sent = sent_twice(&record, "/orders");
        assert_same(&sent);
        assert_eq!(sent[1].headers["idempotency-key"], "key-17");
        assert_eq!(record.refreshes(), 2, "one for each call");
    });
}

/// A back end that says with 400 what others say with 401.
async fn says_400(classify: Option<Classify>) -> (World, perennial::Result<()>, Error) {
    let world = World::with(
        Backend::start(),
        |session| session,
        |client| match classify {
            Some(rule) => client.classify(rule),
            None => client,
        },
    );
    let expired = Canned::json(400, &json!({ "detail": "token has expired" }));
    let bad = Canned::json(400, &json!({ "detail": "bad date" }));
    world.backend.on("/items/1").nth(1).answer(expired);
    world.backend.on("/items/2").answer(bad);
    let first = world.api.item(1).await.map(drop);
    let second = world.api.item(2).await.expect_err("a bad date");
    (world, first, second)
}

scenario!(b45_expired_by_a_rule_of_ones_own, generated only: "a guard hands bodies on unread");
fn b45_expired_by_a_rule_of_ones_own() {
    run(async {
        let rule = Classify::with(|status, _, body| {
            let expired = body.windows(17).any(|part| part == b"token has expired");
            match status.as_u16() {
                400 if expired => Verdict::Refresh,
                _ => Verdict::Other,
            }
        });
        let (world, first, second) = says_400(Some(rule)).await;
        first.expect("one refresh, and a replay");
        let status = |error: &Error| error.status().map(|status| status.as_u16());
        assert!(second.is_api(), "{second:?}");
        assert_eq!(status(&second), Some(400));
        let record = world.backend.ledger().read();
        let sends = (record.sends("/items/1"), record.sends("/items/2"));
        assert_eq!((record.refreshes(), sends), (1, (2, 1)));

        // Without the rule both are 400, and nothing is guessed.
        let (world, first, second) = says_400(None).await;
        let first = first.expect_err("a 400 as it came");
        assert!(first.is_api() && second.is_api());
        assert_eq!((status(&first), status(&second)), (Some(400), Some(400)));
        assert_eq!(world.backend.ledger().read().refreshes(), 0);
    });
}
