//! The API under test, and a world in which a test begins: a back end, a signed-in client of it,
//! and a clock that stands still.

use perennial::{
    ApiError, Builder, ByteStream, Bytes, Call, OAuth2Tokens, Session, SessionBuilder, Tokens,
    api_client,
};
use perennial_tests::clock::Hands;
use perennial_tests::names::{HOST, Names};
use perennial_tests::{Backend, Pair};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// What the back end says about a request it liked.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Echo {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) body: String,
    pub(crate) user: Option<String>,
}

/// 402 means something of its own to this method.
#[derive(Debug, ApiError)]
pub(crate) enum PricedError {
    #[status(402)]
    PaymentRequired(Price),
    #[status(default)]
    Other(Bytes),
}

#[derive(Debug, Deserialize)]
pub(crate) struct Price {
    pub(crate) cents: u32,
}

/// An API that speaks plain HTTP status codes.
#[api_client(auth = bearer)]
pub(crate) trait ShopApi: Send + Sync {
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    #[post("/login", auth = none)]
    fn login(&self, #[field] user: &str) -> Call<OAuth2Tokens>;

    #[get("/items/{id}")]
    fn item(&self, id: u32) -> Call<Echo>;

    #[put("/items/{id}")]
    fn put_item(
        &self,
        id: u32,
        #[query] notify: bool,
        #[header] if_match: &str,
        #[json] body: &serde_json::Value,
    ) -> Call<Echo>;

    #[get("/slow")]
    fn slow(&self) -> Call<Echo>;

    #[get("/forbidden")]
    fn forbidden(&self) -> Call<Echo>;

    #[get("/open/{name}", auth = none)]
    fn open(&self, name: &str) -> Call<Echo>;

    #[post("/upload", replay = never)]
    fn upload(&self, #[body(mime = "text/csv")] rows: ByteStream) -> Call<Echo>;

    #[get("/priced")]
    fn priced(&self) -> Call<Echo, PricedError>;
}

/// The same with the token in a header of another name.
#[api_client(auth = header("token"))]
pub(crate) trait TokenApi: Send + Sync {
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    #[get("/items/{id}")]
    fn item(&self, id: u32) -> Call<Echo>;
}

/// The pair as the envelope back end gives it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EnvelopePair {
    pub(crate) token: String,
    pub(crate) refresh_token: String,
}

impl From<EnvelopePair> for Tokens {
    fn from(pair: EnvelopePair) -> Self {
        Self::new(pair.token).refresh_token(pair.refresh_token)
    }
}

/// An API that dresses its answers in an envelope.
#[api_client(
    auth = header("token"),
    envelope(code = "code", message = "msg", data = "data", ok = [0, 200]),
)]
pub(crate) trait EnvelopeApi: Send + Sync {
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[query("refreshToken")] refresh_token: &str) -> Call<EnvelopePair>;

    #[get("/items/{id}")]
    fn item(&self, id: u32) -> Call<Echo>;

    #[get("/export")]
    fn export(&self) -> Call<Bytes>;

    #[get("/motd", decode = text)]
    fn motd(&self) -> Call<String>;
}

/// How long a call waits for a refresh in these tests: no other number of a session, so that the
/// clock can tell who sleeps, and below the time that a refresh may take.
pub(crate) const WAIT: Duration = Duration::from_secs(14);

/// Where a test begins.
pub(crate) struct World {
    pub(crate) backend: Backend,
    pub(crate) clock: Hands,
    pub(crate) session: Session,
    pub(crate) api: ShopApiClient,
    /// The pair that the session starts with: A1 and R1.
    pub(crate) pair: Pair,
}

impl World {
    /// A plain back end with "ada" signed in, whose tokens tell no lifetime.
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

    /// The same, reaching the back end by a name that the test resolves.
    pub(crate) fn by_name(options: impl FnOnce(SessionBuilder) -> SessionBuilder) -> (Self, Names) {
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
    pub(crate) fn with(
        backend: Backend,
        options: impl FnOnce(SessionBuilder) -> SessionBuilder,
        client: impl FnOnce(Builder<ShopApiClient>) -> Builder<ShopApiClient>,
    ) -> Self {
        let pair = backend.sign_in("ada");
        let clock = Hands::new();
        let builder = Session::builder()
            .clock(clock.clone())
            .waiter_timeout(WAIT)
            .tokens(tokens(&pair));
        let session = options(builder).build().expect("the options fit together");
        let builder = ShopApiClient::builder()
            .base_url(backend.url())
            .session(session.clone());
        let api = client(builder).build().expect("the client can be built");
        Self {
            backend,
            clock,
            session,
            api,
            pair,
        }
    }

    /// Lets A1 expire, so that the next call finds out.
    pub(crate) fn expired(self) -> Self {
        self.backend.expire(&self.pair.access);
        self
    }

    /// Starts `GET /items/1` as a task.
    pub(crate) fn spawn_item(&self) -> JoinHandle<perennial::Result<Echo>> {
        tokio::spawn(self.api.item(1))
    }

    /// Starts `GET /items/1` `count` times as tasks.
    pub(crate) fn spawn_items(&self, count: usize) -> Vec<JoinHandle<perennial::Result<Echo>>> {
        (0..count).map(|_| self.spawn_item()).collect()
    }

    /// The access token that the session holds.
    pub(crate) fn access(&self) -> Option<String> {
        self.session
            .tokens()
            .map(|tokens| tokens.access().expose().to_owned())
    }

    /// The refresh token that the session holds.
    pub(crate) fn refresh_token(&self) -> Option<String> {
        let tokens = self.session.tokens()?;
        tokens.refresh().map(|token| token.expose().to_owned())
    }
}

/// A pair as a session takes it, without a lifetime.
pub(crate) fn tokens(pair: &Pair) -> Tokens {
    Tokens::new(pair.access.clone()).refresh_token(pair.refresh.clone())
}

/// The value of a task that must not have panicked.
pub(crate) async fn join<T>(task: JoinHandle<T>) -> T {
    task.await.expect("the task ran to its end")
}
