use perennial::{Call, api_client};

#[api_client(auth = any(bearer, cokie("sid")))]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
