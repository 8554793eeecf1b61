#[api_client(auth = any(all(bearer, header("X-App-Id")), query("key"), none))]
pub trait KeysApi: Send + Sync {
    #[post("/token", refresh, auth = all(basic, cookie("app")))]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<TokenPair>;

    #[get("/key", auth = query("key"))]
    fn key(&self, #[query] page: u32) -> Call<String>;

    #[get("/optional", auth = optional(any(cookie("sid"), header("Authorization", prefix = "Token "))))]
    fn optional(&self, #[cookie] theme: &str) -> Call<String>;
}
