//! A test that hangs must fail, and say so.

pub use perennial::testing::limit;

use crate::leaks;

/// Runs a test on a runtime of its own with two threads, and fails it if it hangs.
///
/// # Panics
/// When the test does, or when it is not over after [`limit`].
pub fn run<T>(test: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    bounded(runtime.worker_threads(2), test)
}

/// The same with all tasks on the test's own thread.
///
/// # Panics
/// As [`run`] does.
pub fn run_here<T>(test: impl Future<Output = T>) -> T {
    bounded(&mut tokio::runtime::Builder::new_current_thread(), test)
}

fn bounded<T>(runtime: &mut tokio::runtime::Builder, test: impl Future<Output = T>) -> T {
    leaks::begin();
    let runtime = runtime.enable_all().build();
    let runtime = runtime.expect("a runtime can be built");
    let value = runtime.block_on(async {
        match tokio::time::timeout(limit(), test).await {
            Ok(value) => value,
            Err(_) => panic!("the test hangs: not over after {:?}", limit()),
        }
    });
    leaks::end();
    value
}
