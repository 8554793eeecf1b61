use perennial::{Call, api_client};

#[api_client]
pub trait ShopApi {
    #[request("get it", "/users")]
    fn users(&self) -> Call<String>;

    #[request("Get", "/users")]
    fn users_again(&self) -> Call<String>;
}

fn main() {}
