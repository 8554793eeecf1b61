//! What a method returns.

use syn::{Path, Type};

/// What a method returns.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// Which of the two forms was written; they mean the same.
    pub spelling: Spelling,
    /// `Call` or `Result` as it was written, without its arguments.
    pub path: Path,
    /// The value of a call that went well.
    pub value: Type,
    /// The type of its errors; absent for `ApiError`.
    pub error: Option<Type>,
}

impl Reply {
    /// `Call<value>` or `Call<value, error>`.
    pub fn new(value: Type, error: Option<Type>) -> Self {
        Self {
            spelling: Spelling::Call,
            path: syn::parse_quote!(Call),
            value,
            error,
        }
    }
}

/// The form of a method that sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `fn f(…) -> Call<T, E>`.
    Call,
    /// `async fn f(…) -> Result<T, E>`.
    Async,
}
