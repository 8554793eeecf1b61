use perennial::{Call, api_client};

#[api_client(session(refresh = 402))]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
