//! The watch of a store that has one.

use super::{
    bench::{Bench, Outcome},
    sample::record,
};
use crate::Expected;
use std::time::Duration;
use tokio::time::timeout;

/// A store may look for changes now and then; this is how seldom at most.
const SEEN_WITHIN: Duration = Duration::from_secs(10);

pub(super) async fn ends_at_changes(bench: &Bench) -> Outcome {
    let Some(change) = bench.one.watch() else {
        return Ok(());
    };
    let version = bench.two.write(Expected::Anything, record(1)).await?;
    seen(change, "a write through another handle").await?;

    let watch = || {
        bench
            .one
            .watch()
            .ok_or("expected a watch again, found none")
    };
    let change = watch()?;
    let version = bench
        .one
        .write(Expected::Version(version), record(2))
        .await?;
    seen(change, "a write through the same handle").await?;

    let change = watch()?;
    bench.two.clear(version).await?;
    seen(change, "a clear").await
}

async fn seen(change: impl Future<Output = ()>, what: &str) -> Outcome {
    timeout(SEEN_WITHIN, change)
        .await
        .map_err(|_| format!("expected the watch to end at {what}, found that it did not"))
}
