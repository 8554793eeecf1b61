use perennial::{Call, api_client};
use serde::de::DeserializeOwned;

#[api_client]
pub trait ShopApi {
    #[get("/things")]
    fn thing<T: DeserializeOwned>(&self) -> Call<Option<T>>;
}

fn main() {}
