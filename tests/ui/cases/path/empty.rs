use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users/{}")]
    fn user(&self) -> Call<String>;
}

fn main() {}
