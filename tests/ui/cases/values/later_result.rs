use perennial::{ByteStream, Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<ByteStream>;
}

fn main() {}
