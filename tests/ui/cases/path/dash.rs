use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users/{user-id}")]
    fn user(&self, user_id: u64) -> Call<String>;
}

fn main() {}
