//! What a user interface wants to know of a session.

use crate::error::{ExpiredReason, RefreshErrorKind};
use futures_core::Stream;
use std::{
    collections::VecDeque,
    fmt,
    future::poll_fn,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::SystemTime,
};

/// How many events a receiver may be behind before it loses the oldest.
const KEPT: usize = 64;

/// Something that happened to a session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Someone signed in.
    SignedIn,
    /// A new pair of tokens is in use.
    Refreshed,
    /// No new pair came; the session is kept.
    RefreshFailed {
        /// What stood in the way.
        kind: RefreshErrorKind,
        /// When the next attempt is due.
        retry_at: Option<SystemTime>,
    },
    /// The session is over until someone signs in.
    Expired {
        /// Why.
        reason: ExpiredReason,
    },
    /// Someone signed out.
    SignedOut,
    /// Another sign-in was found in the store and is used from now on.
    Changed,
    /// This receiver was too slow: so many events before the next one are lost to it.
    Missed(u64),
}

type Callback = Arc<dyn Fn(&Event) + Send + Sync>;

/// Hands events on, in order, with no lock held.
#[derive(Default)]
pub(crate) struct Hub {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Number of the first event in `kept`.
    first: u64,
    /// For receivers.
    kept: VecDeque<Event>,
    wakers: Vec<Waker>,
    /// For callbacks.
    untold: VecDeque<Event>,
    telling: bool,
    callbacks: Vec<Callback>,
    closed: bool,
}

impl Inner {
    fn end(&self) -> u64 {
        self.first + self.kept.len() as u64
    }
}

impl Hub {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes an event, for [`deliver`](Self::deliver) to hand on. Runs no foreign code, so that
    /// the session may call it in its critical section, which is what puts events in order.
    pub(crate) fn note(&self, event: Event) {
        let mut inner = self.lock();
        if !inner.callbacks.is_empty() {
            inner.untold.push_back(event.clone());
        }
        if inner.kept.len() == KEPT {
            inner.kept.pop_front();
            inner.first += 1;
        }
        inner.kept.push_back(event);
    }

    /// Wakes receivers and runs callbacks. A callback that causes an event does not nest: the
    /// outer delivery hands that one on, too.
    pub(crate) fn deliver(&self) {
        loop {
            let (wakers, next) = {
                let mut inner = self.lock();
                let next = if inner.telling {
                    None
                } else {
                    inner.untold.pop_front()
                };
                inner.telling |= next.is_some();
                (
                    mem::take(&mut inner.wakers),
                    next.map(|event| (event, inner.callbacks.clone())),
                )
            };
            wakers.into_iter().for_each(Waker::wake);
            let Some((event, callbacks)) = next else {
                return;
            };
            for callback in callbacks {
                // A callback's panic is its own; the caller that happened to deliver is innocent.
                if catch_unwind(AssertUnwindSafe(|| callback(&event))).is_err() {
                    tracing::error!("a callback for session events panicked");
                }
            }
            self.lock().telling = false;
        }
    }

    pub(crate) fn on_event(&self, callback: impl Fn(&Event) + Send + Sync + 'static) {
        self.lock().callbacks.push(Arc::new(callback));
    }

    pub(crate) fn subscribe(self: &Arc<Self>) -> Events {
        Events {
            next: self.lock().end(),
            hub: self.clone(),
        }
    }
}

/// Ends the receivers with the session.
pub(crate) struct HubOwner(pub(crate) Arc<Hub>);

impl Drop for HubOwner {
    fn drop(&mut self) {
        let wakers = {
            let mut inner = self.0.lock();
            inner.closed = true;
            mem::take(&mut inner.wakers)
        };
        wakers.into_iter().for_each(Waker::wake);
    }
}

/// The events of a session, from the moment of asking on.
///
/// A [`Stream`], and [`next`](Self::next) for those who have no stream extensions at hand. It
/// ends with the last clone of the session. Sixty-four events are kept: a receiver that falls
/// further behind gets [`Event::Missed`] with the number it lost, and goes on from there.
pub struct Events {
    hub: Arc<Hub>,
    next: u64,
}

impl Events {
    /// The next event, or none once the session is gone.
    pub async fn next(&mut self) -> Option<Event> {
        poll_fn(|context| self.poll_event(context)).await
    }

    /// The next event if there is one already.
    pub fn try_next(&mut self) -> Option<Event> {
        let hub = self.hub.clone();
        let inner = hub.lock();
        self.take(&inner)
    }

    fn take(&mut self, inner: &Inner) -> Option<Event> {
        if self.next < inner.first {
            let missed = inner.first - self.next;
            self.next = inner.first;
            return Some(Event::Missed(missed));
        }
        let event = inner.kept.get((self.next - inner.first) as usize)?.clone();
        self.next += 1;
        Some(event)
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Option<Event>> {
        let hub = self.hub.clone();
        // Cloning and dropping wakers is foreign code: not under the lock.
        let waker = context.waker().clone();
        let mut inner = hub.lock();
        if let Some(event) = self.take(&inner) {
            return Poll::Ready(Some(event));
        }
        if inner.closed {
            return Poll::Ready(None);
        }
        if !inner.wakers.iter().any(|known| known.will_wake(&waker)) {
            inner.wakers.push(waker);
        }
        Poll::Pending
    }
}

impl Stream for Events {
    type Item = Event;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        self.get_mut().poll_event(context)
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_receiver_is_told_what_it_missed() {
        let hub = Arc::new(Hub::default());
        let mut events = hub.subscribe();
        (0..KEPT + 3).for_each(|_| hub.note(Event::Refreshed));
        hub.note(Event::SignedOut);
        assert_eq!(events.try_next(), Some(Event::Missed(4)));
        assert_eq!(events.try_next(), Some(Event::Refreshed));
    }

    #[test]
    fn callbacks_do_not_nest_and_keep_the_order() {
        let hub = Arc::new(Hub::default());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (inner, log) = (hub.clone(), seen.clone());
        hub.on_event(move |event| {
            if *event == Event::SignedIn {
                inner.note(Event::SignedOut);
                inner.deliver();
            }
            log.lock().unwrap().push(event.clone());
        });
        hub.note(Event::SignedIn);
        hub.deliver();
        assert_eq!(*seen.lock().unwrap(), [Event::SignedIn, Event::SignedOut]);
    }

    #[test]
    fn a_panicking_callback_harms_nobody() {
        let hub = Hub::default();
        hub.on_event(|_| panic!("mine"));
        hub.note(Event::SignedIn);
        hub.deliver();
        assert!(!hub.lock().telling);
    }

    #[test]
    fn the_end_of_the_session_ends_the_receiver() {
        let hub = Arc::new(Hub::default());
        let mut events = hub.subscribe();
        hub.note(Event::SignedOut);
        drop(HubOwner(hub));
        let mut context = Context::from_waker(Waker::noop());
        assert_eq!(
            events.poll_event(&mut context),
            Poll::Ready(Some(Event::SignedOut))
        );
        assert_eq!(events.poll_event(&mut context), Poll::Ready(None));
    }
}
