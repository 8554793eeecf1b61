use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/files/{name}")]
    fn file(&self, name: Vec<u8>) -> Call<String>;
}

fn main() {}
