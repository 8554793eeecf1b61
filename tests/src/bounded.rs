//! A test that hangs must fail, and say so.

use std::time::Duration;

/// How long a test, or a wait within one, may take; only a hang gets there.
///
/// Far beyond what any of them needs on a loaded machine. `PERENNIAL_TEST_LIMIT` says otherwise, in
/// seconds, for those who expect a hang.
#[must_use]
pub fn limit() -> Duration {
    let seconds = std::env::var("PERENNIAL_TEST_LIMIT").ok();
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(300))
}

/// Runs a test on a runtime of its own with two threads, and fails it if it hangs.
///
/// # Panics
/// When the test does, or when it is not over after [`limit`].
pub fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be built");
    runtime.block_on(async {
        match tokio::time::timeout(limit(), test).await {
            Ok(value) => value,
            Err(_) => panic!("the test hangs: not over after {:?}", limit()),
        }
    })
}
