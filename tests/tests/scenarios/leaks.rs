//! What must not leave its origin, nor be printed.

use crate::shop::World;
use perennial_tests::{Backend, Canned, run, scenario, tls};

scenario!(https_to_http_same_port, generated only: "redirects are the caller's transport's own, which the guard's docs say");
fn https_to_http_same_port() {
    run(async {
        let backend = Backend::start();
        let address = tls::in_front_of(backend.port()).await;
        let world = World::with(
            backend,
            |session| session,
            |client| {
                client
                    .base_url(format!("https://{address}"))
                    .http(tls::trusting)
            },
        );
        // Host and port stay the same; the scheme does not, and everyone between can read along.
        let plain = format!("http://{address}/open/blob?sig=1");
        world
            .backend
            .on("/items/1")
            .answer(Canned::redirect(307, &plain));
        let echo = world.api.item(1).await.expect("loopback may be plain");
        assert_eq!(echo.path, "/open/blob");
        let record = world.backend.ledger().read();
        assert_eq!(record.tokens("/items/1"), [&world.pair.access]);
        assert_eq!(record.tokens("/open/blob"), ["-"]);
        let hop = record.to("/open/blob").next().expect("one hop");
        for name in ["authorization", "cookie", "referer"] {
            assert!(
                !hop.headers.contains_key(name),
                "`{name}` went in the clear"
            );
        }

        // A refusal on that hop is nothing the session answers to.
        let plain = format!("http://{address}/guarded");
        world
            .backend
            .on("/items/2")
            .answer(Canned::redirect(302, &plain));
        let refused = world.api.item(2).await.expect_err("it wants a token");
        assert_eq!(refused.status().map(|status| status.as_u16()), Some(401));
        let record = world.backend.ledger().read();
        assert_eq!(
            (record.tokens("/guarded"), record.refreshes()),
            (vec!["-"], 0)
        );

        // And a refresh goes over TLS as the calls do.
        world.backend.expire_all();
        world.api.item(3).await.expect("renewed");
        assert_eq!(world.backend.ledger().read().refreshes(), 1);
    });
}
