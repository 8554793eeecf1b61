use perennial::{Call, api_client};

#[api_client(retry(max = 2))]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
