use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[query(default = 1)] page: u8) -> Call<String>;
}

fn main() {}
