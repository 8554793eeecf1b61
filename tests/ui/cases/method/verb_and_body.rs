use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String> {
        Call::unimplemented("users")
    }
}

fn main() {}
