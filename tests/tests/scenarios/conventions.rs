//! Where a back end says 401 and 402, and what counts as such.

use crate::shop::{EnvelopeApiClient, PricedError, World, tokens};
use perennial::{Error, Reuse, Session};
use perennial_tests::clock::Hands;
use perennial_tests::names::{HOST, Leads, Names};
use perennial_tests::{Backend, Canned, Convention, Gate, Pair, run, scenario};
use serde_json::json;
use std::sync::Arc;

struct Enveloped {
    backend: Backend,
    api: EnvelopeApiClient,
    session: Session,
    pair: Pair,
}

/// A back end that dresses refusals in an envelope under this HTTP status, with "ada" signed in.
fn enveloped(refusals: u16) -> Enveloped {
    let backend = Backend::plan(Convention::Envelope { refusals }).start();
    let pair = backend.sign_in("ada");
    let session = Session::new(tokens(&pair));
    let client = EnvelopeApiClient::builder()
        .base_url(backend.url())
        .session(session.clone());
    let api = client.build().expect("the client can be built");
    Enveloped {
        backend,
        api,
        session,
        pair,
    }
}

impl Enveloped {
    async fn renews(&self) {
        let echo = self.api.item(1).await.expect("renewed");
        assert_eq!(echo.user.as_deref(), Some("ada"));
        let record = self.backend.ledger().read();
        assert_eq!(record.refreshes(), 1);
        let renewed = &record.rotations[0].access;
        assert_eq!(record.tokens("/items/1"), [&self.pair.access, renewed]);
    }
}

scenario!(code_401_in_http_200, generated only: "a guard hands bodies on unread");
fn code_401_in_http_200() {
    run(async {
        let world = enveloped(200);
        world.backend.expire(&world.pair.access);
        world.renews().await;
        assert_eq!(world.backend.ledger().read().answered("/items/1", 200), 2);
    });
}

scenario!(code_401_in_http_400, generated only: "a guard hands bodies on unread");
fn code_401_in_http_400() {
    run(async {
        let world = enveloped(400);
        world.backend.expire(&world.pair.access);
        world.renews().await;
        assert_eq!(world.backend.ledger().read().answered("/items/1", 400), 1);
    });
}

scenario!(http_401_without_body);
fn http_401_without_body() {
    run(async {
        let world = enveloped(400);
        world
            .backend
            .on("/items/1")
            .nth(1)
            .answer(Canned::status(401));
        world.renews().await;

        let plain = World::new();
        plain
            .backend
            .on("/items/1")
            .nth(1)
            .answer(Canned::status(401));
        plain.api.item(1).await.expect("renewed");
        assert_eq!(plain.backend.ledger().read().refreshes(), 1);
    });
}

scenario!(http_402_with_own_meaning_is_api_error, generated only: "only a trait says what a status means to one method");
fn http_402_with_own_meaning_is_api_error() {
    run(async {
        let world = World::new();
        let price = Canned::json(402, &json!({ "cents": 990 }));
        world.backend.on("/priced").nth(1).answer(price);
        match world.api.generated().priced().await {
            Err(Error::Api(refused)) => {
                assert_eq!(refused.status, 402);
                let PricedError::PaymentRequired(price) = &refused.value else {
                    panic!("402 has a variant: {refused:?}")
                };
                assert_eq!(price.cents, 990);
            }
            other => panic!("402 is this method's own: {other:?}"),
        }
        world.backend.on("/priced").answer(Canned::html(418));
        let other = world
            .api
            .generated()
            .priced()
            .await
            .expect_err("not a success");
        let Some(PricedError::Other(page)) = other.api() else {
            panic!("the rest: {other:?}")
        };
        assert_eq!(page, "<html><body><h1>418</h1></body></html>");
        assert_eq!(
            world.access(),
            Some(world.pair.access.clone()),
            "still signed in"
        );
        world.api.item(1).await.expect("others are served");
        let record = world.backend.ledger().read();
        assert_eq!((record.refreshes(), record.sends("/priced")), (0, 2));
    });
}

scenario!(opt_out_route, generated only: "only a trait says which routes need no token");
fn opt_out_route() {
    run(async {
        let world = World::new();
        world.api.open("a").await.expect("needs no token");
        world.backend.on("/open/b").deny();
        let error = world.api.open("b").await.expect_err("refused");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
        assert!(
            error.is_api(),
            "without authentication a 401 is the API's own: {error:?}"
        );

        let record = world.backend.ledger().read();
        assert_eq!(
            (record.tokens("/open/a"), record.tokens("/open/b")),
            (vec!["-"], vec!["-"])
        );
        assert_eq!(record.refreshes(), 0);
        assert_eq!(
            world.access(),
            Some(world.pair.access),
            "the session is untouched"
        );
    });
}

scenario!(non_json_200_passthrough, generated only: "a guard hands every body on unread");
fn non_json_200_passthrough() {
    run(async {
        let world = enveloped(400);
        let csv = "code,msg\n401,402\n";
        world
            .backend
            .on("/export")
            .answer(Canned::status(200).body("text/csv", csv));
        let text = "{\"code\": 401 is what this text begins with";
        world
            .backend
            .on("/motd")
            .answer(Canned::status(200).body("text/plain", text));
        assert_eq!(world.api.export().await.expect("bytes as they came"), csv);
        assert_eq!(world.api.motd().await.expect("text as it came"), text);
        let record = world.backend.ledger().read();
        assert_eq!(record.refreshes(), 0);
        assert!(world.session.tokens().is_some());
    });
}

scenario!(unsent_refresh_without_a_body_is_not_sent);
fn unsent_refresh_without_a_body_is_not_sent() {
    run(async {
        // The refresh token is a query parameter: there is no body that could tell when it leaves.
        let backend = Backend::plan(Convention::Envelope { refusals: 400 }).start();
        let pair = backend.sign_in("ada");
        let clock = Hands::new();
        let session = Session::builder()
            .clock(clock.clone())
            .reuse(Reuse::Never)
            .tokens(tokens(&pair))
            .build()
            .expect("the options fit together");
        let names = Names::new();
        let resolver = names.clone();
        let api = EnvelopeApiClient::builder()
            .base_url(format!("http://{HOST}:{}", backend.port()))
            .allow_plain_http()
            .http(move |http| http.dns_resolver(Arc::new(resolver.clone())))
            .session(session.clone())
            .build()
            .expect("the client can be built");
        let answer = Gate::closed();
        backend.expire(&pair.access);
        backend.on("/items/1").nth(1).hold(&answer);
        let call = tokio::spawn(api.item(1));
        backend
            .ledger()
            .wait_for("the request", |l| l.sends("/items/1") == 1)
            .await;
        names.lead(Leads::Nowhere);
        answer.open();
        let failed = call.await.expect("the call ends");
        assert!(
            matches!(failed, Err(Error::Refresh(_))),
            "nothing was sent: {failed:?}"
        );

        names.lead(Leads::Home);
        clock.advance_secs(31);
        api.item(2)
            .await
            .expect("the unspent token renews the session");
        assert_eq!(backend.ledger().read().presented(&pair.refresh), 1);
    });
}
