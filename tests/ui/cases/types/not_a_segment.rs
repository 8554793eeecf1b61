use perennial::{Call, api_client};

pub struct UserId;

#[api_client]
pub trait ShopApi {
    #[get("/users/{id}")]
    fn user(&self, id: UserId) -> Call<String>;
}

fn main() {}
