use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[post("/users")]
    fn add(&self, #[part] picture: Vec<u8>) -> Call<String>;
}

fn main() {}
