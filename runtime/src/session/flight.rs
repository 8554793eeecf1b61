//! A flight's task: does what the machine says, and tells it what happened.

use super::{
    Gate, GateClosed, RefreshAsk, StoreError,
    grant::Grant,
    machine::{FlightId, Input, Step},
    shell::Shared,
    store::{Expected, Lease},
};
use crate::{RefreshFailure, Tokens};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::task::yield_now;
use tracing::Instrument;

/// Settles the flight if its task is dropped or panics (rule 7).
pub(super) struct Guard {
    shared: Arc<Shared>,
    id: FlightId,
}

impl Guard {
    pub(super) fn new(shared: Arc<Shared>, id: FlightId) -> Self {
        Self { shared, id }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let now = self.shared.now();
        self.shared.step(|machine| machine.abandon(self.id, &now));
        self.shared.grant.calm.notify_waiters();
    }
}

/// Rule 4, from lock to settlement. The guard is made before the task is spawned, so that a
/// spawner which drops the task settles the flight, too.
pub(super) async fn fly(guard: Guard) {
    let (shared, id) = (&guard.shared, guard.id);
    let mut lease = None;
    let mut input = Input::Begin;
    loop {
        let now = shared.now();
        let step = shared.step(|machine| machine.advance(id, input, &now));
        input = match step {
            Step::Done => break,
            Step::Settle { until } => {
                match shared.grant.by(until, shared.grant.no_chores()).await {
                    Some(()) => Input::Settled,
                    // What is to be written first was not, and the store may have said why.
                    None => shared
                        .grant
                        .desk(|desk| desk.failure.clone())
                        .map_or(Input::Late, Input::Broken),
                }
            }
            Step::Lock { until } => {
                let locked = shared
                    .grant
                    .by(until, shared.grant.store.lock(shared.grant.options.lease))
                    .await;
                reported(locked, |granted| {
                    lease = Some(granted);
                    Input::Locked
                })
            }
            Step::Load { until } => reported(
                shared.grant.by(until, shared.grant.store.load()).await,
                Input::Loaded,
            ),
            Step::Swap {
                expected,
                record,
                until,
            } => {
                // Versions start at one: nothing was there, and only who has the lock writes.
                let expected = match expected {
                    0 => Expected::Anything,
                    version => Expected::Version(version),
                };
                let swap = shared.grant.store.compare_and_swap(expected, record);
                reported(shared.grant.by(until, swap).await, Input::Swapped)
            }
            Step::Pause { until } => {
                drop(lease.take());
                shared.clock.sleep_until(until).await;
                Input::Begin
            }
            Step::Post {
                token,
                timeout,
                until,
            } => {
                let open = Open::default();
                let gate = shared.gate(id, &open);
                let ask = RefreshAsk::new(token, gate, timeout).for_partition(&shared.partition);
                let span = tracing::debug_span!(
                    target: "perennial::session",
                    "refresh",
                    otel.kind = "client",
                    flight = id.0,
                );
                let posting = shared.post(ask).instrument(span);
                match shared.grant.by(until, posting).await {
                    Some(answer) => Input::Answered(answer),
                    None => Input::Late,
                }
            }
        };
    }
    // What became of the marker is written before someone else gets the lock, if it can be.
    shared.grant.work();
    drop::<Option<Lease>>(lease);
}

fn reported<T>(outcome: Option<Result<T, StoreError>>, then: impl FnOnce(T) -> Input) -> Input {
    match outcome {
        Some(Ok(value)) => then(value),
        Some(Err(error)) => {
            // Not every flight ends by it, and then no call is told.
            tracing::warn!(%error, "session: the store failed a refresh");
            Input::Broken(error)
        }
        None => Input::Late,
    }
}

impl Shared {
    async fn post(&self, ask: RefreshAsk) -> Result<Tokens, RefreshFailure> {
        match self.grant.refresher() {
            Some(refresher) => refresher.refresh(ask).await,
            None => Err(RefreshFailure::not_sent("the session has no refresher")),
        }
    }

    fn gate(self: &Arc<Self>, id: FlightId, open: &Open) -> Gate {
        let (shared, open) = (self.clone(), open.0.clone());
        Gate::new(move || {
            if !open.load(Ordering::SeqCst) {
                return Err(GateClosed::Late);
            }
            let now = shared.now();
            shared.step(|machine| machine.gate(id, &now))
        })
    }
}

/// Closes the gate of a POST that has ended, however it did: the flight may make another one, and
/// whoever kept the gate of the first must not pass for that.
struct Open(Arc<AtomicBool>);

impl Default for Open {
    fn default() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

impl Grant {
    /// Waits until nothing is left to write.
    pub(super) async fn no_chores(self: &Arc<Self>) {
        loop {
            let calm = self.calm.notified();
            self.work();
            if self.desk(|desk| desk.chores.is_empty()) {
                return;
            }
            calm.await;
            // A runtime that shuts down drops what is started on it at once. Without a pause this
            // would start it again and again, and the shutdown would wait for it.
            yield_now().await;
        }
    }
}
