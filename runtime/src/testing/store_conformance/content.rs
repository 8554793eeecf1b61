//! What is loaded, written and cleared.

use super::{
    bench::{Bench, Outcome, expect},
    sample::{number, record, same},
};
use crate::{Expected, Swap};

pub(super) async fn nothing_at_first(bench: &Bench) -> Outcome {
    let found = bench.one.load().await?;
    expect(
        found.is_none(),
        "nothing in a place that nobody has written to",
        || "a record".to_owned(),
    )?;
    let swap = bench.one.swap(Expected::Version(1), record(1)).await?;
    expect(
        swap == Swap::Lost,
        "a write by version to be lost where nothing is held",
        || format!("{swap:?}"),
    )?;
    let cleared = bench.one.clear(1).await?;
    expect(
        !cleared && bench.one.load().await?.is_none(),
        "a clear of nothing to say false and to leave nothing",
        || format!("{cleared}, or a record"),
    )
}

pub(super) async fn comes_back_whole(bench: &Bench) -> Outcome {
    let written = record(1);
    let version = bench.one.write(Expected::Anything, written.clone()).await?;
    for handle in [&bench.one, &bench.two, &bench.three] {
        let held = handle.held().await?;
        expect(
            same(&held, &written),
            "every handle to load the record as it was written",
            || "another one".to_owned(),
        )?;
        expect(
            held.version() == version,
            "a record to be loaded with the version that its write was given",
            || format!("{} in place of {version}", held.version()),
        )?;
    }
    bench.tidy().await
}

pub(super) async fn swap_by_version(bench: &Bench) -> Outcome {
    let first = bench.one.write(Expected::Anything, record(1)).await?;
    let second = bench.two.write(Expected::Version(first), record(2)).await?;
    for wrong in [first, second + 1, 0, u64::MAX] {
        let swap = bench.one.swap(Expected::Version(wrong), record(3)).await?;
        expect(
            swap == Swap::Lost,
            "a write with another version than the one held to be lost",
            || format!("{swap:?} for {wrong} where {second} is held"),
        )?;
    }
    let held = bench.three.held().await?;
    expect(
        number(&held) == 2 && held.version() == second,
        "a lost write to change nothing",
        || format!("record {} of version {}", number(&held), held.version()),
    )?;
    bench.tidy().await
}

pub(super) async fn unconditional(bench: &Bench) -> Outcome {
    let first = bench.one.write(Expected::Anything, record(1)).await?;
    let second = bench.two.write(Expected::Anything, record(2)).await?;
    let held = bench.one.held().await?;
    expect(
        number(&held) == 2 && second > first,
        "an unconditional write to replace what is held, with a higher version",
        || format!("record {}, version {second} after {first}", number(&held)),
    )?;
    bench.tidy().await
}

pub(super) async fn clear_by_version(bench: &Bench) -> Outcome {
    let first = bench.one.write(Expected::Anything, record(1)).await?;
    let second = bench.one.write(Expected::Version(first), record(2)).await?;
    for wrong in [first, second + 1, 0, u64::MAX] {
        let cleared = bench.two.clear(wrong).await?;
        expect(
            !cleared && bench.one.load().await?.is_some(),
            "a clear with another version than the one held to say false and change nothing",
            || format!("{cleared}, or no record, for {wrong} where {second} is held"),
        )?;
    }
    let cleared = bench.two.clear(second).await?;
    expect(
        cleared,
        "a clear with the version that is held to say true",
        || "false".to_owned(),
    )?;
    for handle in [&bench.one, &bench.two] {
        expect(
            handle.load().await?.is_none(),
            "nothing after a clear",
            || "a record".to_owned(),
        )?;
    }
    let again = bench.one.clear(second).await?;
    expect(
        !again,
        "a second clear to say false: someone else may have signed in since",
        || "true".to_owned(),
    )
}

/// Whoever remembers a version must never meet it again on another record.
pub(super) async fn versions_grow(bench: &Bench) -> Outcome {
    let mut last = 0;
    for round in 1..=3 {
        let first = bench.one.write(Expected::Anything, record(round)).await?;
        let second = bench
            .two
            .write(Expected::Version(first), record(round))
            .await?;
        expect(
            last < first && first < second,
            "each version to be higher than any before, over clears, too",
            || format!("{last}, then {first}, then {second}"),
        )?;
        last = second;
        bench.three.clear(second).await?;
        let swap = bench.one.swap(Expected::Version(second), record(9)).await?;
        expect(
            swap == Swap::Lost,
            "a write with the version of a cleared record to be lost",
            || format!("{swap:?}"),
        )?;
    }
    Ok(())
}
