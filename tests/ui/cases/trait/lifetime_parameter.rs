use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi<'a> {
    #[get("/users/{id}")]
    fn user(&self, id: &'a str) -> Call<String>;
}

fn main() {}
