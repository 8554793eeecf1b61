use perennial::{Call, api_client};

pub struct Filter;

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[query] filter: &Filter) -> Call<String>;
}

fn main() {}
