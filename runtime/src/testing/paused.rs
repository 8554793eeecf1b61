//! Paused time for a session.

use crate::{BoxFuture, Clock};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// The time of tokio's clock, for a session under `#[tokio::test(start_paused = true)]`.
///
/// The calendar moves with it, from a fixed day on, so that `tokio::time::advance` makes tokens
/// expire. Only where everything happens in memory: paused time jumps ahead whenever all tasks
/// wait, for a socket too, and every timeout is over before an answer comes. A test with sockets
/// takes [`Hands`](super::Hands).
///
/// ```
/// use perennial::{Clock, testing::PausedClock};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let clock = PausedClock::new();
/// let then = clock.wall();
/// tokio::time::advance(Duration::from_secs(3600)).await;
/// assert_eq!(clock.wall().duration_since(then).unwrap().as_secs(), 3600);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct PausedClock {
    origin: Instant,
}

impl PausedClock {
    /// Starts counting now.
    #[must_use]
    pub fn new() -> Self {
        Self {
            origin: Instant::now(),
        }
    }
}

impl Default for PausedClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for PausedClock {
    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + super::DAY + self.origin.elapsed()
    }

    fn monotonic(&self) -> Duration {
        self.origin.elapsed()
    }

    fn sleep_until(&self, moment: Duration) -> BoxFuture<'static, ()> {
        let until = self.origin.checked_add(moment);
        Box::pin(async move {
            match until {
                Some(until) => tokio::time::sleep_until(until).await,
                None => std::future::pending().await,
            }
        })
    }
}
