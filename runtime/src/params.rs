//! Optional parameters as a struct.

use crate::request::Request;

/// A struct whose members are query parameters, headers or cookies.
///
/// `#[derive(Params)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which parameters it holds",
    label = "expected a struct with `#[derive(Params)]`"
)]
pub trait Params {
    /// Writes the members that are set to the request.
    fn apply(&self, request: &mut Request);
}
