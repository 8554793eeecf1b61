use perennial::{Call, api_client};

pub struct User;

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<User>;
}

fn main() {}
