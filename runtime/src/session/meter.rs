//! Counters and histograms, through the `metrics` facade where the feature is on.
//!
//! | name | kind | labels | |
//! |---|---|---|---|
//! | `perennial.session.refreshes` | counter | `outcome` | refreshes that ended: what the session did then |
//! | `perennial.session.refresh.duration` | histogram, seconds | `outcome` | from the start of a refresh to its end |
//! | `perennial.session.waiters` | gauge | | calls that wait for a refresh |
//! | `perennial.session.replays` | counter | | calls that were sent a second time |
//!
//! `outcome` is the state that follows: `active`, `backoff`, `expired`, `signed_out`.

#[cfg(feature = "metrics")]
use super::trace::StateName;
use super::trace::Transition;
use std::time::Duration;

/// A refresh has ended.
#[cfg(feature = "metrics")]
pub(super) fn refreshed(transition: &Transition, took: Option<Duration>) {
    if transition.from != StateName::Refreshing {
        return;
    }
    let outcome = transition.to.as_str();
    metrics::counter!("perennial.session.refreshes", "outcome" => outcome).increment(1);
    if let Some(took) = took {
        let histogram =
            metrics::histogram!("perennial.session.refresh.duration", "outcome" => outcome);
        histogram.record(took.as_secs_f64());
    }
}

/// A call begins to wait, or ends.
#[cfg(feature = "metrics")]
pub(super) fn waiting(by: f64) {
    metrics::gauge!("perennial.session.waiters").increment(by);
}

/// A call is sent a second time.
#[cfg(feature = "metrics")]
pub(crate) fn replayed() {
    metrics::counter!("perennial.session.replays").increment(1);
}

#[cfg(not(feature = "metrics"))]
pub(super) fn refreshed(_: &Transition, _: Option<Duration>) {}

#[cfg(not(feature = "metrics"))]
pub(super) fn waiting(_: f64) {}

#[cfg(not(feature = "metrics"))]
pub(crate) fn replayed() {}
