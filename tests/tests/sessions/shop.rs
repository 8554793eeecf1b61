//! The API under test, and a world in which a case begins.

use perennial::{
    Builder, Bytes, Call, OAuth2Tokens, Response, Session, SessionBuilder, api_client,
};
use perennial_tests::{Backend, Pair, clock::Hands};
use serde::Deserialize;
use std::time::Duration;
use tokio::task::JoinHandle;

/// What the back end says about a request it liked.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Echo {
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) user: Option<String>,
}

/// An API that speaks plain HTTP status codes.
#[api_client(auth = bearer)]
pub(crate) trait Shop: Send + Sync {
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    #[get("/items/{id}")]
    fn item(&self, id: u32) -> Call<Echo>;

    #[patch("/items/{id}")]
    fn patch_item(
        &self,
        id: u32,
        #[query] notify: bool,
        #[header] if_match: &str,
        #[header] accept_language: &str,
        #[json] body: &serde_json::Value,
    ) -> Call<Response<Echo>>;

    #[post("/orders")]
    fn order(
        &self,
        #[header] idempotency_key: &str,
        #[json] body: &serde_json::Value,
    ) -> Call<Echo>;

    #[get("/env/{id}")]
    fn env(&self, id: u32) -> Call<Bytes>;

    #[get("/open/{name}", auth = none)]
    fn open(&self, name: &str) -> Call<Echo>;
}

/// How long a call waits for a refresh in these tests: no other number of a session, so that the
/// clock can tell who sleeps, and below the time that a refresh may take.
pub(crate) const WAIT: Duration = Duration::from_secs(14);

/// Where a case begins: "ada" is signed in with A1 and R1.
pub(crate) struct World {
    pub(crate) backend: Backend,
    pub(crate) clock: Hands,
    pub(crate) session: Session,
    pub(crate) shop: ShopClient,
    pub(crate) pair: Pair,
}

impl World {
    /// A plain back end whose tokens tell no lifetime.
    pub(crate) fn new() -> Self {
        Self::on(Backend::start())
    }

    /// The same on a back end of another kind.
    pub(crate) fn on(backend: Backend) -> Self {
        Self::with(backend, |session| session, |client| client)
    }

    /// The same with options of the session.
    pub(crate) fn session(options: impl FnOnce(SessionBuilder) -> SessionBuilder) -> Self {
        Self::with(Backend::start(), options, |client| client)
    }

    /// All choices open.
    pub(crate) fn with(
        backend: Backend,
        options: impl FnOnce(SessionBuilder) -> SessionBuilder,
        client: impl FnOnce(Builder<ShopClient>) -> Builder<ShopClient>,
    ) -> Self {
        let pair = backend.sign_in("ada");
        let clock = Hands::new();
        let builder = Session::builder()
            .clock(clock.clone())
            .waiter_timeout(WAIT)
            .tokens(&pair);
        let session = options(builder).build().expect("the options fit together");
        let builder = ShopClient::builder()
            .base_url(backend.url())
            .session(session.clone());
        let shop = client(builder).build().expect("the client can be built");
        Self {
            backend,
            clock,
            session,
            shop,
            pair,
        }
    }

    /// Lets A1 expire, so that the next call finds out.
    pub(crate) fn expired(self) -> Self {
        self.backend.expire(&self.pair.access);
        self
    }

    /// Starts `GET /items/1` `count` times as tasks.
    pub(crate) fn spawn(&self, count: usize) -> Vec<JoinHandle<perennial::Result<Echo>>> {
        (0..count)
            .map(|_| tokio::spawn(self.shop.item(1)))
            .collect()
    }

    /// The access token that the session holds.
    pub(crate) fn access(&self) -> Option<String> {
        access(&self.session)
    }

    /// The refresh token that the session holds.
    pub(crate) fn refresh_token(&self) -> Option<String> {
        let tokens = self.session.tokens()?;
        tokens.refresh().map(|token| token.expose().to_owned())
    }
}

/// The access token that a session holds.
pub(crate) fn access(session: &Session) -> Option<String> {
    let tokens = session.tokens()?;
    Some(tokens.access().expose().to_owned())
}

/// The value of a task that must not have panicked.
pub(crate) async fn join<T>(task: JoinHandle<T>) -> T {
    task.await.expect("the task ran to its end")
}
