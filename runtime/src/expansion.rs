//! Questions that an expansion asks of types, so that the answer reads well.

use crate::{
    DecodeError, Error, Tokens,
    decode::{Choice, Decode, Reply},
};

/// What a method that renews a session may return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not convert into `perennial::Tokens`",
    label = "a method that says `refresh` returns the new tokens",
    note = "implement `From<{Self}> for perennial::Tokens`, or return `perennial::OAuth2Tokens`"
)]
pub trait IntoTokens {
    /// Converts.
    fn into_tokens(self) -> Tokens;
}

#[diagnostic::do_not_recommend]
impl<T: Into<Tokens>> IntoTokens for T {
    fn into_tokens(self) -> Tokens {
        self.into()
    }
}

impl<D> Choice<D> {
    /// Decodes tokens with this decoder.
    ///
    /// # Errors
    /// Says where the answer is not what `T` expects.
    pub fn tokens<T: IntoTokens>(self, reply: Reply) -> Result<Tokens, DecodeError>
    where
        D: Decode<T>,
    {
        D::decode(reply).map(T::into_tokens)
    }
}

/// Asks whether the `Result` of an `async fn` is this crate's.
pub fn is_result<R: ApiResult>() {}

/// This crate's `Result`.
#[diagnostic::on_unimplemented(
    message = "an `async fn` that sends a request returns `perennial::Result`",
    label = "this is another `Result`",
    note = "import it: `use perennial::Result;`"
)]
pub trait ApiResult {}

impl<T, E> ApiResult for Result<T, Error<E>> {}
