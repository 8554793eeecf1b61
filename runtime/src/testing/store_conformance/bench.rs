//! Three handles onto one place, and their methods with everything unexpected put into words.

use super::sample::SECRET;
use crate::{Expected, Lease, Record, StoreError, Swap, TokenStore};
use std::{error::Error, sync::Arc, time::Duration};

/// Nothing, or what was expected and what was found.
pub(super) type Outcome<T = ()> = Result<T, String>;

#[derive(Clone)]
pub(super) struct Handle(Arc<dyn TokenStore>);

pub(super) struct Bench {
    pub(super) one: Handle,
    pub(super) two: Handle,
    pub(super) three: Handle,
}

impl Bench {
    pub(super) fn new(
        one: Arc<dyn TokenStore>,
        two: Arc<dyn TokenStore>,
        three: Arc<dyn TokenStore>,
    ) -> Self {
        let [one, two, three] = [one, two, three].map(Handle);
        Self { one, two, three }
    }

    /// Leaves the place empty, as the next check expects it.
    pub(super) async fn tidy(&self) -> Outcome {
        while let Some(held) = self.one.load().await? {
            self.one.clear(held.version()).await?;
        }
        Ok(())
    }
}

impl Handle {
    pub(super) async fn load(&self) -> Outcome<Option<Record>> {
        self.0.load().await.map_err(|error| said("load", &error))
    }

    /// The record that must be there.
    pub(super) async fn held(&self) -> Outcome<Record> {
        self.load()
            .await?
            .ok_or_else(|| "expected the record that was written, found none".to_owned())
    }

    pub(super) async fn swap(&self, expected: Expected, record: Record) -> Outcome<Swap> {
        let swap = self.0.compare_and_swap(expected, record).await;
        swap.map_err(|error| said("compare_and_swap", &error))
    }

    /// The version of a write that must be done.
    pub(super) async fn write(&self, expected: Expected, record: Record) -> Outcome<u64> {
        match self.swap(expected, record).await? {
            Swap::Done(version) => Ok(version),
            Swap::Lost => Err(format!(
                "expected a write that expects {expected:?} to be done, found it lost"
            )),
        }
    }

    pub(super) async fn clear(&self, version: u64) -> Outcome<bool> {
        let cleared = self.0.clear(version).await;
        cleared.map_err(|error| said("clear", &error))
    }

    pub(super) async fn lock(&self, lease: Duration) -> Outcome<Lease> {
        self.0
            .lock(lease)
            .await
            .map_err(|error| said("lock", &error))
    }

    pub(super) fn watch(&self) -> Option<crate::BoxFuture<'static, ()>> {
        self.0.watch()
    }
}

/// An error in words, unless it shows what it must not.
fn said(method: &str, error: &StoreError) -> String {
    let mut chain = error.to_string();
    let mut shown = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(cause) = source {
        chain = format!("{chain}: {cause}");
        shown = format!("{shown} {cause} {cause:?}");
        source = cause.source();
    }
    if shown.contains(SECRET) {
        return format!("expected errors without secrets, found a token in one of `{method}`");
    }
    format!("expected `{method}` to work, found the error: {chain}")
}

/// `expected`, or what was found in its place.
pub(super) fn expect(holds: bool, expected: &str, found: impl FnOnce() -> String) -> Outcome {
    match holds {
        true => Ok(()),
        false => Err(format!("expected {expected}, found {}", found())),
    }
}
