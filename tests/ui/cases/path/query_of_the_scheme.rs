use perennial::{Call, api_client};

#[api_client(auth = query("key"))]
pub trait ShopApi {
    #[get("/users?sort=asc&key=7")]
    fn users(&self) -> Call<String>;
}

fn main() {}
