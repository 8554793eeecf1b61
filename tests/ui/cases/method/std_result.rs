use perennial::{ApiError, api_client};

#[api_client]
pub trait ShopApi {
    #[get("/users")]
    async fn users(&self) -> std::result::Result<String, ApiError>;
}

fn main() {}
