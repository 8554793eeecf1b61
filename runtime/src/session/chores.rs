//! Writes that belong to no flight: sign-ins, sign-outs, and what flights leave behind.
//!
//! They are done in order, by one task at a time. The task survives whoever caused it, and
//! repeats what fails until it succeeds or something later makes it pointless.

use super::{
    StoreError, Swap,
    grant::Grant,
    machine::{Chore, persisted},
    store::{Expected, Marker, Record, Serial, SignIn},
};
use std::{
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Waker},
};

impl Grant {
    /// Sees to it that someone is at the chores, if there are any.
    pub(super) fn work(self: &Arc<Self>) {
        let begin = self.desk(|desk| {
            let begin = !desk.chores.is_empty() && !desk.working;
            desk.working |= begin;
            begin
        });
        if !begin {
            return;
        }
        let worker = Worker {
            grant: self.clone(),
            done: false,
        };
        let mut task: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(worker.run());
        // A store in memory answers at once; then no runtime is needed.
        if !self.store.outlives_process() {
            let mut context = Context::from_waker(Waker::noop());
            if task.as_mut().poll(&mut context).is_ready() {
                return;
            }
        }
        self.spawner.spawn(task);
    }

    /// Rule 9: what the store itself has yet to do, a lock to give back for example.
    pub(super) async fn finish(&self) {
        let limit = self
            .clock
            .monotonic()
            .saturating_add(self.options.persist_timeout);
        self.by(limit, self.store.finish()).await;
    }

    /// Rule 6: repeated until it is done, or until a later chore makes it pointless.
    async fn persevere(&self, chore: &Chore) {
        let mut pause = self.options.backoff;
        loop {
            let limit = self
                .clock
                .monotonic()
                .saturating_add(self.options.persist_timeout);
            let failure = self.answer(limit, self.attend(chore)).await.err();
            let done = failure.is_none();
            if let Some(error) = &failure {
                tracing::warn!(%error, "session: the store cannot be written");
            }
            drop(self.desk(|desk| mem::replace(&mut desk.failure, failure)));
            if done {
                return;
            }
            if self.desk(|desk| desk.chores.iter().skip(1).any(|next| moot(chore, next))) {
                return;
            }
            self.clock
                .sleep_until(self.clock.monotonic().saturating_add(pause))
                .await;
            pause = pause.saturating_mul(2).min(self.options.backoff_limit);
        }
    }

    async fn attend(&self, chore: &Chore) -> Result<(), StoreError> {
        match chore {
            Chore::Write(record) => self
                .store
                .compare_and_swap(Expected::Anything, record.clone())
                .await
                .map(drop),
            Chore::Clear { sign_in, only } => self.clear(*sign_in, *only).await,
            Chore::Undo { version } => self.store.clear(*version).await.map(drop),
            Chore::Persist { won, spent } => {
                let ours = |held: &Record| held.sign_in == won.sign_in;
                self.replace(|held| ours(held).then(|| persisted(won, held, *spent))?)
                    .await
            }
            Chore::Mark {
                sign_in,
                serial,
                attempt,
                marker,
            } => {
                let mine = |held: &Record| {
                    let marker = held.live_marker();
                    held.sign_in == *sign_in
                        && held.serial == *serial
                        && marker.is_some_and(|marker| marker.attempt == *attempt)
                };
                self.replace(|held| mine(held).then(|| remarked(held, *marker)))
                    .await
            }
        }
    }

    /// Repeats until the record is absent, of another sign-in, or of another pair.
    async fn clear(&self, sign_in: SignIn, only: Option<Serial>) -> Result<(), StoreError> {
        loop {
            let Some(held) = self.store.load().await? else {
                return Ok(());
            };
            let meant = held.sign_in == sign_in && only.is_none_or(|serial| held.serial == serial);
            if !meant || self.store.clear(held.version()).await? {
                return Ok(());
            }
        }
    }

    async fn replace(&self, by: impl Fn(&Record) -> Option<Record>) -> Result<(), StoreError> {
        loop {
            let Some(held) = self.store.load().await? else {
                return Ok(());
            };
            let Some(record) = by(&held) else {
                return Ok(());
            };
            let expected = Expected::Version(held.version());
            if let Swap::Done(_) = self.store.compare_and_swap(expected, record).await? {
                return Ok(());
            }
        }
    }
}

fn remarked(held: &Record, marker: Option<Marker>) -> Record {
    Record {
        marker,
        ..held.clone()
    }
}

/// Whether `next` does away with what `chore` is about.
fn moot(chore: &Chore, next: &Chore) -> bool {
    match (chore, next) {
        // A sign-in is written over whatever is there.
        (_, Chore::Write(_)) => true,
        (Chore::Clear { .. }, _) => false,
        (_, Chore::Clear { only: None, .. }) => true,
        _ => false,
    }
}

/// At the chores. If its task is dropped before the end, the next one may begin.
struct Worker {
    grant: Arc<Grant>,
    done: bool,
}

impl Worker {
    async fn run(mut self) {
        let grant = self.grant.clone();
        loop {
            let chore = grant.desk(|desk| {
                desk.working = !desk.chores.is_empty();
                desk.chores.front().cloned()
            });
            let Some(chore) = chore else { break };
            grant.persevere(&chore).await;
            grant.desk(|desk| desk.chores.pop_front());
        }
        self.done = true;
        grant.calm.notify_waiters();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if !self.done {
            self.grant.desk(|desk| desk.working = false);
            // Whoever waits for the end of the chores starts another.
            self.grant.calm.notify_waiters();
            tracing::warn!("session: the task that writes to the store was dropped");
        }
    }
}
