//! A flight's task: does what the machine says, and tells it what happened.

use super::{
    Gate, RefreshAsk, StoreError,
    machine::{FlightId, Input, Step},
    race::{First, race},
    shell::Shared,
    store::{Expected, Lease},
};
use crate::{RefreshFailure, Tokens};
use std::{sync::Arc, time::Duration};

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
        self.shared.calm.notify_waiters();
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
            Step::Settle { until } => match shared.by(until, shared.no_chores()).await {
                Some(()) => Input::Settled,
                None => Input::Late,
            },
            Step::Lock { until } => {
                let locked = shared
                    .by(until, shared.store.lock(shared.options.lease))
                    .await;
                reported(locked, |granted| {
                    lease = Some(granted);
                    Input::Locked
                })
            }
            Step::Load { until } => {
                reported(shared.by(until, shared.store.load()).await, Input::Loaded)
            }
            Step::Swap {
                expected,
                record,
                until,
            } => {
                let swap = shared
                    .store
                    .compare_and_swap(Expected::Version(expected), record);
                reported(shared.by(until, swap).await, Input::Swapped)
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
                let ask = RefreshAsk::new(token, shared.gate(id), timeout);
                match shared.by(until, shared.post(ask)).await {
                    Some(answer) => Input::Answered(answer),
                    None => Input::Late,
                }
            }
        };
    }
    // What became of the marker is written before someone else gets the lock, if it can be.
    shared.work();
    drop::<Option<Lease>>(lease);
}

fn reported<T>(outcome: Option<Result<T, StoreError>>, then: impl FnOnce(T) -> Input) -> Input {
    match outcome {
        Some(Ok(value)) => then(value),
        Some(Err(error)) => Input::Broken(error),
        None => Input::Late,
    }
}

impl Shared {
    /// What `future` gives by then, if it does.
    pub(super) async fn by<T>(
        &self,
        until: Duration,
        future: impl Future<Output = T>,
    ) -> Option<T> {
        match race(future, self.clock.sleep_until(until)).await {
            First::Left(output) => Some(output),
            First::Right(()) => None,
        }
    }

    async fn post(&self, ask: RefreshAsk) -> Result<Tokens, RefreshFailure> {
        match self.refresher.get() {
            Some(refresher) => refresher.refresh(ask).await,
            None => Err(RefreshFailure::not_sent("the session has no refresher")),
        }
    }

    fn gate(self: &Arc<Self>, id: FlightId) -> Gate {
        let shared = self.clone();
        Gate::new(move || {
            let now = shared.now();
            shared.step(|machine| machine.gate(id, &now))
        })
    }

    async fn no_chores(self: &Arc<Self>) {
        loop {
            let calm = self.calm.notified();
            self.work();
            if self.with_quietly(|core| core.chores.is_empty()) {
                return;
            }
            calm.await;
        }
    }
}
