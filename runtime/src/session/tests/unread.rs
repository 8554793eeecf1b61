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
    asked: Arc<AtomicUsize>,
}

impl Shaky {
    async fn pass(&self) -> Result<(), StoreError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
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

fn over(store: &Shaky, hands: &Hands) -> Session {
    let builder = Session::builder().clock(hands.clone());
    builder.store(store.clone()).build().unwrap()
}

fn optional() -> Ask {
    Ask {
        optional: true,
        ..ask()
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

#[test]
fn whoever_cannot_ask_does_not_say_that_nobody_has_signed_in() {
    runtime().block_on(async {
        let (store, hands) = (Shaky::default(), Hands::new());
        store.fails.store(true, Ordering::SeqCst);
        let session = over(&store, &hands);
        let said = (RefreshErrorKind::Store, "no such host".to_owned());
        assert_eq!(blamed(session.admit(&ask()).await), said);
        settle().await;
        // It is asked again once `recheck` is over; until then the answer is the same.
        let asked = store.asked.load(Ordering::SeqCst);
        assert_eq!(blamed(session.admit(&ask()).await), said);
        assert_eq!(blamed(session.admit(&optional()).await), said);
        assert_eq!(store.asked.load(Ordering::SeqCst), asked);
        hands.advance(1);
        assert_eq!(blamed(session.admit(&ask()).await), said);
        assert_eq!(store.asked.load(Ordering::SeqCst), asked + 1);

        // A look that succeeds counts at once.
        store.fails.store(false, Ordering::SeqCst);
        assert_eq!(session.load().await.unwrap(), SessionState::SignedOut);
        let nobody = session.admit(&ask()).await;
        assert!(matches!(
            nobody,
            Err(Denied::Expired(ExpiredReason::NeverSignedIn))
        ));
        let bare = session.admit(&optional()).await;
        assert!(matches!(bare, Ok(Admission::Bare)));

        // And so does one that fails.
        store.fails.store(true, Ordering::SeqCst);
        assert!(session.load().await.is_err());
        assert_eq!(blamed(session.admit(&ask()).await), said);
    });
}

#[test]
fn the_next_call_after_the_store_is_back_is_served() {
    runtime().block_on(async {
        let (store, hands) = (Shaky::default(), Hands::new());
        over(&store, &hands).sign_in(pair(1));
        settle().await;
        store.fails.store(true, Ordering::SeqCst);
        let session = over(&store, &hands);
        blamed(session.admit(&ask()).await);
        store.fails.store(false, Ordering::SeqCst);
        hands.advance(1);
        let token = ticket(&session).await.token.unwrap();
        assert_eq!(token.credential.secret().expose(), "A1");
    });
}

#[test]
fn who_signed_out_knows_it_without_the_store() {
    runtime().block_on(async {
        let (store, hands) = (Shaky::default(), Hands::new());
        let session = over(&store, &hands);
        session.sign_in(pair(1));
        session.sign_out();
        session.close().await;
        store.fails.store(true, Ordering::SeqCst);
        hands.advance(1);
        let over = session.admit(&ask()).await;
        assert!(matches!(
            over,
            Err(Denied::Expired(ExpiredReason::SignedOut))
        ));
        let bare = session.admit(&optional()).await;
        assert!(matches!(bare, Ok(Admission::Bare)));
    });
}

#[test]
fn a_store_that_does_not_answer_is_one_that_fails() {
    runtime().block_on(async {
        let (store, hands) = (Shaky::default(), Hands::new());
        store.silent.store(true, Ordering::SeqCst);
        let session = over(&store, &hands);
        let calls = [(), ()].map(|()| {
            let session = session.clone();
            tokio::spawn(async move { session.admit(&ask()).await })
        });
        settle().await;
        hands.advance(5);
        let said = "the store does not answer within 5s".to_owned();
        for call in calls {
            let blamed = blamed(call.await.unwrap());
            assert_eq!(blamed, (RefreshErrorKind::Store, said.clone()));
        }
    });
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
