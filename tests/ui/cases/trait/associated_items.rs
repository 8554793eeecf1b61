use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    const LIMIT: u32;
    type User;

    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
