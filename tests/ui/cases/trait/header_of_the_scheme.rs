use perennial::{Call, api_client};

#[api_client(auth = bearer, headers("Authorization" = "Bearer 7"))]
pub trait ShopApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
