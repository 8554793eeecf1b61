#[api_client(auth = any(all(bearer, header("X-App-Id")), query("key"), none), retry(max = 2, on = [connect, 429, "5XX"]))]
pub trait KeysApi: Send + Sync {
    #[post("/token", refresh, auth = all(basic, cookie("app")))]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<TokenPair>;

    #[get("/key", auth = query("key"), retry = none)]
    fn key(&self, #[query] page: u32) -> Call<String>;

    #[post("/again", retry(max = 1, on = [503]))]
    fn again(&self, #[json] body: &Body) -> Call<()>;

    #[get("/optional", auth = optional(any(cookie("sid"), header("Authorization", prefix = "Token "))))]
    fn optional(&self, #[cookie] theme: &str) -> Call<String>;
}
