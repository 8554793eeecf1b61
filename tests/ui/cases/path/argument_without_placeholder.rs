use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn user(&self, #[path] id: u64) -> Call<String>;
}

fn main() {}
