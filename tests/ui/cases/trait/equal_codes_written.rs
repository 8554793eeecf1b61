use perennial::{Call, api_client};

#[api_client(session(refresh = 401, expired = 401))]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
