use perennial::{Call, api_client};

#[api_client(base_url = "https://{tenant}.example.com")]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
