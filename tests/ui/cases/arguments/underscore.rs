use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[query] _: u8) -> Call<String>;
}

fn main() {}
