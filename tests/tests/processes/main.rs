//! The scenarios of several sessions over one store: processes, hosts, and what becomes of them.
//!
//! Where a scenario speaks of processes that end, stop or fork, there are real ones (the program
//! `peers`). Elsewhere two sessions of one process stand for two processes: each has a handle of
//! the store and a clock of its own, and a valve before the store puts what happens in order.

#[macro_use]
mod world;

mod flights;
mod forks;
mod killed;
mod locks;
mod markers;
mod persists;
mod redis;
mod siblings;
mod signing;
mod soak;
