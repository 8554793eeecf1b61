use perennial::api_client;

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Vec<String>;
}

fn main() {}
