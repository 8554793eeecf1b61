use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/token#refresh")]
    fn token(&self) -> Call<String>;
}

fn main() {}
