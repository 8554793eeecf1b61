//! What waiting and publishing stand on. `tests/schedules` includes [`cell`](super::cell) and
//! [`board`](super::board) as they are, with loom's primitives under these names.

pub(super) use arc_swap::ArcSwapOption as Published;
pub(super) use std::sync::{Arc, Mutex};
pub(super) use tokio::sync::Notify;
