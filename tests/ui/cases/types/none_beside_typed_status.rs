use perennial::{ApiError, Call, api_client};

#[derive(Debug, ApiError)]
pub enum UserError {
    #[status(404)]
    Missing,
}

#[api_client]
pub trait ShopApi {
    #[get("/users/{id}", none(404))]
    fn user(&self, id: u64) -> Call<Option<Vec<String>>, UserError>;
}

fn main() {}
