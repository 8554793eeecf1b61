//! What the behaviour tests stand on beside `perennial::testing`: the few tools that order events
//! without sleeping, names that the test resolves, everything that is logged, and the servers that
//! a test starts for itself.

pub mod blame;
pub mod bounded;
pub mod folder;
pub mod hosts;
pub mod keyring;
pub mod leaks;
pub mod logs;
pub mod names;
pub mod needs;
pub mod oidc;
pub mod peer;
pub mod place;
pub mod redis;
pub mod shop;
pub mod soak;
pub mod spawner;
pub mod tls;
pub mod valve;
pub mod world;

include!(concat!(env!("OUT_DIR"), "/generated.rs"));

/// The back end, by the name it has here.
pub mod backend {
    pub use perennial::testing::*;
}

/// The clock that a test moves, by the name it has here.
pub mod clock {
    pub use perennial::testing::Hands;
}

pub use bounded::{run, run_here};
pub use needs::{needs, needs_that};
pub use perennial::testing::{Backend, Canned, Convention, Gate, Pair, REFRESH};

/// README's code is compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// So is the guide's.
#[cfg(doctest)]
pub mod guide {
    #[doc = include_str!("../../docs/src/ten-minutes.md")]
    pub struct TenMinutes;
    #[doc = include_str!("../../docs/src/stores.md")]
    pub struct Stores;
    #[doc = include_str!("../../docs/src/oauth2.md")]
    pub struct OAuth2;
    #[doc = include_str!("../../docs/src/rotating-tokens.md")]
    pub struct RotatingTokens;
    #[doc = include_str!("../../docs/src/accounts.md")]
    pub struct Accounts;
    #[doc = include_str!("../../docs/src/observability.md")]
    pub struct Observability;
    #[doc = include_str!("../../docs/src/testing.md")]
    pub struct Testing;
    #[doc = include_str!("../../docs/src/migrating.md")]
    pub struct Migrating;
}
