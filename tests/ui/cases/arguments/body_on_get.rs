use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[json] filter: &str) -> Call<String>;
}

fn main() {}
