//! Rule 8: what happens to the session in other processes, or through other handles of its store.

use super::{
    Denied, StoreError,
    shell::{Answer, Shared},
};
use crate::error::RefreshErrorKind;
use std::{
    sync::{Arc, Weak, atomic::Ordering},
    time::Duration,
};

impl Answer {
    /// Whether nobody is signed in as far as this process knows, or it does not know.
    pub(super) fn is_nobody(&self) -> bool {
        match self {
            Self::Bare | Self::Deny(Denied::Expired(_)) => true,
            Self::Deny(Denied::Refresh(error)) => error.kind() == RefreshErrorKind::Store,
            Self::Carry(_) | Self::Deny(_) | Self::Park(_) => false,
        }
    }
}

impl Shared {
    /// Asks the store who is signed in, at most once per `recheck`. Those who come while someone
    /// asks wait for that answer.
    pub(super) async fn recheck(self: &Arc<Self>) {
        if !self.grant.store_is_shared {
            return;
        }
        let limit = self
            .clock
            .monotonic()
            .saturating_add(self.grant.options.persist_timeout);
        let Some(mut last) = self.grant.by(limit, self.rechecked.lock()).await else {
            // Whoever asks gets no answer.
            return self.missed(&StoreError::silent(self.grant.options.persist_timeout));
        };
        let now = self.clock.monotonic();
        if last.is_some_and(|last| now < last.saturating_add(self.grant.options.recheck)) {
            return;
        }
        *last = Some(now);
        if let Err(error) = self.ask(limit).await {
            warn(&error);
        }
    }

    /// Asks the store now, and has its changes noticed from now on.
    pub(super) async fn look(self: &Arc<Self>) -> Result<(), StoreError> {
        if !self.grant.store_is_shared {
            return Ok(());
        }
        self.watch();
        let patience = self.grant.options.persist_timeout;
        let limit = self.clock.monotonic().saturating_add(patience);
        self.ask(limit).await
    }

    async fn ask(self: &Arc<Self>, limit: Duration) -> Result<(), StoreError> {
        let answer = self.grant.answer(limit, self.reload()).await;
        answer.map(drop).inspect_err(|error| self.missed(error))
    }

    /// Remembers that the store could not be asked.
    fn missed(self: &Arc<Self>, error: &StoreError) {
        self.step(|machine| machine.unseen(error.clone()));
    }

    /// Whether it was asked: what this process has yet to write is newer than what it would read.
    async fn reload(self: &Arc<Self>) -> Result<bool, StoreError> {
        loop {
            let epoch = self.quietly(|machine| machine.epoch());
            let Some(edition) = self.grant.desk(|desk| desk.idle()) else {
                return Ok(false);
            };
            let found = self.grant.store.load().await?;
            let now = self.now();
            let heard = self.step(|machine| {
                // And so is what was written, or who signed in or out, since it was asked; and a
                // flight may have seen another account in the store since. Then it is asked again.
                let idle = self.grant.desk(|desk| desk.idle());
                let current = idle == Some(edition) && machine.epoch() == epoch;
                if current {
                    machine.seen(found, &now);
                }
                current
            });
            if heard {
                return Ok(true);
            }
        }
    }

    /// Sees to it that changes of the store are noticed, if it can tell of them.
    pub(super) fn watch(self: &Arc<Self>) {
        if self.watched.swap(true, Ordering::Relaxed) {
            return;
        }
        let watcher = Watcher {
            session: Arc::downgrade(self),
            done: false,
        };
        self.grant.spawner.spawn(Box::pin(watcher.run()));
    }
}

fn warn(error: &StoreError) {
    tracing::warn!(%error, "session: the store cannot be read");
}

/// Watches the store for as long as the session lives.
struct Watcher {
    session: Weak<Shared>,
    done: bool,
}

impl Watcher {
    async fn run(mut self) {
        loop {
            let Some(shared) = self.session.upgrade() else {
                break;
            };
            let grant = shared.grant.clone();
            // Asked for before the reload, so that a change in between is not missed.
            let Some(change) = grant.store.watch() else {
                break;
            };
            let asked = shared.reload().await.unwrap_or_else(|error| {
                warn(&error);
                shared.missed(&error);
                true
            });
            drop(shared);
            match asked {
                true => change.await,
                // The change that led here is still to be looked at.
                false => grant.no_chores().await,
            }
        }
        self.done = true;
    }
}

impl Drop for Watcher {
    /// Its runtime is gone: the next call that looks starts another.
    fn drop(&mut self) {
        if let Some(shared) = self.session.upgrade().filter(|_| !self.done) {
            shared.watched.store(false, Ordering::Relaxed);
        }
    }
}
