use perennial::{Call, api_client};

#[api_client(auth = any(bearer))]
pub trait FirstApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

#[api_client(auth = all(query("key")))]
pub trait SecondApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
