use perennial::{Call, OAuth2Tokens, api_client};

#[api_client]
pub trait ShopApi {
    #[post("/token", refresh)]
    fn refresh(&self) -> Call<OAuth2Tokens>;
}

fn main() {}
