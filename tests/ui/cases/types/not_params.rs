use perennial::{Call, api_client};

pub struct Options;

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[params] options: &Options) -> Call<String>;
}

fn main() {}
