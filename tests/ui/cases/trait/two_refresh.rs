use perennial::{Call, OAuth2Tokens, api_client};

#[api_client]
pub trait ShopApi {
    #[post("/token", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    #[post("/token/again", refresh)]
    fn refresh_again(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;
}

fn main() {}
