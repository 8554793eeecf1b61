//! Two audiences under one refresh token.

use crate::shop::{WAIT, access, client, join};
use perennial::{
    BoxFuture, OAuth2Tokens, RefreshAsk, RefreshFailure, Refresher, Refused, Session, Tokens,
};
use perennial_tests::backend::{Request, Verdict};
use perennial_tests::clock::Hands;
use perennial_tests::world::stored;
use perennial_tests::{Backend, Convention, Gate, REFRESH, run, scenario};

/// Asks the token endpoint for an access token of the partition's audience.
struct ForAudience {
    url: String,
    http: reqwest::Client,
}

impl ForAudience {
    fn new(backend: &Backend) -> Self {
        let http = reqwest::Client::builder().pool_max_idle_per_host(0).build();
        Self {
            url: backend.url() + REFRESH,
            http: http.expect("a client without TLS"),
        }
    }
}

impl Refresher for ForAudience {
    fn refresh(&self, ask: RefreshAsk) -> BoxFuture<'static, Result<Tokens, RefreshFailure>> {
        let token = ask.refresh_token().expose();
        let audience = ask.partition().unwrap_or("none");
        let form = format!("refresh_token={token}&audience={audience}");
        let post = self.http.post(&self.url).body(form);
        Box::pin(async move {
            ask.gate().pass().map_err(RefreshFailure::not_sent)?;
            let answer = post.send().await.map_err(RefreshFailure::unanswered)?;
            if !answer.status().is_success() {
                // `Convention::OAuth2`: the only refusal of this server is a dead token.
                let refused = Refused::new(answer.status());
                return Err(refused.oauth_error("invalid_grant").into());
            }
            let body = answer.bytes().await.map_err(RefreshFailure::unanswered)?;
            let tokens = serde_json::from_slice::<OAuth2Tokens>(&body);
            tokens.map(Tokens::from).map_err(RefreshFailure::unreadable)
        })
    }
}

fn audiences<'a>(posts: impl Iterator<Item = &'a Request>) -> Vec<String> {
    posts
        .map(|post| {
            let form = String::from_utf8_lossy(&post.body).into_owned();
            form.rsplit('=').next().unwrap_or_default().to_owned()
        })
        .collect()
}

scenario!(b03_two_audiences_one_refresh_token, generated only: "each audience has a client of its own");
fn b03_two_audiences_one_refresh_token() {
    // At most one POST in flight per sign-in: R1 for one gives R2, then R2 for the other gives R3.
    run(async {
        let backend = Backend::plan(Convention::OAuth2).start();
        let pair = backend.sign_in("ada");
        let clock = Hands::new();
        let session = stored(Session::builder())
            .clock(clock.clone())
            .waiter_timeout(WAIT)
            .refresh_with(ForAudience::new(&backend))
            .tokens(&pair)
            .build()
            .expect("the options fit together");
        let (x, y) = (session.partition("X"), session.partition("Y"));
        let (shop_x, shop_y) = (client(&backend, &x), client(&backend, &y));
        shop_x.item(1).await.expect("X has an access token");
        shop_y.item(2).await.expect("Y has another");
        let ledger = backend.ledger();
        let before = ledger.read();
        assert_ne!(access(&x), access(&y), "kept apart");
        assert_eq!(audiences(before.to(REFRESH)), ["X", "Y"]);

        // Both expire, and two callers ask in the same instant.
        session.close().await;
        clock.advance_secs(60);
        backend.expire_all();
        let (sent, first) = (Gate::closed(), Gate::closed());
        for path in ["/items/1", "/items/2"] {
            backend.on(path).nth(1).hold(&sent);
        }
        backend.on(REFRESH).nth(1).hold(&first);
        let calls = [tokio::spawn(shop_x.item(1)), tokio::spawn(shop_y.item(2))];
        ledger
            .wait_for("both calls", |l| {
                l.requests.len() == before.requests.len() + 2
            })
            .await;
        sent.open();
        clock.sleepers(WAIT, 2).await;
        ledger.wait_for("one refresh", |l| l.refreshes() == 3).await;
        // While it is not answered the other waits, whatever its audience.
        assert_eq!(ledger.read().rotations.len(), 3);
        first.open();
        for call in calls {
            join(call).await.expect("a 200");
        }
        let record = ledger.read();
        assert_eq!(
            record.verdicts(),
            [Verdict::Rotated; 4],
            "none with a spent token"
        );
        assert_eq!(record.refreshes(), 4);
        let mut asked = audiences(record.to(REFRESH).skip(2));
        asked.sort();
        assert_eq!(asked, ["X", "Y"]);
        let refresh = |session: &Session| {
            let tokens = session.tokens()?;
            Some(tokens.refresh()?.expose().to_owned())
        };
        assert_eq!(refresh(&x), refresh(&y), "one refresh token for both");
        for shop in [&shop_x, &shop_y] {
            shop.item(3).await.expect("still signed in");
        }
        assert_eq!(ledger.read().refreshes(), 4);
    });
}
