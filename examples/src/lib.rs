//! What the examples share: their loopback back end, and the clients that `build.rs` writes.

mod backend;

pub use backend::{Backend, Issued};

include!(concat!(env!("OUT_DIR"), "/clients.rs"));
