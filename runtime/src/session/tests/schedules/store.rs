//! A store that takes its time, before and after.

use super::executor::Executor;
use crate::session::{
    BoxFuture, Expected, Lease, MemoryStore, Record, StoreError, Swap, TokenStore,
};
use std::time::Duration;

#[derive(Clone)]
pub(super) struct Slow {
    pub(super) inner: MemoryStore,
    pub(super) executor: Executor,
    /// How many operations in a hundred fail, done or not.
    pub(super) fails: usize,
}

impl Slow {
    fn note(&self, what: impl FnOnce() -> String) {
        self.executor.note(|| format!("store: {}", what()));
    }

    async fn take<T>(
        &self,
        operation: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.executor.dawdle().await;
        let (fails, done) = (self.executor.bad_luck(self.fails), self.executor.below(2));
        if fails && done == 0 {
            return Err(StoreError::new("a store that fails"));
        }
        let result = operation.await;
        self.executor.dawdle().await;
        match fails {
            true => Err(StoreError::new("a store that fails when it is done")),
            false => result,
        }
    }
}

impl TokenStore for Slow {
    fn load(&self) -> BoxFuture<'_, Result<Option<Record>, StoreError>> {
        Box::pin(self.take(self.inner.load()))
    }

    fn compare_and_swap(
        &self,
        expected: Expected,
        record: Record,
    ) -> BoxFuture<'_, Result<Swap, StoreError>> {
        let (who, which) = (record.sign_in(), record.serial);
        let swap = async move {
            let done = self.inner.compare_and_swap(expected, record).await;
            self.note(|| format!("{who:?} {which:?} over {expected:?}: {done:?}"));
            done
        };
        Box::pin(self.take(swap))
    }

    fn lock(&self, lease: Duration) -> BoxFuture<'_, Result<Lease, StoreError>> {
        Box::pin(self.take(self.inner.lock(lease)))
    }

    fn clear(&self, version: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        let clear = async move {
            let done = self.inner.clear(version).await;
            self.note(|| format!("nothing over version {version}: {done:?}"));
            done
        };
        Box::pin(self.take(clear))
    }

    fn watch(&self) -> Option<BoxFuture<'static, ()>> {
        self.inner.watch()
    }
}
