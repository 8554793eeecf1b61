//! A store of one's own: a session in a row of a table, in fewer than 60 lines.
//!
//! The table is one in memory here, behind a mutex; the comments say what a database would be
//! asked. Clones of the store stand for other processes. A test of yours would run
//! `perennial::testing::store_conformance(|| async { store.clone() }).await`.

// The store begins here.
use perennial::{BoxFuture, Expected, Lease, Record, StoreError, Swap, TokenStore};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A row of `sessions (content, version, held_until)`.
#[derive(Default)]
struct Row {
    content: Option<Vec<u8>>,
    version: u64,
    held_until: Option<Instant>,
}

#[derive(Clone, Default)]
pub(crate) struct RowStore(Arc<Mutex<Row>>);

type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

impl TokenStore for RowStore {
    fn load(&self) -> Answer<'_, Option<Record>> {
        let content = self.0.lock().unwrap().content.clone(); // SELECT content
        Box::pin(async move { content.as_deref().map(Record::decode).transpose() })
    }

    fn compare_and_swap(&self, expected: Expected, record: Record) -> Answer<'_, Swap> {
        let mut row = self.0.lock().unwrap(); // UPDATE … WHERE content IS NOT NULL AND version = …
        if matches!(expected, Expected::Version(at) if row.content.is_none() || row.version != at) {
            return Box::pin(async { Ok(Swap::Lost) });
        }
        row.version += 1; // The row stays without content, so that versions only grow.
        row.content = Some(record.with_version(row.version).encode().to_vec());
        let done = Swap::Done(row.version);
        Box::pin(async move { Ok(done) })
    }

    fn lock(&self, lease: Duration) -> Answer<'_, Lease> {
        let take = move || {
            let mut row = self.0.lock().unwrap(); // UPDATE … WHERE held_until <= now()
            let (now, until) = (Instant::now(), Instant::now() + lease);
            let free = row.held_until.is_none_or(|held| held <= now);
            free.then(|| {
                row.held_until = Some(until);
                Lease::new(Held(self.clone(), until))
            })
        };
        Box::pin(async move {
            loop {
                if let Some(lease) = take() {
                    return Ok(lease);
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
    }

    fn clear(&self, version: u64) -> Answer<'_, bool> {
        let mut row = self.0.lock().unwrap(); // UPDATE SET content = NULL WHERE version = …
        let cleared = row.version == version && row.content.take().is_some();
        Box::pin(async move { Ok(cleared) })
    }
}

/// Gives the lock back, unless its lease has lapsed and someone else has it.
struct Held(RowStore, Instant);

impl Drop for Held {
    fn drop(&mut self) {
        let mut row = self.0.0.lock().unwrap(); // UPDATE SET held_until = NULL WHERE held_until = …
        row.held_until = row.held_until.filter(|held| *held != self.1);
    }
}
// The store ends here.

use perennial::{Session, Tokens};

#[tokio::main]
async fn main() -> perennial::Result<()> {
    let store = RowStore::default();
    let here = Session::builder().store(store.clone()).build()?;
    here.sign_in(Tokens::new("access").refresh_token("refresh"));
    here.close().await;
    let held = store.load().await.ok().flatten();
    println!(
        "the row holds version {:?}",
        held.map(|held| held.version())
    );
    Ok(())
}
