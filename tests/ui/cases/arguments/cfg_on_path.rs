use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users/{id}")]
    fn user(&self, #[cfg(all())] id: u8) -> Call<String>;
}

fn main() {}
