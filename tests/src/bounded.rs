//! A test that hangs must fail, and say so.

use std::time::Duration;

/// Far beyond what any test needs on a loaded machine; only a hang gets here.
pub const LIMIT: Duration = Duration::from_secs(120);

/// Runs a test on a runtime of its own with two threads, and fails it if it hangs.
///
/// # Panics
/// When the test does, or when it is not over after [`LIMIT`].
pub fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be built");
    runtime.block_on(async {
        match tokio::time::timeout(LIMIT, test).await {
            Ok(value) => value,
            Err(_) => panic!("the test hangs: not over after {LIMIT:?}"),
        }
    })
}
