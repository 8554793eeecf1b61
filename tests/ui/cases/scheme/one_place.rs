use perennial::{Call, api_client};

#[api_client(auth = all(bearer, basic))]
pub trait FirstApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

#[api_client(auth = all(header("X-Key"), header("x-key")))]
pub trait SecondApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

#[api_client(auth = all(query("key"), bearer, query("key")))]
pub trait ThirdApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

#[api_client(auth = all(header("Authorization", prefix = "Token "), bearer))]
pub trait FourthApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
