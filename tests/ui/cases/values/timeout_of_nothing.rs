use perennial::{Call, api_client};

#[api_client(timeout = "0s")]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
