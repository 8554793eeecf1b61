use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[head("/users")]
    fn users(&self) -> Call<Vec<String>>;
}

fn main() {}
