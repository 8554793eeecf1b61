use perennial::{Call, api_client};

#[api_client(auth = query("key"), rename_all = "camelCase")]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[query] key: Option<&str>) -> Call<String>;

    #[get("/open", auth = none)]
    fn open(&self, #[query] key: &str) -> Call<String>;

    #[get("/mine", auth = any(bearer, query("apiKey")))]
    fn mine(&self, #[query] api_key: &str) -> Call<String>;
}

fn main() {}
