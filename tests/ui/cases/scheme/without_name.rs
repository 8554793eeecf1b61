use perennial::{Call, api_client};

#[api_client(auth = query)]
pub trait FirstApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

#[api_client(auth = cookie("a", "b"))]
pub trait SecondApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
