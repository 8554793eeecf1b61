use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users?q={q}")]
    fn users(&self, q: &str) -> Call<String>;
}

fn main() {}
