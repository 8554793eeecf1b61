use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users/{user_id}")]
    fn user(&self, userid: u64) -> Call<String>;
}

fn main() {}
