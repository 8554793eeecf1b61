use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[post("/users")]
    fn add(&self, #[json] a: &str, #[form] b: &str) -> Call<String>;
}

fn main() {}
