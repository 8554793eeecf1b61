use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[query(style = comma)] ids: &[u8]) -> Call<String>;
}

fn main() {}
