//! Whichever of two futures ends first.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

/// Which one it was.
pub(crate) enum First<A, B> {
    Left(A),
    Right(B),
}

/// Polls the left one first: what is ready beats a deadline that has just passed.
///
/// They are pinned by the caller: a future that takes them would hold each of them twice.
pub(crate) fn race<A: Future, B: Future>(
    mut left: Pin<&mut A>,
    mut right: Pin<&mut B>,
) -> impl Future<Output = First<A::Output, B::Output>> {
    poll_fn(move |context| {
        if let Poll::Ready(output) = left.as_mut().poll(context) {
            return Poll::Ready(First::Left(output));
        }
        right.as_mut().poll(context).map(First::Right)
    })
}
