use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[header("X Token")] token: &str) -> Call<String>;
}

fn main() {}
