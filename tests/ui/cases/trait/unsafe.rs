use perennial::{Call, api_client};

#[api_client]
pub unsafe trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
