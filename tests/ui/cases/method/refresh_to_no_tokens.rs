use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[post("/token", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<Vec<String>>;
}

fn main() {}
