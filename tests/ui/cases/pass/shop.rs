//! Everything at once: each verb, each kind of argument, each kind of result.

use perennial::{ApiError, Bytes, Call, OAuth2Tokens, Response, Result, api_client};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub struct User {
    pub name: String,
}

#[derive(Serialize)]
pub struct Filter {
    pub role: Option<String>,
}

#[derive(Clone, Copy, Serialize)]
pub struct UserId(u64);

impl UserId {
    const ME: UserId = UserId(0);
}

pub struct Secret(String);

/// Docs are kept.
#[api_client(
    base_url = "https://api.example.com",
    path = "/v1/{tenant}",
    auth = bearer,
    session(refresh = 401, expired = 402, from = [status, envelope]),
    envelope(code = "code", message = "msg", data = "data", ok = [0, 200]),
    headers("User-Agent" = concat!("demo/", env!("CARGO_PKG_VERSION"))),
    timeout = "10s",
    rename_all = "camelCase",
)]
pub trait ShopApi: Send + Sync {
    /// Renews.
    #[post("/token", refresh, auth = basic)]
    fn refresh(&self, #[field] refresh_token: &str, #[field] scope: Option<&str>) -> Call<OAuth2Tokens>;

    #[post("/login", auth = none)]
    fn login(&self, #[form] credentials: &Filter) -> Call<OAuth2Tokens>;

    #[get("/users/{id}", none(404), auth = optional(bearer))]
    fn user(&self, id: UserId) -> Call<Option<User>>;

    #[get("/users?sort=asc", headers("Accept-Language" = "en"))]
    fn users(
        &self,
        #[query(default = 1)] page: Option<u32>,
        #[query("per_page")] limit: Option<u32>,
        #[query(style = csv)] ids: &[u64],
        #[query(flatten)] filter: &Filter,
        #[header] if_none_match: Option<&str>,
        #[cookie] session_id: Option<&str>,
    ) -> Call<Response<Option<Vec<User>>>>;

    #[get("/users/{owner}/files/{*rest}", timeout = none)]
    fn download(&self, owner: &str, rest: &str, #[header] range: Option<String>) -> Call<Bytes>;

    #[put("/users/{id}", ok(200, 201))]
    async fn put_user(&self, id: UserId, #[json] user: Option<&Filter>) -> Result<User>;

    #[post("/import", replay = never)]
    fn import(&self, #[body(mime = "text/csv")] rows: Vec<u8>) -> Call<()>;

    #[request("PURGE", "/cache/{key}.{extension}")]
    #[deprecated(note = "use `invalidate`")]
    fn purge(&self, key: &str, extension: &str) -> Call<()>;

    #[get]
    fn next(&self, #[url] url: &str) -> Call<Vec<User>>;

    #[post("/search")]
    fn search<Q: Serialize>(&self, #[json] query: &Q, #[query] request: u8) -> Call<User, ApiError>;

    #[get("/motd", decode = text)]
    fn message_of_the_day(&mut self) -> Call<String>;

    #[head("/users/{id}")]
    fn has_user(&self, id: UserId, #[query] r#type: &str) -> Call<Response<()>>;

    #[cfg(any())]
    #[get("/admin/{id}")]
    fn admin(&self, id: Missing) -> Call<()>;

    #[get("/clients")]
    fn client(&self) -> Call<Vec<User>>;

    fn me(&self) -> Call<Option<User>> {
        self.user(UserId::ME)
    }

    async fn name(&self, fallback: &str) -> Result<String> {
        Ok(self.me().await?.map_or_else(|| fallback.to_owned(), |user| user.name))
    }
}

fn shared(api: std::sync::Arc<dyn ShopApi>) -> Call<Option<User>> {
    api.user(UserId(1))
}

fn main() {
    let client = ShopApiClient::builder().build().expect("it is complete");
    let _ = client.user(UserId(2));
    let _ = client.search::<Filter>(&Filter { role: None }, 1);
    let _ = client.me();
    let _ = client.name("nobody");
    let _ = client.client();
    let _ = ShopApiClient::REFRESH;
    let _ = shared(std::sync::Arc::new(client.clone()));
    let _ = Secret(String::new()).0;
}
