//! Rule 2: when new tokens are refused again and again, more of them do not help.

use super::{Machine, Moment, State};
use crate::error::{RefreshError, RefreshErrorKind};
use std::{collections::VecDeque, time::Duration};

/// When flights that 401s had started were committed.
#[derive(Clone, Debug, Default)]
pub(super) struct Storm(VecDeque<Duration>);

impl Storm {
    pub(super) fn note(&mut self, now: Duration, kept: usize) {
        self.0.push_back(now);
        while self.0.len() > kept {
            self.0.pop_front();
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// When the window has room again, if it has none now.
    fn until(&self, allowed: usize, window: Duration, now: Duration) -> Option<Duration> {
        let recent = |at: &&Duration| now.saturating_sub(**at) < window;
        let count = self.0.iter().filter(recent).count();
        let oldest = self.0.iter().find(recent)?;
        (count >= allowed).then(|| oldest.saturating_add(window))
    }
}

impl Machine {
    /// Why no flight may start now because of a 401.
    pub(super) fn held_back(&self, now: &Moment) -> Option<RefreshError> {
        // Rule 2: backing off fails at once.
        if matches!(&self.state, State::Backoff { until, .. } if now.monotonic < *until) {
            return Some(self.throttled(now));
        }
        // Rule 2: the storm window fails at once.
        let (allowed, window) = (self.options.storm_commits, self.options.storm_window);
        let until = self.storm.until(allowed, window, now.monotonic)?;
        Some(RefreshError::with(
            RefreshErrorKind::Storm,
            Some(now.wall_at(until)),
            None,
        ))
    }
}
