use perennial::{Call, api_client};

#[api_client(base_url, session = 401)]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
