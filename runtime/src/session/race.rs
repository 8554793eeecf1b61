//! Whichever of two futures ends first.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

/// Which one it was.
pub(crate) enum First<A, B> {
    Left(A),
    Right(B),
}

/// Polls the left one first: what is ready beats a deadline that has just passed.
pub(crate) async fn race<A: Future, B: Future>(left: A, right: B) -> First<A::Output, B::Output> {
    let (mut left, mut right) = (pin!(left), pin!(right));
    poll_fn(|context| {
        if let Poll::Ready(output) = left.as_mut().poll(context) {
            return Poll::Ready(First::Left(output));
        }
        right.as_mut().poll(context).map(First::Right)
    })
    .await
}
