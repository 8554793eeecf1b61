//! The session's own files under loom: every order in which threads can come through start-or-join,
//! the waking of those who wait, and the publication of a pair.
//!
//! `cell.rs` and `board.rs` are the runtime's, included as they are; what they name by `super::sync` is
//! loom's here. No `--cfg loom` is needed, which would break hyper-util for the rest of the workspace.
//!
//! What loom cannot see is modelled, by what its documentation promises:
//! - arc-swap's `ArcSwapOption` is a slot behind a mutex ([`sync::Published`]): a store is seen by every
//!   load that comes after it. That arc-swap keeps that promise is arc-swap's to prove.
//! - tokio's `Notify` is a count with a list of wakers ([`sync::Notify`]): a `notified()` that was made before
//!   `notify_waiters()` ends, even where it was not polled yet.
//! - the machine is a handful of lines ([`session::Little`]): it starts, joins, commits and counts. What the
//!   true one decides is explored elsewhere, where nothing runs at the same time.

pub mod session;
pub mod sync;
