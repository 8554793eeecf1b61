use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users/{id}")]
    fn user(&self, idd: u64) -> Call<String>;

    #[get("/users")]
    fn users(&self, #[qurey] page: u32) -> Call<String>;

    #[post("/users", timout = "10s")]
    fn add_user(&self, #[json] user: &str) -> Call<String>;

    #[get("/health")]
    fn health(&self, #[query] verbose: bool) -> Call<String>;
}

fn main() {
    let client = ShopApiClient::builder().build().unwrap();
    let _: Call<String> = client.health(true);
}
