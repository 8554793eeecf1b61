use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[query] #[header] page: u32) -> Call<String>;
}

fn main() {}
