use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[post("/users")]
    fn add(&self, #[body(mime = "csv")] rows: &str) -> Call<String>;
}

fn main() {}
