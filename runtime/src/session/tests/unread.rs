//! A store that cannot be asked.

use super::*;
use crate::{
    error::RefreshError,
    session::{Expected, Lease, Record, StoreError, Swap, TokenStore},
};
use std::{error::Error, future::pending, sync::atomic::AtomicBool};

/// A store in memory that fails, or does not answer, while the test says so.
#[derive(Clone, Default)]
struct Shaky {
    store: MemoryStore,
    fails: Arc<AtomicBool>,
    silent: Arc<AtomicBool>,
}

impl Shaky {
    async fn pass(&self) -> Result<(), StoreError> {
        if self.silent.load(Ordering::SeqCst) {
            pending::<()>().await;
        }
        match self.fails.load(Ordering::SeqCst) {
            true => Err(StoreError::new("no such host")),
            false => Ok(()),
        }
    }
}

impl TokenStore for Shaky {
    fn load(&self) -> BoxFuture<'_, Result<Option<Record>, StoreError>> {
        Box::pin(async move {
            self.pass().await?;
            self.store.load().await
        })
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
        self.store.clear(version)
    }
}

/// The kind of an error, and what the store said.
fn blamed<T>(answer: Result<T, Denied>) -> (RefreshErrorKind, String) {
    let Err(Denied::Refresh(error)) = answer else {
        panic!("expected an error of the store")
    };
    let said = stores_own(&error).expect("the store's error");
    (error.kind(), said.to_string())
}

fn stores_own(error: &RefreshError) -> Option<&StoreError> {
    error.source()?.downcast_ref()
}

/// The flight waits for the sign-in to be written, which fails or takes too long all the time.
#[test]
fn a_flight_says_what_keeps_the_sign_in_from_the_store() {
    for silent in [false, true] {
        runtime().block_on(async {
            let (store, server, hands) = (Shaky::default(), Server::new(), Hands::new());
            store.fails.store(!silent, Ordering::SeqCst);
            store.silent.store(silent, Ordering::SeqCst);
            let session = builder(&server).clock(hands.clone()).store(store.clone());
            let session = session.build().unwrap();
            let waiter = tokio::spawn(call(session.clone(), ticket(&session).await));
            for _ in 0..4 {
                settle().await;
                hands.advance(5);
            }
            let said = match silent {
                true => "the store does not answer within 5s",
                false => "no such host",
            };
            let blamed = blamed(waiter.await.unwrap());
            assert_eq!(blamed, (RefreshErrorKind::Store, said.to_owned()));
            assert_eq!(server.posts(), 0);
            assert!(session.tokens().is_some(), "the session is kept");
        });
    }
}
