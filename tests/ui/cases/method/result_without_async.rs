use perennial::{Result, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Result<String>;
}

fn main() {}
