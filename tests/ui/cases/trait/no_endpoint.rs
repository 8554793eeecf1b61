use perennial::api_client;

#[api_client]
pub trait ShopApi {}

fn main() {}
