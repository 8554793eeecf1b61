//! One holder at a time.

use super::bench::{Bench, Handle, Outcome, expect};
use crate::Lease;
use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

/// Far longer than any check takes.
const LONG: Duration = Duration::from_secs(600);
const SHORT: Duration = Duration::from_millis(20);

/// How much else the store does before a lock that is still waited for counts as held.
const ROUNDS: usize = 20;

pub(super) async fn exclusion(bench: &Bench) -> Outcome {
    let first = bench.one.lock(LONG).await?;
    let mut second = pin!(bench.two.lock(LONG));
    expect(
        waits(second.as_mut(), &bench.three).await?,
        "the lock to be refused to a second handle while the first one holds it",
        || "it granted".to_owned(),
    )?;
    drop(first);
    let second = second.await?;
    // Also between two callers of one handle.
    let mut third = pin!(bench.two.lock(LONG));
    expect(
        waits(third.as_mut(), &bench.three).await?,
        "the lock to be refused to a second caller of one handle",
        || "it granted".to_owned(),
    )?;
    drop(second);
    drop(third.await?);
    Ok(())
}

pub(super) async fn given_up(bench: &Bench) -> Outcome {
    let first = bench.one.lock(LONG).await?;
    {
        let mut gone = pin!(bench.two.lock(LONG));
        waits(gone.as_mut(), &bench.three).await?;
    }
    drop(first);
    // Were it still handed to the one who has gone, this would wait for its lease.
    drop(bench.three.lock(LONG).await?);
    Ok(())
}

pub(super) async fn lapse(bench: &Bench) -> Outcome {
    let late = bench.one.lock(SHORT).await?;
    let next = bench.two.lock(LONG).await?;
    drop(late);
    let mut third = pin!(bench.three.lock(LONG));
    expect(
        waits(third.as_mut(), &bench.one).await?,
        "a holder whose lease has lapsed to give nothing back: another one holds the lock",
        || "it granted to a third".to_owned(),
    )?;
    drop(next);
    drop(third.await?);
    Ok(())
}

/// Whether `lock` is still waited for after the store has done a lot for someone else.
async fn waits(
    mut lock: Pin<&mut impl Future<Output = Outcome<Lease>>>,
    other: &Handle,
) -> Outcome<bool> {
    for _ in 0..ROUNDS {
        let granted = poll_fn(|context| match lock.as_mut().poll(context) {
            Poll::Ready(lease) => Poll::Ready(Some(lease)),
            Poll::Pending => Poll::Ready(None),
        });
        if let Some(lease) = granted.await {
            return lease.map(|_| false);
        }
        other.load().await?;
        tokio::task::yield_now().await;
    }
    Ok(true)
}
