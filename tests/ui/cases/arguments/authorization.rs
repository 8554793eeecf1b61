use perennial::{Call, api_client};

#[api_client(auth = bearer)]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[header] authorization: &str) -> Call<String>;
}

fn main() {}
