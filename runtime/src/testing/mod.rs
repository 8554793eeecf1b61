//! What tests need: a back end on loopback to script, clocks to move, a token endpoint in memory.
//!
//! Behind the feature `testing`, for `[dev-dependencies]`. A test begins with three lines:
//!
//! ```
//! use perennial::{Call, OAuth2Tokens, Session, api_client};
//! use perennial::testing::{Backend, REFRESH};
//!
//! #[api_client(auth = bearer)]
//! trait Shop: Send + Sync {
//!     #[post("/token/refresh", refresh)]
//!     fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;
//!
//!     #[get("/orders", decode = text)]
//!     fn orders(&self) -> Call<String>;
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> perennial::Result<()> { renews().await }
//! # const _: &str = stringify!(
//! #[tokio::test]
//! # );
//! async fn renews() -> perennial::Result<()> {
//!     let backend = Backend::start();
//!     let session = Session::new(backend.sign_in("ada"));
//!     let shop = ShopClient::builder().base_url(backend.url()).session(session).build()?;
//!
//!     backend.expire_all();
//!     shop.orders().await?;
//!     assert_eq!(backend.ledger().read().refreshes(), 1);
//!
//!     // The next refresh is answered 503; the session outlives that.
//!     backend.expire_all();
//!     backend.on(REFRESH).nth(1).unavailable();
//!     assert!(shop.orders().await.is_err_and(|error| error.is_refresh()));
//!     Ok(())
//! }
//! ```
//!
//! # What a back end can be told
//!
//! | what goes wrong | how |
//! |---|---|
//! | an access token expires now | [`Backend::expire`], [`Backend::expire_all`] |
//! | another process rotates | [`Backend::rotate`] |
//! | the family is revoked, the session is over | [`Backend::revoke`], [`Backend::end_session`] |
//! | 401, at once or late | [`On::deny`], [`On::deny_late`] |
//! | 402, 429, 503, an HTML page | [`On::over`], [`On::throttle`], [`On::unavailable`], [`On::html`] |
//! | the response is lost, torn, or never comes | [`On::lose`], [`On::tear`], [`On::hang`] |
//! | an answer waits for the test | [`On::hold`], [`On::stall`] with a [`Gate`] |
//! | a spent refresh token comes again | [`Plan::on_reuse`]; what came is in [`Record::presentations`] |
//! | anything else | [`On::answer`] with a [`Canned`] answer, [`Backend::cut_connections`] |
//!
//! [`Backend::ledger`] is its own account of what happened, to assert on and to wait for.
//!
//! # Stores
//!
//! [`store_conformance`] checks a store of one's own.
//!
//! # Time
//!
//! A session takes its clock as a value. With sockets that is [`Hands`], which stand still until
//! the test moves them; order comes from gates and from [`Ledger::wait_for`], never from sleeping:
//!
//! ```
//! use perennial::{Session, testing::{Backend, Convention, Hands}};
//!
//! let backend = Backend::plan(Convention::Status).lifetime(3600).start();
//! let hands = Hands::new();
//! let session = Session::builder().clock(hands.clone()).tokens(backend.sign_in("ada")).build()?;
//! hands.advance_secs(3601); // the session's next call renews first
//! # Ok::<(), perennial::BuildError>(())
//! ```
//!
//! Where everything happens in memory, `#[tokio::test(start_paused = true)]` does: the session's
//! clock is [`PausedClock`], its refresher a [`Mint`] or a closure, and tokio jumps over every
//! wait. With the feature `tower` the requests, too, stay in memory:
//!
#![cfg_attr(feature = "tower", doc = "```")]
#![cfg_attr(not(feature = "tower"), doc = "```ignore")]
//! use http::{Request, Response};
//! use perennial::{Guard, Session, testing::{Mint, PausedClock}};
//! use std::{convert::Infallible, time::Duration};
//! use tower::{Layer, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() { a_day_goes_by().await.unwrap() }
//! # const _: &str = stringify!(
//! #[tokio::test(start_paused = true)]
//! # );
//! async fn a_day_goes_by() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//!     let hour = Duration::from_secs(3600);
//!     let mint = Mint::new().lifetime(hour);
//!     let session = Session::builder()
//!         .tokens(mint.sign_in("ada"))
//!         .refresh_with(mint.clone())
//!         .clock(PausedClock::new())
//!         .build()?;
//!     let shop = service_fn(|request: Request<String>| async move {
//!         assert!(request.headers().contains_key("authorization"));
//!         Ok::<_, Infallible>(Response::new(String::from("an order")))
//!     });
//!     let shop = Guard::new(session, "http://127.0.0.1")?.layer().layer(shop);
//!     for _ in 0..24 {
//!         shop.clone().oneshot(Request::new(String::new())).await?;
//!         tokio::time::advance(hour).await;
//!     }
//!     assert_eq!(mint.ledger().read().rotations.len(), 23);
//!     Ok(())
//! }
//! ```
//!
//! Built on hyper with parsing of its own, so that what a test asserts is what a server saw, and
//! not what the session under test believes.

mod backend;
mod hands;
mod limit;
mod mint;
mod paused;
mod store_conformance;

pub use backend::{
    Backend, Canned, Convention, Gate, LOGIN, Ledger, OPEN, On, OnReuse, Pair, Plan, Presentation,
    REFRESH, Record, Request, Rotation, Verdict, Worth,
};
pub use hands::Hands;
pub use limit::limit;
pub use mint::Mint;
pub use paused::PausedClock;
pub use store_conformance::store_conformance;

use std::time::Duration;

/// The day on which all clocks here start: a test must not depend on when it runs.
const DAY: Duration = Duration::from_secs(1_800_000_000);
