//! What the behaviour tests stand on: a back end with a ledger of its own, a clock that the test
//! moves, and the few tools that order events without sleeping.
//!
//! Nothing here is shared with the runtime under test: the back end is built on hyper, and what a
//! test asserts is what the back end saw.

pub mod backend;
pub mod bounded;
pub mod clock;
pub mod logs;
pub mod names;
pub mod spawner;

include!(concat!(env!("OUT_DIR"), "/generated.rs"));

pub use backend::{Backend, Canned, Convention, Gate, Pair, REFRESH};
pub use bounded::run;

/// README's code is compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
