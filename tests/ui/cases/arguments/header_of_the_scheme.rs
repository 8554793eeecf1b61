use perennial::{Call, api_client};

#[api_client(auth = header("X-Token"))]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[header] x_token: &str) -> Call<String>;
}

fn main() {}
