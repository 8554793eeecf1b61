//! Typed API clients whose sessions renew themselves.

mod auth;
#[path = "session/denial.rs"]
mod error;
mod secret;
mod session;
mod tokens;

pub use error::{ExpiredReason, RefreshError, RefreshErrorKind};
pub use secret::Secret;
pub use session::{
    BoxFuture, BuildError, Clock, Convention, CurrentRuntime, Event, Events, Expected, Gate,
    GateClosed, Lease, MemoryStore, OwnThread, Record, RefreshAsk, RefreshFailure, Refresher,
    Refused, RetryAfter, Reuse, Session, SessionBuilder, SessionState, SignIn, Spawner, StoreError,
    Swap, SystemClock, TokenStore,
};
pub use tokens::{OAuth2Tokens, Tokens};
