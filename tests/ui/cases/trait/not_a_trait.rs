use perennial::api_client;

pub trait ShopApi {}

#[api_client]
impl ShopApi for () {}

fn main() {}
