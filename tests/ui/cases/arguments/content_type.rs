use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[post("/users")]
    fn add(&self, #[json] user: &str, #[header] content_type: &str) -> Call<String>;
}

fn main() {}
