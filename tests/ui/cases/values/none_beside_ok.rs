use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users", ok(200, 404), none(404))]
    fn users(&self) -> Call<Option<String>>;
}

fn main() {}
