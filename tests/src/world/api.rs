//! The API under test, in the dialects that the back end speaks.

use perennial::{ApiError, ByteStream, Bytes, Call, OAuth2Tokens, Tokens, api_client};
use serde::Deserialize;

/// What the back end says about a request it liked.
#[derive(Clone, Debug, Deserialize)]
pub struct Echo {
    /// The HTTP method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query.
    pub query: Option<String>,
    /// The body, as text.
    pub body: String,
    /// Whose token it carried.
    pub user: Option<String>,
}

/// 402 means something of its own to this method.
#[derive(Debug, ApiError)]
pub enum PricedError {
    /// It costs something.
    #[status(402)]
    PaymentRequired(Price),
    /// Everything else.
    #[status(default)]
    Other(Bytes),
}

/// What it costs.
#[derive(Debug, Deserialize)]
pub struct Price {
    /// How much.
    pub cents: u32,
}

/// An API that speaks plain HTTP status codes.
#[api_client(auth = bearer)]
pub trait ShopApi: Send + Sync {
    /// Renews the session.
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    /// Signs in.
    #[post("/login", auth = none)]
    fn login(&self, #[field] user: &str) -> Call<OAuth2Tokens>;

    /// Echoes.
    #[get("/items/{id}")]
    fn item(&self, id: u32) -> Call<Echo>;

    /// Echoes what was put.
    #[put("/items/{id}")]
    fn put_item(
        &self,
        id: u32,
        #[query] notify: bool,
        #[header] if_match: &str,
        #[json] body: &serde_json::Value,
    ) -> Call<Echo>;

    /// Echoes what was patched.
    #[patch("/items/{id}")]
    fn patch_item(
        &self,
        id: u32,
        #[header] if_match: &str,
        #[header] accept_language: &str,
        #[json] body: &serde_json::Value,
    ) -> Call<Echo>;

    /// Echoes what was ordered.
    #[post("/orders")]
    fn order(
        &self,
        #[header] idempotency_key: &str,
        #[json] body: &serde_json::Value,
    ) -> Call<Echo>;

    /// Echoes, when the test lets it.
    #[get("/slow")]
    fn slow(&self) -> Call<Echo>;

    /// What the test says.
    #[get("/forbidden")]
    fn forbidden(&self) -> Call<Echo>;

    /// Needs no token.
    #[get("/open/{name}", auth = none)]
    fn open(&self, name: &str) -> Call<Echo>;

    /// Takes a body that can be sent once.
    #[post("/upload", replay = never)]
    fn upload(&self, #[body(mime = "text/csv")] rows: ByteStream) -> Call<Echo>;

    /// May cost something.
    #[get("/priced")]
    fn priced(&self) -> Call<Echo, PricedError>;
}

/// The same with the token in a header of another name.
#[api_client(auth = header("token"))]
pub trait TokenApi: Send + Sync {
    /// Renews the session.
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    /// Echoes.
    #[get("/items/{id}")]
    fn item(&self, id: u32) -> Call<Echo>;
}

/// The pair as the envelope back end gives it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvelopePair {
    /// The access token.
    pub token: String,
    /// The refresh token.
    pub refresh_token: String,
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
pub trait EnvelopeApi: Send + Sync {
    /// Renews the session.
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[query("refreshToken")] refresh_token: &str) -> Call<EnvelopePair>;

    /// Echoes.
    #[get("/items/{id}")]
    fn item(&self, id: u32) -> Call<Echo>;

    /// Bytes as they came.
    #[get("/export")]
    fn export(&self) -> Call<Bytes>;

    /// Text as it came.
    #[get("/motd", decode = text)]
    fn motd(&self) -> Call<String>;
}
