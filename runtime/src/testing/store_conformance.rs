//! What every store must do, as one suite that any store can run.

mod bench;
mod content;
mod locks;
mod many;
mod sample;
mod watching;

use crate::TokenStore;
use bench::{Bench, Outcome};
use std::{sync::Arc, time::Duration};

/// What a store may take for one check; only one that hangs takes as long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Checks that a store keeps what [`TokenStore`] promises.
///
/// `open` opens another handle onto one place, which is empty at first: another
/// `FileStore::new(path)` for one path, say, or a clone of one store in memory. It is called a few
/// times, and what is done through one handle must show through the others.
///
/// | checked | expected |
/// |---|---|
/// | content | nothing at first; what was written comes back whole, through every handle; a write with the version that is held is done, any other is lost and changes nothing; an unconditional one is always done |
/// | versions | each write's is higher than any before, over clears, too |
/// | clear | by version alone, and it says whether it did |
/// | lock | one holder at a time, between handles; given back on drop; lapses with its lease, after which the late holder takes nothing from the new one; a caller that gave up does not get it |
/// | at once | many writers lose no update |
/// | watch | if the store has one, it ends at a write, and at a clear, by any handle |
/// | errors | none shows a token |
///
/// Everything happens on the real clock, so no test may pause it. Twenty milliseconds are the
/// shortest lease that is asked for, and no single check waits longer than 30 s.
///
/// ```
/// use perennial::{MemoryStore, testing::store_conformance};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() { conforms().await }
/// # const _: &str = stringify!(
/// #[tokio::test]
/// # );
/// async fn conforms() {
///     let store = MemoryStore::new();
///     store_conformance(|| async { store.clone() }).await;
/// }
/// ```
///
/// # Panics
/// When the store does something else; the message says what was expected, and what was found.
pub async fn store_conformance<F, R, S>(open: F)
where
    F: Fn() -> R,
    R: Future<Output = S>,
    S: TokenStore,
{
    let bench = Bench::new(
        Arc::new(open().await),
        Arc::new(open().await),
        Arc::new(open().await),
    );
    if let Err(failure) = examine(&bench).await {
        panic!("the store does not conform: {failure}");
    }
}

async fn examine(bench: &Bench) -> Outcome {
    check("an empty place", content::nothing_at_first(bench)).await?;
    check("a record's way", content::comes_back_whole(bench)).await?;
    check("a write by version", content::swap_by_version(bench)).await?;
    check("an unconditional write", content::unconditional(bench)).await?;
    check("a clear by version", content::clear_by_version(bench)).await?;
    check("versions over clears", content::versions_grow(bench)).await?;
    check("the lock between handles", locks::exclusion(bench)).await?;
    check("a caller that gave up", locks::given_up(bench)).await?;
    check("a lease that lapses", locks::lapse(bench)).await?;
    check("many writers", many::no_lost_update(bench)).await?;
    check("many who lock", many::one_at_a_time(bench)).await?;
    check("the watch", watching::ends_at_changes(bench)).await?;
    Ok(())
}

/// One check, on a place that it finds and leaves empty.
async fn check(name: &str, act: impl Future<Output = Outcome>) -> Outcome {
    match tokio::time::timeout(PATIENCE, act).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(found)) => Err(format!("{name}: {found}")),
        Err(_) => Err(format!(
            "{name}: expected an end, found a store that waits for longer than {} s",
            PATIENCE.as_secs()
        )),
    }
}
