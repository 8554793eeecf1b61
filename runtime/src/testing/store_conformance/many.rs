//! Many at once.

use super::{
    bench::{Bench, Handle, Outcome, expect},
    sample::{number, record},
};
use crate::{Expected, Swap};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;

const WRITERS: usize = 6;
const WRITES: u64 = 5;

/// Each writer adds to the record's number, and tries again when someone was faster.
pub(super) async fn no_lost_update(bench: &Bench) -> Outcome {
    bench.one.write(Expected::Anything, record(0)).await?;
    let mut writers = JoinSet::new();
    for at in 0..WRITERS {
        let handle = [&bench.one, &bench.two, &bench.three][at % 3].clone();
        writers.spawn(async move { add(&handle).await });
    }
    let mut versions = BTreeSet::new();
    let mut done = 0;
    while let Some(writer) = writers.join_next().await {
        let mine = writer.map_err(|_| "a writer panicked".to_owned())??;
        done += mine.len() as u64;
        versions.extend(mine);
    }
    let held = bench.one.held().await?;
    expect(
        number(&held) == done,
        "no update of many writers to be lost",
        || format!("{} of {done}", number(&held)),
    )?;
    let distinct = versions.len() as u64;
    expect(
        distinct == done && versions.last() == Some(&held.version()),
        "each write to have a version of its own, and the last write the highest",
        || {
            let (last, highest) = (held.version(), versions.last());
            format!("{distinct} versions for {done} writes, {last} held, {highest:?} the highest")
        },
    )?;
    bench.tidy().await
}

async fn add(handle: &Handle) -> Outcome<Vec<u64>> {
    let mut versions = Vec::new();
    while (versions.len() as u64) < WRITES {
        let held = handle.held().await?;
        let next = record(number(&held) + 1);
        if let Swap::Done(version) = handle.swap(Expected::Version(held.version()), next).await? {
            versions.push(version);
        }
    }
    Ok(versions)
}

pub(super) async fn one_at_a_time(bench: &Bench) -> Outcome {
    let (inside, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut callers = JoinSet::new();
    for at in 0..WRITERS {
        let handle = [&bench.one, &bench.two, &bench.three][at % 3].clone();
        let (inside, most) = (inside.clone(), most.clone());
        callers.spawn(async move {
            let lease = handle.lock(Duration::from_secs(600)).await?;
            most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            handle.load().await?;
            tokio::task::yield_now().await;
            inside.fetch_sub(1, Ordering::SeqCst);
            drop(lease);
            Ok::<_, String>(())
        });
    }
    while let Some(caller) = callers.join_next().await {
        caller.map_err(|_| "a caller panicked".to_owned())??;
    }
    let most = most.load(Ordering::SeqCst);
    expect(most == 1, "one holder of the lock at a time", || {
        format!("{most}")
    })
}
