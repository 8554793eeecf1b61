//! Each scheme, combinations and choices, and retries, on the trait and on a method.

use perennial::{Call, OAuth2Tokens, api_client};

#[api_client(auth = any(bearer, all(header("X-App-Id"), header("X-App-Secret")), none), retry(max = 2, on = [connect, 503]))]
pub trait ShopApi: Send + Sync {
    #[post("/token", refresh, auth = all(basic, header("X-App-Id")))]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    #[get("/users")]
    fn users(&self) -> Call<String>;

    #[get("/key", auth = query("key"))]
    fn key(&self, #[query] page: u32) -> Call<String>;

    #[get("/sid", auth = cookie("sid"))]
    fn sid(&self, #[cookie] theme: &str) -> Call<String>;

    #[get("/optional", auth = optional(any(basic, all(cookie("sid"), query("key")))))]
    fn optional(&self) -> Call<String>;

    #[get("/once", retry = none)]
    fn once(&self) -> Call<String>;

    #[post("/again", retry(max = 1, on = [429, "5XX"]))]
    fn again(&self, #[json] body: &str) -> Call<String>;

    #[get("/open", auth = none)]
    fn open(&self, #[query] key: &str) -> Call<String>;
}

fn main() {}
