//! A store that the test can stop at any point, and make fail.

use perennial::testing::{Gate, limit};
use perennial::{BoxFuture, Expected, Lease, Record, StoreError, Swap, TokenStore};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// What a session asks of its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// To read the record.
    Load,
    /// To take the lock.
    Lock,
    /// To write that a refresh token is about to be spent.
    Mark,
    /// To write tokens.
    Persist,
    /// To remove the record.
    Clear,
}

/// Passes everything on to the store behind it, unless it is told otherwise. Clones are one valve.
#[derive(Clone)]
pub struct Valve {
    store: Arc<dyn TokenStore>,
    orders: Arc<Mutex<Vec<(Op, Order)>>>,
    seen: watch::Sender<HashMap<Op, usize>>,
}

#[derive(Clone)]
enum Order {
    Before(Gate),
    After(Gate),
    Fail,
}

impl Valve {
    /// In front of this store.
    #[must_use]
    pub fn new(store: Arc<dyn TokenStore>) -> Self {
        Self {
            store,
            orders: Arc::default(),
            seen: watch::Sender::new(HashMap::new()),
        }
    }

    /// Holds the next such operation before it is done.
    pub fn hold(&self, op: Op, gate: &Gate) {
        self.orders().push((op, Order::Before(gate.clone())));
    }

    /// Does the next such operation, and holds its answer.
    pub fn hold_after(&self, op: Op, gate: &Gate) {
        self.orders().push((op, Order::After(gate.clone())));
    }

    /// Lets the next such operation fail, so many times.
    pub fn fail(&self, op: Op, times: usize) {
        self.orders().extend(vec![(op, Order::Fail); times]);
    }

    /// Lets such operations succeed again.
    pub fn mend(&self, op: Op) {
        let fails = |order: &Order| matches!(order, Order::Fail);
        self.orders()
            .retain(|(of, order)| *of != op || !fails(order));
    }

    /// How many such operations were asked for; one whose answer is held counts once it is done.
    #[must_use]
    pub fn count(&self, op: Op) -> usize {
        self.seen.borrow().get(&op).copied().unwrap_or_default()
    }

    /// Waits until so many such operations were asked for.
    ///
    /// # Panics
    /// When they never are.
    pub async fn reached(&self, op: Op, times: usize) {
        let mut seen = self.seen.subscribe();
        let reached = seen.wait_for(|seen| seen.get(&op).is_some_and(|count| *count >= times));
        match tokio::time::timeout(limit(), reached).await {
            Ok(seen) => drop(seen.expect("the sender is held by `self`")),
            Err(_) => panic!("{op:?} was never asked for {times} times"),
        };
    }

    fn orders(&self) -> MutexGuard<'_, Vec<(Op, Order)>> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn pass<T>(
        &self,
        op: Op,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let order = {
            let mut orders = self.orders();
            let at = orders.iter().position(|(of, _)| *of == op);
            at.map(|at| orders.remove(at).1)
        };
        let count = || {
            self.seen
                .send_modify(|seen| *seen.entry(op).or_default() += 1);
        };
        if !matches!(order, Some(Order::After(_))) {
            count();
        }
        match order {
            None => work.await,
            Some(Order::Fail) => Err(StoreError::new("the disk is full")),
            Some(Order::Before(gate)) => {
                gate.passed().await;
                work.await
            }
            Some(Order::After(gate)) => {
                let done = work.await;
                count();
                gate.passed().await;
                done
            }
        }
    }
}

impl TokenStore for Valve {
    fn load(&self) -> BoxFuture<'_, Result<Option<Record>, StoreError>> {
        Box::pin(self.pass(Op::Load, async { self.store.load().await }))
    }

    fn compare_and_swap(
        &self,
        expected: Expected,
        record: Record,
    ) -> BoxFuture<'_, Result<Swap, StoreError>> {
        let content: serde_json::Value =
            serde_json::from_slice(&record.encode()).expect("a record is JSON");
        let op = match content["marker"].is_null() {
            true => Op::Persist,
            false => Op::Mark,
        };
        // A store may do its work when it is called, and not when it is awaited.
        let swap = async move { self.store.compare_and_swap(expected, record).await };
        Box::pin(self.pass(op, swap))
    }

    fn lock(&self, lease: Duration) -> BoxFuture<'_, Result<Lease, StoreError>> {
        Box::pin(self.pass(Op::Lock, async move { self.store.lock(lease).await }))
    }

    fn clear(&self, version: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(self.pass(Op::Clear, async move { self.store.clear(version).await }))
    }

    fn watch(&self) -> Option<BoxFuture<'static, ()>> {
        self.store.watch()
    }

    fn finish(&self) -> BoxFuture<'_, ()> {
        self.store.finish()
    }

    fn outlives_process(&self) -> bool {
        self.store.outlives_process()
    }
}
