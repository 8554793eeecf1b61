//! Time, as a value.

use super::{BoxFuture, ticks::Ticks};
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

    /// The same for a glance, a few milliseconds off, where that is cheaper.
    ///
    /// Each call whose token expires takes one, to see that it has not. Default: none, and the
    /// call looks at [`monotonic`](Self::monotonic).
    fn glance(&self) -> Option<Duration> {
        None
    }

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

    fn glance(&self) -> Option<Duration> {
        (**self).glance()
    }

    fn sleep_until(&self, moment: Duration) -> BoxFuture<'static, ()> {
        (**self).sleep_until(moment)
    }
}

/// The operating system's clocks, with tokio's timers; the default.
///
/// `std`'s monotonic clock stands still while a machine sleeps on some platforms. The calendar's
/// does not, and either of the two is enough for a token to count as expired.
///
/// Made where tokio's time is paused, it follows that.
#[derive(Clone)]
pub struct SystemClock {
    origin: Instant,
    ticks: Option<Ticks>,
}

impl SystemClock {
    /// Starts counting now.
    pub fn new() -> Self {
        // Before the origin: what a glance sees is never much ahead of it.
        let ticks = Ticks::new();
        let origin = Instant::now();
        // Only paused time is the same twice: the kernel's ticks know nothing of it.
        let ticks = ticks.filter(|_| origin != Instant::now());
        Self { origin, ticks }
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

    #[inline]
    fn glance(&self) -> Option<Duration> {
        Some(self.ticks?.elapsed())
    }

    fn sleep_until(&self, moment: Duration) -> BoxFuture<'static, ()> {
        let left = moment.saturating_sub(self.monotonic());
        // The timer belongs to the runtime that polls it, not to the one that asked for it.
        Box::pin(async move { tokio::time::sleep(left).await })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glance_is_not_far_off() {
        let clock = SystemClock::new();
        let glance = clock.glance();
        let later = clock.monotonic();
        // Only Linux has a cheap one.
        assert_eq!(glance.is_some(), cfg!(target_os = "linux"));
        // A tick of the kernel's lies between the two clocks' beginnings, at most.
        let tick = Duration::from_millis(20);
        let glance = glance.unwrap_or_default();
        assert!(glance <= later + tick, "{glance:?} {later:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn paused_time_is_followed() {
        let clock = SystemClock::new();
        assert_eq!(clock.glance(), None);
        let then = clock.monotonic();
        tokio::time::advance(Duration::from_secs(3600)).await;
        assert_eq!(clock.monotonic() - then, Duration::from_secs(3600));
    }
}
