use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[query("filter", flatten)] filter: &str) -> Call<String>;
}

fn main() {}
