use perennial::{Call, api_client};

#[api_client(rename_all = "camelcase")]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
