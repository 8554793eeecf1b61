use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("https://example.com/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
