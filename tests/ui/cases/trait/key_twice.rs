use perennial::{Call, api_client};

#[api_client(timeout = "10s", auth = none, timeout = "20s")]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
