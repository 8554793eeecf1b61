//! A store that tells of changes while this process writes to it.

use super::*;
use crate::session::{
    StoreError,
    store::{Expected, Lease, Record, Swap, TokenStore},
};
use std::task::{Context, Waker};

/// A store that writes at once, and says so when the test lets it.
#[derive(Clone)]
struct Late {
    store: MemoryStore,
    open: watch::Sender<bool>,
}

impl TokenStore for Late {
    fn load(&self) -> BoxFuture<'_, Result<Option<Record>, StoreError>> {
        self.store.load()
    }

    fn compare_and_swap(
        &self,
        expected: Expected,
        record: Record,
    ) -> BoxFuture<'_, Result<Swap, StoreError>> {
        Box::pin(async move {
            let swap = self.store.compare_and_swap(expected, record).await;
            self.open.subscribe().wait_for(|open| *open).await.unwrap();
            swap
        })
    }

    fn lock(&self, lease: Duration) -> BoxFuture<'_, Result<Lease, StoreError>> {
        self.store.lock(lease)
    }

    fn clear(&self, version: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        self.store.clear(version)
    }

    fn watch(&self) -> Option<BoxFuture<'static, ()>> {
        self.store.watch()
    }
}

#[test]
fn a_sign_out_elsewhere_is_seen_though_the_sign_in_here_is_still_written() {
    runtime().block_on(async {
        let store = Late {
            store: MemoryStore::new(),
            open: watch::Sender::new(false),
        };
        let session = builder(&Server::new()).store(store.clone());
        let session = session.build().unwrap();
        session.load().await.unwrap();
        settle().await;
        let written = store.load().await.unwrap().unwrap();
        assert!(store.clear(written.version()).await.unwrap());
        settle().await;
        // What is still to be written may be newer than what the store holds.
        assert!(session.tokens().is_some());
        store.open.send_replace(true);
        settle().await;
        assert!(session.tokens().is_none());
    });
}

/// A runtime that shuts down: what is started on it is dropped.
struct Gone;

impl Spawner for Gone {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        drop(task);
    }
}

#[test]
fn whoever_waits_for_a_writer_that_cannot_be_started_lets_its_runtime_go() {
    let (told, heard) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let store = Late {
            store: MemoryStore::new(),
            open: watch::Sender::new(true),
        };
        let session = builder(&Server::new()).store(store).spawner(Gone);
        let session = session.build().unwrap();
        let mut context = Context::from_waker(Waker::noop());
        let close = std::pin::pin!(session.close());
        told.send(close.poll(&mut context).is_pending())
    });
    assert_eq!(heard.recv_timeout(Duration::from_secs(10)), Ok(true));
}
