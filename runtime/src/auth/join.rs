//! Waiting for several things at once.

use crate::session::BoxFuture;
use std::{future::poll_fn, task::Poll};

/// Runs all of them on this task; their values come in the order in which they were given.
pub(super) async fn join<T>(futures: Vec<BoxFuture<'_, T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.into_iter().map(Some).collect();
    let mut values: Vec<Option<T>> = waiting.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (future, value) in waiting.iter_mut().zip(&mut values) {
            let Some(polled) = future.as_mut().map(|future| future.as_mut().poll(context)) else {
                continue;
            };
            if let Poll::Ready(ready) = polled {
                (*future, *value) = (None, Some(ready));
            }
        }
        if waiting.iter().all(Option::is_none) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    values.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn values_come_in_order_whatever_ends_first() {
        let (send, receive) = tokio::sync::oneshot::channel();
        let first: BoxFuture<'_, i32> = Box::pin(async { receive.await.unwrap() });
        let second: BoxFuture<'_, i32> = Box::pin(async { send.send(1).map_or(0, |()| 2) });
        assert_eq!(join(vec![first, second]).await, [1, 2]);
        assert!(join::<i32>(Vec::new()).await.is_empty());
    }
}
