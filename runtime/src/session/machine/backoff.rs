//! How long a failed session waits before it tries again.

use super::{Machine, Moment, State};
use crate::{
    error::{RefreshError, RefreshErrorKind},
    session::RetryAfter,
};
use std::{error::Error, sync::Arc, time::Duration};

/// A server that asks for more is asked again after a day.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

impl Machine {
    /// The next pause: doubling from `backoff` to its limit, between half and the whole of that.
    pub(super) fn pause(&mut self, asked: Option<RetryAfter>, now: &Moment) -> Duration {
        let doubled = 1u32.checked_shl(self.failures).unwrap_or(u32::MAX);
        let whole = self
            .options
            .backoff
            .saturating_mul(doubled)
            .min(self.options.backoff_limit);
        self.failures = self.failures.saturating_add(1);
        let pause = whole / 2 + now.share(whole / 2);
        // Rule 5: `Retry-After` is honoured.
        let asked = asked.map_or(Duration::ZERO, |asked| asked.from(now.wall).min(LONGEST));
        now.monotonic.saturating_add(pause.max(asked))
    }

    /// The error of those who come while the session backs off: throttled, because of the last
    /// failure.
    pub(super) fn throttled(&self, now: &Moment) -> RefreshError {
        let (until, cause) = match &self.state {
            State::Backoff { until, error } => (Some(now.wall_at(*until)), Some(error.clone())),
            _ => (None, None),
        };
        let cause = cause.map(|cause| Arc::new(cause) as Arc<dyn Error + Send + Sync>);
        RefreshError::with(RefreshErrorKind::Throttled, until, cause)
    }
}
