use perennial::{Call, api_client};

#[api_client(auth = all(bearer, none))]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
