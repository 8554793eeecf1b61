//! Loom's primitives, and models of what is not loom's.

pub use loom::sync::{Arc, Mutex};
use std::{
    future::Future,
    pin::Pin,
    sync::PoisonError,
    task::{Context, Poll, Waker},
};

/// What readers load: a model of `arc_swap::ArcSwapOption`.
pub struct Published<S>(Mutex<Option<Arc<S>>>);

impl<S> Published<S> {
    /// Nothing is published yet.
    pub fn empty() -> Self {
        Self(Mutex::new(None))
    }

    /// Takes the place of what was there.
    pub fn store(&self, value: Option<Arc<S>>) {
        let old = {
            let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *held, value)
        };
        drop(old);
    }

    /// What was stored last.
    pub fn load_full(&self) -> Option<Arc<S>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// A model of `tokio::sync::Notify`, as far as `notify_waiters` goes.
#[derive(Default)]
pub struct Notify(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    notified: u64,
    wakers: Vec<Waker>,
}

impl Notify {
    /// Ends with the next `notify_waiters` after this call.
    pub fn notified(&self) -> Notified<'_> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Notified {
            notify: self,
            since: held.notified,
        }
    }

    /// Wakes all who wait now.
    pub fn notify_waiters(&self) {
        let wakers = {
            let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            held.notified += 1;
            std::mem::take(&mut held.wakers)
        };
        wakers.into_iter().for_each(Waker::wake);
    }
}

/// See [`Notify::notified`].
pub struct Notified<'a> {
    notify: &'a Notify,
    since: u64,
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut held = self.notify.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.notified > self.since {
            return Poll::Ready(());
        }
        held.wakers.push(context.waker().clone());
        Poll::Pending
    }
}
