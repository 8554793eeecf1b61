//! A test that hangs must fail, and say so.

use std::time::Duration;

/// How long a wait within a test may take; only a hang gets there.
///
/// Five minutes, far beyond what any wait needs on a loaded machine. The environment variable
/// `PERENNIAL_TEST_LIMIT` says otherwise, in seconds, for those who expect a hang.
///
/// ```
/// assert!(perennial::testing::limit().as_secs() > 0);
/// ```
#[must_use]
pub fn limit() -> Duration {
    let seconds = std::env::var("PERENNIAL_TEST_LIMIT").ok();
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(300))
}
