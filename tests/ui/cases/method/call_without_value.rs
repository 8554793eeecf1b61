use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[delete("/users/{id}")]
    fn delete_user(&self, id: u64) -> Call;
}

fn main() {}
