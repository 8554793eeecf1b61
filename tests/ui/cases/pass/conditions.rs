//! Methods and arguments that come and go with a condition, and attributes that are carried over.
#![deny(warnings)]

use perennial::{Call, api_client};

#[api_client]
#[doc(alias = "shop")]
pub trait ShopApi {
    /// Only somewhere.
    #[cfg(any())]
    #[get("/nowhere")]
    fn nowhere(&self, #[query] page: Missing) -> Call<Missing>;

    #[cfg(all())]
    #[get("/users")]
    fn users(&self, #[cfg(any())] #[query] page: Missing, #[query] limit: u32) -> Call<String>;

    #[cfg_attr(all(), doc = "Documented.")]
    #[get("/old")]
    #[deprecated(note = "use `users`")]
    fn old(&self) -> Call<String>;

    #[post("/either")]
    fn either(&self, #[cfg(all())] #[json] body: &str, #[cfg(any())] #[form] body: Missing) -> Call<()>;

    #[get("/many")]
    #[allow(clippy::too_many_arguments, reason = "the server asks for all")]
    fn many(&self, #[query] a: u8, #[query] b: u8, #[query] c: u8, #[query] d: u8, #[query] e: u8, #[query] f: u8, #[query] g: u8) -> Call<()>;
}

#[api_client]
#[cfg(any())]
trait Gone {
    #[get("/gone")]
    fn gone(&self) -> Call<Missing>;
}

fn main() {
    let client = ShopApiClient::builder().build();
    if let Ok(client) = client {
        drop(client.users(10));
    }
}
