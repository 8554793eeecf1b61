//! Two sessions over one store, as two processes would have it.

use crate::shop::{ShopApiClient, access, client, over};
use perennial::{
    BoxFuture, Error, Expected, ExpiredReason, Lease, MemoryStore, Record, Session, StoreError,
    Swap, TokenStore,
};
use perennial_tests::backend::{OnReuse, Verdict};
use perennial_tests::clock::Hands;
use perennial_tests::{Backend, Convention, run, scenario};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A store that tells nobody of changes, as a file on another machine does not.
#[derive(Clone)]
struct Far {
    store: MemoryStore,
    /// What the next look finds, in place of what is there.
    stale: Arc<Mutex<Option<Record>>>,
    /// An older version of the program: it takes no lock and leaves no marker.
    careless: bool,
}

impl Far {
    fn new(store: &MemoryStore, careless: bool) -> Self {
        Self {
            store: store.clone(),
            stale: Arc::default(),
            careless,
        }
    }
}

impl TokenStore for Far {
    fn load(&self) -> BoxFuture<'_, Result<Option<Record>, StoreError>> {
        let stale = self.stale.lock().expect("nothing panics here").take();
        match stale {
            Some(record) => Box::pin(std::future::ready(Ok(Some(record)))),
            None => self.store.load(),
        }
    }

    fn compare_and_swap(
        &self,
        expected: Expected,
        record: Record,
    ) -> BoxFuture<'_, Result<Swap, StoreError>> {
        match (self.careless, expected) {
            (true, Expected::Version(version)) => {
                Box::pin(std::future::ready(Ok(Swap::Done(version))))
            }
            _ => self.store.compare_and_swap(expected, record),
        }
    }

    fn lock(&self, lease: Duration) -> BoxFuture<'_, Result<Lease, StoreError>> {
        match self.careless {
            true => Box::pin(std::future::ready(Ok(Lease::new(())))),
            false => self.store.lock(lease),
        }
    }

    fn clear(&self, version: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        self.store.clear(version)
    }
}

/// One process: a session over the store, and its client.
fn process(backend: &Backend, clock: &Hands, store: impl TokenStore) -> (Session, ShopApiClient) {
    let session = over(store, clock);
    let shop = client(backend, &session);
    (session, shop)
}

scenario!(b22_the_loser_reads_before_it_believes, generated memory only: "the store between the two is the test's own");
fn b22_the_loser_reads_before_it_believes() {
    run(async {
        // This server refuses a spent token, and keeps its successor alive.
        let plan = Backend::plan(Convention::OAuth2).on_reuse(OnReuse::Reject);
        let backend = plan.start();
        let (clock, store) = (Hands::new(), MemoryStore::with_clock(Hands::new()));
        let far = Far::new(&store, true);
        let (p, shop_p) = process(&backend, &clock, store.clone());
        let (q, shop_q) = process(&backend, &clock, far.clone());
        p.sign_in(backend.sign_in("ada"));
        p.close().await;
        for shop in [&shop_p, &shop_q] {
            shop.item(1).await.expect("both have A1");
        }
        let before = store.load().await.expect("memory can be read");

        // p refreshes; q has R1 in memory, holds no lock, and posts it.
        backend.expire_all();
        shop_p.item(1).await.expect("p has A2");
        *far.stale.lock().unwrap() = before;
        shop_q.item(1).await.expect("q finds R2 and goes on");
        let ledger = backend.ledger();
        assert_eq!(ledger.read().verdicts(), [Verdict::Rotated, Verdict::Stale]);
        assert_eq!(access(&q), access(&p), "q has adopted A2");
        for shop in [&shop_p, &shop_q] {
            shop.item(2).await.expect("both are served");
        }
        assert_eq!(
            ledger.read().refreshes(),
            2,
            "two in all, by q none after that"
        );

        // Only a store that still holds the very token that was rejected is cleared.
        backend.revoke("ada");
        match shop_q.item(1).await {
            Err(Error::SessionExpired(over)) => assert_eq!(over.reason(), ExpiredReason::Rejected),
            other => panic!("R2 is dead, and nobody has another: {other:?}"),
        }
        q.close().await;
        assert!(store.load().await.expect("memory can be read").is_none());
        assert_eq!(ledger.read().refreshes(), 3);
    });
}

scenario!(b23_a_session_left_open_for_days, generated memory only: "the store between the two is the test's own");
fn b23_a_session_left_open_for_days() {
    run(async {
        let backend = Backend::start();
        let (clock, store) = (Hands::new(), MemoryStore::with_clock(Hands::new()));
        let (p, shop_p) = process(&backend, &clock, Far::new(&store, false));
        let (q, shop_q) = process(&backend, &clock, Far::new(&store, false));
        q.sign_in(backend.sign_in("ada"));
        q.close().await;
        shop_p.item(1).await.expect("Monday: p loads A1");
        let monday = access(&p);
        for _ in 0..2 {
            clock.advance_secs(2 * 24 * 3600);
            backend.expire_all();
            shop_q.item(2).await.expect("over the week: q rotates");
        }
        let ledger = backend.ledger();
        assert_eq!(ledger.read().refreshes(), 2);
        assert_eq!(access(&p), monday, "nobody has told p");

        shop_p
            .item(1)
            .await
            .expect("Friday: p adopts A3 and replays");
        let record = ledger.read();
        assert_eq!(record.refreshes(), 2, "none by p");
        assert_eq!(access(&p), access(&q));
        let last = &record.rotations[1].access;
        assert_eq!(record.tokens("/items/1").last(), Some(&last.as_str()));
    });
}
