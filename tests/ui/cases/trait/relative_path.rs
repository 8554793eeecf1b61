use perennial::{Call, api_client};

#[api_client(path = "v1")]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
