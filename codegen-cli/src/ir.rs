//! What lowering hands to printing: plain data, every identifier decided.
//!
//! Nothing here knows a document or a token; `String`s that name things are final Rust
//! identifiers (without `r#`, which printing adds), `wire` strings are what goes over the wire.

mod auth;
mod surface;
mod types;

pub use auth::Auth;
pub use surface::*;
pub use types::*;

/// What people read, as Markdown that is safe in a `///` comment line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doc {
    /// Title or summary.
    pub summary: Option<String>,
    /// Description.
    pub text: Option<String>,
    /// Constraints, defaults, formats and examples, a sentence each.
    pub notes: Vec<String>,
}

impl Doc {
    /// Whether there is nothing to print.
    pub fn is_empty(&self) -> bool {
        self.summary.is_none() && self.text.is_none() && self.notes.is_empty()
    }
}
