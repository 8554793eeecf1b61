use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users/{id}")]
    fn users(&self, (a, b): (u8, u8)) -> Call<String>;
}

fn main() {}
