use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users?sort=asc")]
    fn users(&self, #[query] page: u8, #[query("page")] at: u8, #[query] sort: &str) -> Call<String>;
}

fn main() {}
