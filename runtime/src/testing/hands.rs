//! A clock that stands still until the test moves it.

use crate::testing::limit;
use crate::{BoxFuture, Clock};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::sync::watch;

/// A clock for tests with sockets: paused time would jump whenever a runtime waits for one.
///
/// Clones show the same time. It starts at one second, so that no deadline is zero by chance.
///
/// ```
/// use perennial::{Clock, testing::Hands};
/// use std::time::Duration;
///
/// let hands = Hands::new();
/// let (then, day) = (hands.monotonic(), hands.wall());
/// hands.advance_secs(60);
/// hands.suspend(Duration::from_secs(3600));
/// assert_eq!((hands.monotonic() - then).as_secs(), 60);
/// assert_eq!(hands.wall().duration_since(day).unwrap().as_secs(), 3660);
/// ```
#[derive(Clone, Debug)]
pub struct Hands {
    state: Arc<Mutex<State>>,
    changed: watch::Sender<()>,
}

#[derive(Debug)]
struct State {
    now: Duration,
    epoch: SystemTime,
    sleepers: BTreeMap<Duration, usize>,
}

impl Hands {
    /// A clock that shows a fixed day and does not move.
    #[must_use]
    pub fn new() -> Self {
        let epoch = SystemTime::UNIX_EPOCH + super::DAY;
        let state = State {
            now: Duration::from_secs(1),
            epoch,
            sleepers: BTreeMap::new(),
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            changed: watch::Sender::new(()),
        }
    }

    /// Moves the time on and wakes who slept until then.
    pub fn advance(&self, by: Duration) {
        self.state().now += by;
        self.changed.send_replace(());
    }

    /// Moves the time on by seconds.
    pub fn advance_secs(&self, seconds: u64) {
        self.advance(Duration::from_secs(seconds));
    }

    /// The machine sleeps: the calendar moves on; timers and the monotonic clock do not.
    pub fn suspend(&self, time: Duration) {
        self.state().epoch += time;
        self.changed.send_replace(());
    }

    /// Someone sets the calendar back. The monotonic clock does not notice.
    pub fn set_back(&self, by: Duration) {
        self.state().epoch -= by;
        self.changed.send_replace(());
    }

    /// Waits until someone sleeps until `ahead` from now, or until an earlier moment.
    ///
    /// Whoever parks a request with a deadline does, so this orders a test without sleeping.
    ///
    /// # Panics
    /// When nobody ever does.
    pub async fn someone_sleeps(&self, ahead: Duration) {
        self.sleepers(ahead, 1).await;
    }

    /// Waits until `count` sleep until `ahead` from now, or until an earlier moment: a call that
    /// begins to wait while its flight asks the store looks again at the store's own deadline.
    ///
    /// # Panics
    /// When they never do.
    pub async fn sleepers(&self, ahead: Duration, count: usize) {
        let mut changed = self.changed.subscribe();
        let there = || {
            let state = self.state();
            let until = state.now + ahead;
            state
                .sleepers
                .range(..=until)
                .map(|(_, n)| n)
                .sum::<usize>()
                >= count
        };
        let wait = async {
            while !there() {
                changed
                    .changed()
                    .await
                    .expect("the sender is held by `self`");
            }
        };
        if tokio::time::timeout(limit() / 2, wait).await.is_err() {
            let state = format!("{:?}", self.state());
            panic!("{count} never slept for {ahead:?}; {state}");
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, moment: Duration) -> Asleep {
        *self.state().sleepers.entry(moment).or_default() += 1;
        self.changed.send_replace(());
        Asleep {
            clock: self.clone(),
            moment,
        }
    }
}

impl Default for Hands {
    fn default() -> Self {
        Self::new()
    }
}

/// Counts a sleeper for as long as it sleeps.
struct Asleep {
    clock: Hands,
    moment: Duration,
}

impl Drop for Asleep {
    fn drop(&mut self) {
        let mut state = self.clock.state();
        if let Some(count) = state.sleepers.get_mut(&self.moment) {
            *count -= 1;
            if *count == 0 {
                state.sleepers.remove(&self.moment);
            }
        }
    }
}

impl Clock for Hands {
    fn wall(&self) -> SystemTime {
        let state = self.state();
        state.epoch + state.now
    }

    fn monotonic(&self) -> Duration {
        self.state().now
    }

    fn sleep_until(&self, moment: Duration) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        Box::pin(async move {
            let mut changed = clock.changed.subscribe();
            let asleep = clock.enter(moment);
            while clock.monotonic() < moment {
                if changed.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
            drop(asleep);
        })
    }
}
