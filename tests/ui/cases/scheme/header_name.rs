use perennial::{Call, api_client};

#[api_client(auth = any(bearer, header("X Key")))]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
