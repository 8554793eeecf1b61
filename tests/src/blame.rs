//! Calls that fail because the session's store did.

use perennial::{Error, RefreshErrorKind, StoreError};
use std::{error, fmt};

/// The store's own error among the causes of a call's.
///
/// # Panics
/// When the call did not fail, failed by something else, or its error shows what is secret:
/// a text with `secret` in it.
#[must_use]
pub fn store_failure<T: fmt::Debug>(answer: perennial::Result<T>) -> StoreError {
    let error = answer.expect_err("the store fails");
    let kept = matches!(&error, Error::Refresh(why) if why.kind() == RefreshErrorKind::Store);
    assert!(kept, "expected a failure of the store, found {error:?}");
    let told = chain(&error).map(ToString::to_string).collect::<Vec<_>>();
    let told = format!("{} {error:?}", told.join(": "));
    assert!(!told.contains("secret"), "{told}");
    let failure = chain(&error).find_map(|cause| cause.downcast_ref::<StoreError>());
    failure.expect("the store's own error").clone()
}

/// An error and its causes, the outermost first.
fn chain<'a>(
    error: &'a (dyn error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}
