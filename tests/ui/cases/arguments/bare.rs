use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, page: u32) -> Call<String>;
}

fn main() {}
