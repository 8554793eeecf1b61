use perennial::{Call, api_client};

#[api_client(session(from = [header]))]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
