//! Time, as a value.

use super::BoxFuture;
use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::time::Instant;

/// Where a session takes the time from.
///
/// Tests give one that they move by hand. All methods are called without any lock of the session
/// held.
pub trait Clock: Send + Sync + 'static {
    /// The calendar's time, which may jump.
    fn wall(&self) -> SystemTime;

    /// Time that only grows, since a moment of the clock's own choosing.
    ///
    /// It should count the time that the machine sleeps, where the platform can.
    fn monotonic(&self) -> Duration;

    /// Ends once [`monotonic`](Self::monotonic) has reached `moment`.
    fn sleep_until(&self, moment: Duration) -> BoxFuture<'static, ()>;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn wall(&self) -> SystemTime {
        (**self).wall()
    }

    fn monotonic(&self) -> Duration {
        (**self).monotonic()
    }

    fn sleep_until(&self, moment: Duration) -> BoxFuture<'static, ()> {
        (**self).sleep_until(moment)
    }
}

/// The operating system's clocks, with tokio's timers; the default.
///
/// `std`'s monotonic clock stands still while a machine sleeps on some platforms. The calendar's
/// does not, and either of the two is enough for a token to count as expired.
#[derive(Clone)]
pub struct SystemClock {
    origin: Instant,
}

impl SystemClock {
    /// Starts counting now.
    pub fn new() -> Self {
        Self {
            origin: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for SystemClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SystemClock")
    }
}

impl Clock for SystemClock {
    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }

    fn monotonic(&self) -> Duration {
        self.origin.elapsed()
    }

    fn sleep_until(&self, moment: Duration) -> BoxFuture<'static, ()> {
        let left = moment.saturating_sub(self.monotonic());
        // The timer belongs to the runtime that polls it, not to the one that asked for it.
        Box::pin(async move { tokio::time::sleep(left).await })
    }
}
