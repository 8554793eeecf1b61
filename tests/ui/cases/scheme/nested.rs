use perennial::{Call, api_client};

#[api_client(auth = any(bearer, any(basic, cookie("sid"))))]
pub trait FirstApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

#[api_client(auth = all(bearer, all(query("a"), query("b"))))]
pub trait SecondApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

#[api_client(auth = all(bearer, any(query("a"), query("b"))))]
pub trait ThirdApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

#[api_client(auth = any(optional(bearer), basic))]
pub trait FourthApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

#[api_client(auth = optional(any(bearer, none)))]
pub trait FifthApi {
    #[get("/users")]
    fn users(&self) -> Call<String>;
}

fn main() {}
