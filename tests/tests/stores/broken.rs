//! Stores that break one promise each, and what the suite says of them.

use perennial::testing::store_conformance;
use perennial::{BoxFuture, Expected, Lease, MemoryStore, Record, StoreError, Swap, TokenStore};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// What is broken.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    /// A write takes place whatever is held.
    WritesBlindly,
    /// The comparison and the write are two steps.
    TwoSteps,
    /// A record that is cleared takes the last version with it.
    ForgetsVersions,
    /// A clear looks at no version.
    ClearsBlindly,
    /// A clear of nothing says that it did.
    ClearsNothing,
    /// Everybody is granted the lock.
    NoLock,
    /// The lock is each handle's own.
    LockByHandle,
    /// A lease never lapses.
    ForEver,
    /// The watch never ends.
    Blind,
    /// An error prints the record that could not be written.
    Talkative,
    /// The access tokens' own members are dropped.
    Forgetful,
}

struct Place {
    store: MemoryStore,
    shift: Mutex<u64>,
}

struct Broken {
    fault: Fault,
    place: Arc<Place>,
    own: MemoryStore,
}

impl Broken {
    async fn shifted(&self, record: Option<Record>) -> Option<Record> {
        let shift = *self.place.shift.lock().await;
        record.map(|record| {
            let version = record.version() - shift;
            record.with_version(version)
        })
    }

    async fn write(&self, expected: Expected, record: Record) -> Result<Swap, StoreError> {
        let shift = *self.place.shift.lock().await;
        let expected = match expected {
            Expected::Version(version) => Expected::Version(version.saturating_add(shift)),
            other => other,
        };
        match self.place.store.compare_and_swap(expected, record).await? {
            Swap::Done(version) => Ok(Swap::Done(version - shift)),
            other => Ok(other),
        }
    }
}

impl TokenStore for Broken {
    fn load(&self) -> BoxFuture<'_, Result<Option<Record>, StoreError>> {
        Box::pin(async move {
            let record = self.place.store.load().await?;
            Ok(self.shifted(record).await)
        })
    }

    fn compare_and_swap(
        &self,
        expected: Expected,
        record: Record,
    ) -> BoxFuture<'_, Result<Swap, StoreError>> {
        Box::pin(async move {
            match (self.fault, expected) {
                (Fault::WritesBlindly, _) => self.write(Expected::Anything, record).await,
                (Fault::TwoSteps, Expected::Version(version)) => {
                    let held = self.load().await?;
                    if held.is_none_or(|held| held.version() != version) {
                        return Ok(Swap::Lost);
                    }
                    tokio::task::yield_now().await;
                    self.write(Expected::Anything, record).await
                }
                (Fault::Talkative, Expected::Version(_)) => {
                    let text = String::from_utf8_lossy(&record.encode()).into_owned();
                    Err(StoreError::because("cannot write", text))
                }
                (Fault::Forgetful, _) => {
                    let text =
                        String::from_utf8_lossy(&record.encode()).replace("lifetime_ns", "life");
                    self.write(expected, Record::decode(text.as_bytes())?).await
                }
                _ => self.write(expected, record).await,
            }
        })
    }

    fn lock(&self, lease: Duration) -> BoxFuture<'_, Result<Lease, StoreError>> {
        match self.fault {
            Fault::NoLock => Box::pin(async { Ok(Lease::new(())) }),
            Fault::LockByHandle => self.own.lock(lease),
            Fault::ForEver => self.place.store.lock(Duration::from_secs(600)),
            _ => self.place.store.lock(lease),
        }
    }

    fn clear(&self, version: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(async move {
            let Some(held) = self.load().await? else {
                return Ok(self.fault == Fault::ClearsNothing);
            };
            if held.version() != version && self.fault != Fault::ClearsBlindly {
                return Ok(false);
            }
            let shift = *self.place.shift.lock().await;
            let cleared = self.place.store.clear(held.version() + shift).await?;
            if self.fault == Fault::ForgetsVersions {
                *self.place.shift.lock().await = held.version() + shift;
            }
            Ok(cleared)
        })
    }

    fn watch(&self) -> Option<BoxFuture<'static, ()>> {
        match self.fault {
            Fault::Blind => Some(Box::pin(std::future::pending())),
            _ => self.place.store.watch(),
        }
    }
}

/// What the suite says.
async fn verdict(fault: Fault) -> String {
    let place = Arc::new(Place {
        store: MemoryStore::new(),
        shift: Mutex::new(0),
    });
    let suite = tokio::spawn(async move {
        store_conformance(|| async {
            Broken {
                fault,
                place: place.clone(),
                own: MemoryStore::new(),
            }
        })
        .await;
    });
    let panic = suite.await.expect_err("it is found out").into_panic();
    *panic.downcast::<String>().expect("it says what it found")
}

async fn check(fault: Fault, expected: &[&str]) {
    let said = verdict(fault).await;
    for part in expected {
        assert!(said.contains(part), "{said}");
    }
    assert!(!said.contains("not-to-be-shown"), "{said}");
}

#[tokio::test]
async fn a_write_that_compares_nothing() {
    let expected = [
        "an empty place",
        "expected a write by version to be lost where nothing is held, found Done(1)",
    ];
    check(Fault::WritesBlindly, &expected).await;
}

#[tokio::test]
async fn a_comparison_apart_from_its_write() {
    let expected = ["many writers", "no update of many writers to be lost"];
    check(Fault::TwoSteps, &expected).await;
}

#[tokio::test]
async fn versions_that_begin_again() {
    let expected = ["each version to be higher than any before, over clears, too"];
    check(Fault::ForgetsVersions, &expected).await;
}

#[tokio::test]
async fn clears_of_whatever_is_there() {
    check(Fault::ClearsBlindly, &["a clear by version", "say false"]).await;
    check(Fault::ClearsNothing, &["a clear of nothing to say false"]).await;
}

#[tokio::test]
async fn locks_that_exclude_nobody() {
    let expected = ["the lock between handles", "refused to a second handle"];
    check(Fault::NoLock, &expected).await;
    check(Fault::LockByHandle, &expected).await;
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_never_lapses() {
    let expected = ["a lease that lapses", "found a store that waits"];
    check(Fault::ForEver, &expected).await;
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_sees_nothing() {
    let expected = ["the watch", "the watch to end at a write"];
    check(Fault::Blind, &expected).await;
}

#[tokio::test]
async fn an_error_that_shows_a_token() {
    let expected = ["errors without secrets", "`compare_and_swap`"];
    check(Fault::Talkative, &expected).await;
}

#[tokio::test]
async fn a_record_that_loses_a_member() {
    check(Fault::Forgetful, &["the record as it was written"]).await;
}
