//! Which type an answer becomes: by status, range, default and content type.

use perennial::{Error, Result};
use perennial_tests::cases::replies::{NamesError, ParcelResponse, RepliesApiClient, RepliesError};
use perennial_tests::{Backend, Canned, run};
use serde_json::{Value, json};

struct World {
    backend: Backend,
    api: RepliesApiClient,
}

impl World {
    /// A server that answers `path` with this.
    fn that_answers(path: &str, answer: Canned) -> Self {
        let backend = Backend::start();
        backend.on(path).answer(answer);
        let api = perennial_tests::cases::Cases::builder()
            .base_url(backend.url())
            .build();
        let api = api.expect("loopback needs no certificates").replies();
        Self { backend, api }
    }

    fn json(path: &str, status: u16, body: &Value) -> Self {
        Self::that_answers(path, Canned::json(status, body))
    }
}

fn refusal<T: std::fmt::Debug, E: std::fmt::Debug>(result: Result<T, E>) -> (u16, E) {
    match result {
        Err(Error::Api(refusal)) => (refusal.status.as_u16(), refusal.value),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn several_successes_and_several_refusals_by_status() {
    run(async {
        let world = World::json("/parcels/1", 202, &json!({"number": "t7"}));
        let reply = world.api.parcel(1).await.expect("a success");
        assert!(matches!(reply, ParcelResponse::Accepted(ticket) if ticket.number == "t7"));
        let world = World::json("/parcels/1", 409, &json!({"with": "b"}));
        let (status, error) = refusal(world.api.parcel(1).await);
        assert!(
            matches!(error, RepliesError::Conflict(clash) if clash.with == "b"),
            "{status}"
        );
        let world = World::json("/parcels/1", 418, &json!({"title": "tea"}));
        let (status, _) = refusal(world.api.parcel(1).await);
        assert_eq!(
            (status, world.backend.ledger().read().sends("/parcels/1")),
            (418, 1)
        );
    });
}

#[test]
fn default_is_every_other_status() {
    run(async {
        for status in [418, 503] {
            let world = World::json("/names", status, &json!({"title": "no"}));
            let (seen, NamesError::Default(problem)) = refusal(world.api.names().await) else {
                panic!("`default` is the only variant")
            };
            assert_eq!((seen, problem.title.as_str()), (status, "no"));
        }
    });
}

#[test]
fn an_exact_status_comes_before_its_range() {
    run(async {
        let world = World::json("/ranges", 206, &json!({"weight": 2}));
        assert_eq!(world.api.ranges().await.expect("a success").weight, 2);
        let world = World::json("/ranges", 404, &json!({"with": "x"}));
        assert!(matches!(
            refusal(world.api.ranges().await),
            (404, RepliesError::NotFound(_))
        ));
        let world = World::json("/ranges", 429, &json!({"title": "slow"}));
        assert!(matches!(
            refusal(world.api.ranges().await),
            (429, RepliesError::ClientError(_))
        ));
        let world = World::that_answers("/ranges", Canned::status(500));
        assert!(matches!(
            refusal(world.api.ranges().await),
            (500, RepliesError::ServerError)
        ));
    });
}

#[test]
fn text_is_no_json() {
    run(async {
        let text = |mime, text: &'static str| Canned::status(200).body(mime, text);
        let world = World::that_answers("/motd", text("text/plain", "be kind"));
        assert_eq!(world.api.motd().await.expect("a success"), "be kind");
        let world = World::that_answers("/motd", Canned::html(503));
        let (_, error) = refusal(world.api.motd().await);
        assert!(matches!(error, RepliesError::ServiceUnavailable(text) if text.contains("html")));
        for (mime, body) in [("application/json", "\"2.1\""), ("text/plain", "2.1")] {
            let world = World::that_answers("/edition", text(mime, body));
            assert_eq!(
                world.api.edition().await.expect("a success"),
                "2.1",
                "{mime}"
            );
            let record = world.backend.ledger().read();
            let accept = record.requests[0].headers["accept"].to_str().expect("text");
            assert!(
                accept.contains("application/json") && accept.contains("text/plain"),
                "{accept}"
            );
        }
    });
}

#[test]
fn a_gateways_page_shows_its_beginning() {
    run(async {
        let world = World::that_answers("/names", Canned::html(200));
        match world.api.names().await {
            Err(Error::Decode(error)) => assert!(error.excerpt().contains("html"), "{error:?}"),
            other => panic!("expected a decode error, got {other:?}"),
        }
    });
}
