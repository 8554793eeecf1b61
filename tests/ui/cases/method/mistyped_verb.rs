use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[gett("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
