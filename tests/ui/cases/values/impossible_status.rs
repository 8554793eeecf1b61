use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users", ok(99, "2X", 2))]
    fn users(&self) -> Call<String>;
}

fn main() {}
