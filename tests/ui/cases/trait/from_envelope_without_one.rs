use perennial::{Call, api_client};

#[api_client(session(from = [envelope]))]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
