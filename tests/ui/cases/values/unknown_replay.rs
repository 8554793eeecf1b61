use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users", replay = nevr)]
    fn users(&self) -> Call<String>;
}

fn main() {}
