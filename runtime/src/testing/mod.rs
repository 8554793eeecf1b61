//! What tests need: a back end on loopback to script, and a clock to move.
//!
//! Built on hyper with parsing of its own, so that what a test asserts is what a server saw, and
//! not what the session under test believes.

mod backend;
mod hands;
mod limit;

pub use backend::{
    Backend, Canned, Convention, Gate, LOGIN, Ledger, OPEN, On, Pair, Plan, Presentation, REFRESH,
    Record, Request, Rotation, Verdict, Worth,
};
pub use hands::Hands;
pub use limit::limit;
