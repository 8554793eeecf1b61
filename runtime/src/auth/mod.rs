//! How a credential is put on a request: one file per scheme.

mod basic;
mod header;

pub(crate) use basic::basic;
pub(crate) use header::{Scheme, Unfit};
