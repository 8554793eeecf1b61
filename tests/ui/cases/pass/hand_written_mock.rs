//! A mock writes only what its test needs.

use perennial::{Call, api_client};
use std::sync::Arc;

#[api_client]
pub trait ShopApi: Send + Sync {
    #[get("/users/{id}")]
    fn user(&self, id: u64) -> Call<String>;

    #[get("/users")]
    fn users(&self, #[query] page: Option<u32>) -> Call<Vec<String>>;
}

struct OneUser;

impl ShopApi for OneUser {
    fn user(&self, _: u64) -> Call<String> {
        Call::ready(Ok("Ada".to_owned()))
    }
}

fn main() {
    let api: Arc<dyn ShopApi> = Arc::new(OneUser);
    drop(api.user(1));
    drop(api.users(None));
}
