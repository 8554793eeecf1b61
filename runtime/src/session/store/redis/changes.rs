//! Word of changes: one subscription for each handle, as long as someone wants to know.

use super::{Inner, lock};
use crate::session::{
    BoxFuture,
    race::{First, race},
};
use ::redis::{Msg, RedisResult, aio::PubSub};
use futures_core::Stream;
use std::{
    future::poll_fn,
    pin::{Pin, pin},
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::{
    runtime::Handle,
    sync::watch,
    time::{sleep, timeout},
};

/// How often the number of the latest change is asked for, in case its word got lost with the
/// network in between.
const POLL: Duration = Duration::from_secs(5);
/// The first pause before another attempt to subscribe; it doubles up to [`POLL`].
const PAUSE: Duration = Duration::from_millis(100);

pub(super) struct Changes {
    /// The number of the latest change that was told.
    latest: watch::Sender<u64>,
    /// Counts how often a lock became free, as far as one hears.
    freed: watch::Sender<u64>,
    /// Counts the subscriptions that ended, for whoever relied on one to start another.
    ended: watch::Sender<u64>,
    /// Whether there is a subscription.
    listening: std::sync::Mutex<bool>,
    /// Closed with the store.
    alive: watch::Sender<()>,
}

impl Default for Changes {
    fn default() -> Self {
        Self {
            latest: watch::Sender::new(0),
            freed: watch::Sender::new(0),
            ended: watch::Sender::new(0),
            listening: std::sync::Mutex::new(false),
            alive: watch::Sender::new(()),
        }
    }
}

impl Changes {
    /// Tells of a change, unless a later one was told of.
    pub(super) fn notice(&self, number: u64) {
        self.latest.send_if_modified(|latest| {
            let news = number > *latest;
            *latest = number.max(*latest);
            news
        });
    }

    pub(super) fn freed(&self) -> watch::Receiver<u64> {
        self.freed.subscribe()
    }
}

/// Ends at the next change that is later than the number `since`. Does not keep the store alive.
pub(super) fn next(inner: &Arc<Inner>, since: u64) -> BoxFuture<'static, ()> {
    let mut latest = inner.changes.latest.subscribe();
    let mut ended = inner.changes.ended.subscribe();
    let since = since.max(*latest.borrow_and_update());
    let store = Arc::downgrade(inner);
    Box::pin(async move {
        loop {
            match store.upgrade() {
                Some(inner) => listen(&inner),
                None => return,
            }
            let change = latest.wait_for(|latest| *latest > since);
            match race(pin!(change), pin!(ended.changed())).await {
                First::Left(_) | First::Right(Err(_)) => return,
                First::Right(Ok(())) => {}
            }
        }
    })
}

/// Sees to it that there is a subscription.
pub(super) fn listen(inner: &Arc<Inner>) {
    let Ok(runtime) = Handle::try_current() else {
        return;
    };
    if std::mem::replace(&mut *lock(&inner.changes.listening), true) {
        return;
    }
    let listener = Listener {
        store: Arc::downgrade(inner),
        alive: inner.changes.alive.subscribe(),
    };
    runtime.spawn(listener.run());
}

/// Listens for as long as the store lives.
struct Listener {
    store: Weak<Inner>,
    alive: watch::Receiver<()>,
}

impl Listener {
    async fn run(mut self) {
        let mut alive = self.alive.clone();
        race(pin!(self.work()), pin!(alive.changed())).await;
    }

    async fn work(&mut self) {
        let mut pause = PAUSE;
        loop {
            match self.subscribe().await {
                Some(mut words) => {
                    pause = PAUSE;
                    self.hear(&mut words).await;
                }
                None => {
                    sleep(pause).await;
                    pause = pause.saturating_mul(2).min(POLL);
                }
            }
        }
    }

    async fn subscribe(&self) -> Option<PubSub> {
        let (client, channel, limit) = {
            let inner = self.store.upgrade()?;
            (
                inner.link.client().clone(),
                inner.names.changes.clone(),
                inner.link.limit(),
            )
        };
        let subscribed = async {
            let mut words = client.get_async_pubsub().await?;
            words.subscribe(&channel).await?;
            RedisResult::Ok(words)
        };
        let words = timeout(limit, subscribed).await.ok()?.ok()?;
        // What happened before counts, too: nobody told of it.
        self.ask().await.then_some(words)
    }

    /// Until the connection breaks, or seems to.
    async fn hear(&self, words: &mut PubSub) {
        let mut words = words.on_message();
        loop {
            let next = poll_fn(|context| Pin::new(&mut words).poll_next(context));
            match race(pin!(next), pin!(sleep(POLL))).await {
                First::Left(Some(word)) => self.heard(&word),
                First::Left(None) => return,
                // A connection that was cut off without a word looks like one without news.
                First::Right(()) => {
                    let before = self.latest();
                    if !self.ask().await || self.latest() > before {
                        return;
                    }
                }
            }
        }
    }

    fn heard(&self, word: &Msg) {
        let Some(inner) = self.store.upgrade() else {
            return;
        };
        match word.get_payload::<String>().ok().map(|word| word.parse()) {
            Some(Ok(number)) => inner.changes.notice(number),
            _ => inner.changes.freed.send_modify(|times| *times += 1),
        }
    }

    /// Asks for the number of the latest change; false if the server does not answer.
    async fn ask(&self) -> bool {
        let Some(inner) = self.store.upgrade() else {
            return false;
        };
        let answer = inner.link.run(&inner.names.load()).await;
        let answered = answer.is_ok();
        if let Some(Ok((_, number))) = answer.ok().map(super::script::found) {
            inner.changes.notice(number);
        }
        inner.changes.freed.send_modify(|times| *times += 1);
        answered
    }

    fn latest(&self) -> u64 {
        let store = self.store.upgrade();
        store.map_or(0, |inner| *inner.changes.latest.borrow())
    }
}

impl Drop for Listener {
    /// Its runtime is gone: whoever waits for word starts another.
    fn drop(&mut self) {
        if let Some(inner) = self.store.upgrade() {
            *lock(&inner.changes.listening) = false;
            inner.changes.ended.send_modify(|times| *times += 1);
        }
    }
}
