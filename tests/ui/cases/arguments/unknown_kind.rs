use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[qurey] page: u8) -> Call<String>;
}

fn main() {}
