use perennial::{Call, api_client};

#[api_client(auth = cookie("a=b"))]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
