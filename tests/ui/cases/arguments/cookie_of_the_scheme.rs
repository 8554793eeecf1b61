use perennial::{Call, api_client};

#[api_client(auth = all(bearer, cookie("sid")))]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self, #[cookie] sid: &str) -> Call<String>;
}

fn main() {}
