//! Stores that are shared, slow or broken.

use super::*;
use crate::session::{Expected, Lease, Record, StoreError, Swap, TokenStore};

fn sharing(store: &MemoryStore, server: &Server) -> SessionBuilder {
    Session::builder()
        .refresh_with(server.clone())
        .store(store.clone())
        .recheck(Duration::from_nanos(1))
}

#[test]
fn two_handles_of_one_store_make_one_post() {
    runtime().block_on(async {
        let (store, server) = (MemoryStore::new(), Server::new());
        let first = sharing(&store, &server).tokens(pair(1)).build().unwrap();
        let second = sharing(&store, &server).build().unwrap();
        let tickets = (ticket(&first).await, ticket(&second).await);
        let calls = (
            tokio::spawn(call(first.clone(), tickets.0)),
            tokio::spawn(call(second.clone(), tickets.1)),
        );
        server.arrived(1).await;
        settle().await;
        server.answer(Ok(pair(2)));
        assert_eq!(calls.0.await.unwrap().unwrap(), "A2");
        assert_eq!(calls.1.await.unwrap().unwrap(), "A2");
        assert_eq!(server.posts(), 1);
    });
}

#[test]
fn signing_in_and_out_elsewhere_is_seen() {
    runtime().block_on(async {
        let (store, server) = (MemoryStore::new(), Server::new());
        let first = sharing(&store, &server).build().unwrap();
        let second = sharing(&store, &server).build().unwrap();
        let nobody = second.admit(&ask()).await;
        assert!(matches!(
            nobody,
            Err(Denied::Expired(ExpiredReason::NeverSignedIn))
        ));
        first.sign_in(pair(1));
        assert_eq!(
            ticket(&second)
                .await
                .token
                .unwrap()
                .credential
                .secret()
                .expose(),
            "A1"
        );
        first.sign_out();
        settle().await;
        let gone = second.admit(&ask()).await;
        assert!(matches!(
            gone,
            Err(Denied::Expired(ExpiredReason::SignedOut))
        ));
    });
}

/// A store whose writes wait for the test, and may fail.
#[derive(Clone)]
struct Slow {
    store: MemoryStore,
    open: watch::Sender<bool>,
    broken: Arc<AtomicUsize>,
}

impl Slow {
    fn new() -> Self {
        Self {
            store: MemoryStore::new(),
            open: watch::Sender::new(false),
            broken: Arc::default(),
        }
    }

    async fn pass(&self) -> Result<(), StoreError> {
        self.open.subscribe().wait_for(|open| *open).await.unwrap();
        match self.broken.load(Ordering::SeqCst) {
            0 => Ok(()),
            left => {
                self.broken.store(left - 1, Ordering::SeqCst);
                Err(StoreError::new("disk full"))
            }
        }
    }
}

impl TokenStore for Slow {
    fn load(&self) -> BoxFuture<'_, Result<Option<Record>, StoreError>> {
        self.store.load()
    }

    fn compare_and_swap(
        &self,
        expected: Expected,
        record: Record,
    ) -> BoxFuture<'_, Result<Swap, StoreError>> {
        Box::pin(async move {
            self.pass().await?;
            self.store.compare_and_swap(expected, record).await
        })
    }

    fn lock(&self, lease: Duration) -> BoxFuture<'_, Result<Lease, StoreError>> {
        self.store.lock(lease)
    }

    fn clear(&self, version: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(async move {
            self.pass().await?;
            self.store.clear(version).await
        })
    }
}

#[test]
fn close_waits_for_the_store() {
    runtime().block_on(async {
        let (store, server) = (Slow::new(), Server::new());
        let session = builder(&server).store(store.clone()).build().unwrap();
        let closing = tokio::spawn({
            let session = session.clone();
            async move { session.close().await }
        });
        settle().await;
        assert!(!closing.is_finished());
        store.open.send_replace(true);
        closing.await.unwrap();
        assert!(store.load().await.unwrap().is_some());
        session.sign_out();
        session.close().await;
        assert!(store.load().await.unwrap().is_none());
    });
}

#[test]
fn a_flight_waits_for_the_sign_in_to_be_written() {
    runtime().block_on(async {
        let (store, server) = (Slow::new(), Server::new());
        let session = builder(&server).store(store.clone()).build().unwrap();
        let waiter = tokio::spawn(call(session.clone(), ticket(&session).await));
        settle().await;
        assert_eq!(server.posts(), 0);
        store.open.send_replace(true);
        server.arrived(1).await;
        server.answer(Ok(pair(2)));
        assert_eq!(waiter.await.unwrap().unwrap(), "A2");
    });
}

#[test]
fn what_fails_is_repeated() {
    runtime().block_on(async {
        let (store, server, hands) = (Slow::new(), Server::new(), Hands::new());
        store.broken.store(3, Ordering::SeqCst);
        store.open.send_replace(true);
        let session = builder(&server)
            .clock(hands.clone())
            .store(store.clone())
            .build()
            .unwrap();
        for _ in 0..3 {
            settle().await;
            hands.advance(30);
        }
        session.close().await;
        assert!(store.load().await.unwrap().is_some());
    });
}

#[test]
fn a_lease_lapses_and_is_given_back_only_by_its_holder() {
    runtime().block_on(async {
        let hands = Hands::new();
        let store = MemoryStore::with_clock(hands.clone());
        let lease = Duration::from_secs(10);
        let first = store.lock(lease).await.unwrap();
        let waiting = tokio::spawn({
            let store = store.clone();
            async move { store.lock(lease).await.unwrap() }
        });
        settle().await;
        assert!(!waiting.is_finished());
        hands.advance(10);
        let second = waiting.await.unwrap();
        drop(first);
        let third = tokio::spawn(async move { store.lock(lease).await.unwrap() });
        settle().await;
        assert!(!third.is_finished());
        drop(second);
        drop(third.await.unwrap());
    });
}
