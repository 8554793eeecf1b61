use perennial::{Call, api_client};

#[derive(Debug)]
pub struct Problem;

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String, Problem>;
}

fn main() {}
