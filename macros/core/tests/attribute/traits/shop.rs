/// Docs are kept, on the trait and on the client.
#[api_client(
    base_url = "https://api.example.com",
    path = "/v1/{tenant}",
    auth = bearer,
    session(refresh = 401, expired = none, from = [status, envelope]),
    envelope = crate::Wrapped,
    headers("User-Agent" = concat!("demo/", env!("CARGO_PKG_VERSION"))),
    timeout = "10s",
    rename_all = "camelCase",
    crate = my_sdk::perennial,
)]
#[cfg_attr(test, mockall::automock)]
pub trait ShopApi: Send + Sync
where
    Self: 'static,
{
    #[post("/token", refresh, auth = basic)]
    fn refresh(&self, #[field] refresh_token: Secret, #[field] scope: Option<&str>, #[params] more: &More) -> Call<TokenPair>;

    #[post("/login", auth = none)]
    fn login(&self, #[form] credentials: &Credentials) -> Call<TokenPair, LoginError>;

    /// One user.
    #[get("/users/{id}", none(404))]
    fn user(&self, id: UserId) -> Call<Option<User>>;

    #[get("/users?sort=asc", headers("Accept-Language" = "en"))]
    fn users(
        &self,
        #[query(default = 1)] page: Option<u32>,
        #[query("per_page")] limit: Option<u32>,
        #[query(style = csv)] ids: &[u64],
        #[query(flatten)] filter: &UserFilter,
        #[header] if_none_match: Option<&str>,
        #[cookie] session_id: Cow<'_, str>,
    ) -> Call<Response<Option<Vec<User>>>>;

    #[get("/users/{owner}/files/{*rest}", timeout = none)]
    fn download(&self, owner: &str, rest: &str, #[header] range: Option<ByteRange>) -> perennial::Call<Bytes>;

    #[put("/users/{id}", ok(200, 201, "3XX"), timeout = "1500ms")]
    async fn put_user(&self, id: UserId, #[json] user: Option<&User>) -> Result<User, PutUserError>;

    #[post("/import", replay = never)]
    fn import(&mut self, #[body(mime = "text/csv")] rows: ByteStream) -> Call<Job>;

    #[request("PURGE", "/cache/{key}.{extension}")]
    #[deprecated(note = "use `invalidate`")]
    #[cfg(feature = "admin")]
    fn purge(&self, key: &str, extension: &str, #[cfg(feature = "dry")] #[query] dry: bool) -> Call<()>;

    #[get]
    fn next(&self, #[url] url: &Url) -> Call<Vec<User>>;

    #[get("/search", allow_body)]
    fn search<Q: Serialize>(&self, #[json] query: &Q) -> Call<Hits>
    where
        Q: Sync;

    #[get("/motd", decode = text)]
    fn message_of_the_day(&self) -> Call<Motd>;

    #[get("/report", decode = crate::Csv)]
    fn report(&self, #[query(style = deepObject)] r#type: &Kind) -> Call<Report>;

    fn me(&self) -> Call<Option<User>> {
        self.user(UserId::ME)
    }

    async fn name(&self, (first, last): (&str, &str), suffix: Option<&str>) -> Result<String> {
        Ok(format!("{first} {last} {suffix:?}"))
    }
}
