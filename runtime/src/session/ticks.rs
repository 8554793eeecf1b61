//! The time of the kernel's last tick: it costs a quarter of a precise look.

use std::time::Duration;

/// Time since a tick, counted in ticks of 1 to 10 ms; none where the platform has none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ticks {
    origin: Duration,
}

impl Ticks {
    /// Starts counting at the last tick.
    pub(super) fn new() -> Option<Self> {
        Some(Self { origin: last()? })
    }

    /// From that tick to the last one.
    #[inline]
    pub(super) fn elapsed(self) -> Duration {
        last().unwrap_or_default().saturating_sub(self.origin)
    }
}

/// `CLOCK_MONOTONIC_COARSE`: read from memory that the kernel shares, without a system call.
#[cfg(target_os = "linux")]
#[inline]
fn last() -> Option<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::MonotonicCoarse);
    let seconds = u64::try_from(time.tv_sec).ok()?;
    Some(Duration::new(seconds, u32::try_from(time.tv_nsec).ok()?))
}

#[cfg(not(target_os = "linux"))]
fn last() -> Option<Duration> {
    None
}
