use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users/{id}")]
    fn user(&self) -> Call<String>;
}

fn main() {}
