use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[url] url: &str) -> Call<String>;
}

fn main() {}
