use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    fn users(&self) -> Call<String>;
}

fn main() {}
