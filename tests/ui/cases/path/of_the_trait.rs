use perennial::{Call, api_client};

#[api_client(path = "/{tenant}")]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, tenant: &str) -> Call<String>;
}

fn main() {}
