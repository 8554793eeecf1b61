//! The loopback back ends that the examples talk to.

mod backend;

pub use backend::{Backend, Issued};
