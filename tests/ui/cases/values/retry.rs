use perennial::{Call, api_client};

#[api_client(retry(max = 0, on = [conect, 503]))]
pub trait FirstApi {
    #[get("/users", retry(max = 2))]
    fn users(&self) -> Call<String>;

    #[get("/codes", retry(max = 11, on = [200, 401, "4XX", 503, 503]))]
    fn codes(&self) -> Call<String>;

    #[get("/often", retry(on = [503]))]
    fn often(&self) -> Call<String>;

    #[get("/word", retry = never)]
    fn word(&self) -> Call<String>;

    #[get("/list", retry(max = 2, on = 503))]
    fn list(&self) -> Call<String>;
}

#[api_client(retry = none)]
pub trait SecondApi {
    #[post("/once", replay = never, retry(max = 2, on = [503]))]
    fn once(&self, #[json] body: &str) -> Call<String>;

    #[post("/token", refresh, retry(max = 2, on = [connect]))]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<perennial::OAuth2Tokens>;
}

fn main() {}
