use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[header] accept: &str) -> Call<String>;
}

fn main() {}
