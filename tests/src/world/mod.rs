//! The API under test, and a world in which a test begins: a back end, a signed-in client of it,
//! and a clock that stands still.

mod api;
mod cell;
mod faces;

pub use api::{
    Echo, EnvelopeApi, EnvelopeApiClient, EnvelopePair, Price, PricedError, ShopApi, ShopApiClient,
    TokenApi, TokenApiClient,
};
pub use cell::{Face, Store, current, play, stored};
pub use faces::Shop;

use crate::clock::Hands;
use crate::names::{HOST, Names};
use crate::{Backend, Pair};
use perennial::{Builder, Session, SessionBuilder, Tokens};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// How long a call waits for a refresh in these tests: no other number of a session, so that the
/// clock can tell who sleeps, and below the time that a refresh may take.
pub const WAIT: Duration = Duration::from_secs(14);

/// Where a test begins.
pub struct World {
    /// Where it plays.
    pub backend: Backend,
    /// The session's clock.
    pub clock: Hands,
    /// The session.
    pub session: Session,
    /// The API by the face that this test is about.
    pub api: Shop,
    /// The pair that the session starts with: A1 and R1.
    pub pair: Pair,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A plain back end with "ada" signed in, whose tokens tell no lifetime.
    pub fn new() -> Self {
        Self::on(Backend::start())
    }

    /// The same on a back end of another kind.
    pub fn on(backend: Backend) -> Self {
        Self::with(backend, |session| session, |client| client)
    }

    /// The same with options of the session.
    pub fn session(options: impl FnOnce(SessionBuilder) -> SessionBuilder) -> Self {
        Self::with(Backend::start(), options, |client| client)
    }

    /// The same, reaching the back end by a name that the test resolves.
    pub fn by_name(options: impl FnOnce(SessionBuilder) -> SessionBuilder) -> (Self, Names) {
        let backend = Backend::start();
        let names = Names::new();
        let url = format!("http://{HOST}:{}", backend.port());
        let resolver = names.clone();
        let world = Self::with(backend, options, move |client| {
            client
                .base_url(&url)
                .allow_plain_http()
                .http(move |http| http.dns_resolver(Arc::new(resolver.clone())))
        });
        (world, names)
    }

    /// All choices open.
    pub fn with(
        backend: Backend,
        options: impl FnOnce(SessionBuilder) -> SessionBuilder,
        client: impl FnOnce(Builder<ShopApiClient>) -> Builder<ShopApiClient>,
    ) -> Self {
        let pair = backend.sign_in("ada");
        let clock = Hands::new();
        let builder = stored(Session::builder())
            .clock(clock.clone())
            .waiter_timeout(WAIT)
            .tokens(tokens(&pair));
        let session = options(builder).build().expect("the options fit together");
        let builder = ShopApiClient::builder()
            .base_url(backend.url())
            .session(session.clone());
        let generated = client(builder).build().expect("the client can be built");
        let api = Shop::new(generated, current().0, backend.url(), backend.is_http2());
        Self {
            backend,
            clock,
            session,
            api,
            pair,
        }
    }

    /// Lets A1 expire, so that the next call finds out.
    pub fn expired(self) -> Self {
        self.backend.expire(&self.pair.access);
        self
    }

    /// Lets time pass once the session is at rest: a store that is asked while the clock jumps
    /// would seem to take as long as the jump.
    pub async fn later(&self, seconds: u64) {
        self.session.close().await;
        self.clock.advance_secs(seconds);
    }

    /// Waits until the first refresh is with the server and so many calls wait for it.
    ///
    /// Before that the flight itself may sleep for its store, and be taken for a call.
    pub async fn parked(&self, calls: usize) {
        let ledger = self.backend.ledger();
        ledger.wait_for("the refresh", |l| l.refreshes() > 0).await;
        self.clock.sleepers(WAIT, calls).await;
    }

    /// Starts `GET /items/1` as a task.
    pub fn spawn_item(&self) -> JoinHandle<perennial::Result<Echo>> {
        tokio::spawn(self.api.item(1))
    }

    /// Starts `GET /items/1` `count` times as tasks.
    pub fn spawn_items(&self, count: usize) -> Vec<JoinHandle<perennial::Result<Echo>>> {
        (0..count).map(|_| self.spawn_item()).collect()
    }

    /// The access token that the session holds.
    pub fn access(&self) -> Option<String> {
        self.session
            .tokens()
            .map(|tokens| tokens.access().expose().to_owned())
    }

    /// The refresh token that the session holds.
    pub fn refresh_token(&self) -> Option<String> {
        let tokens = self.session.tokens()?;
        tokens.refresh().map(|token| token.expose().to_owned())
    }
}

/// A pair as a session takes it, without a lifetime.
pub fn tokens(pair: &Pair) -> Tokens {
    Tokens::new(pair.access.clone()).refresh_token(pair.refresh.clone())
}

/// The value of a task that must not have panicked.
pub async fn join<T>(task: JoinHandle<T>) -> T {
    task.await.expect("the task ran to its end")
}
