use perennial::{ByteStream, Call, api_client};

#[api_client(auth = bearer)]
pub trait ShopApi {
    #[post("/import")]
    fn import(&self, #[body] rows: ByteStream) -> Call<String>;
}

fn main() {}
