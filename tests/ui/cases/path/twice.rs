use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users/{id}/friends/{id}")]
    fn friend(&self, id: u64) -> Call<String>;
}

fn main() {}
