use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users", none(404))]
    fn users(&self) -> Call<String>;
}

fn main() {}
