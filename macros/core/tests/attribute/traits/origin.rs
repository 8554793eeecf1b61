/// A back end that answers in envelopes.
#[api_client(
    auth = header("token"),
    session(refresh = 401, expired = 402, from = [envelope]),
    envelope(code = "code", message = "msg", data = "data", ok = [0, 200]),
)]
pub(crate) trait OriginApi: Send + Sync {
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[query("refreshToken")] refresh_token: &str) -> Call<Pair>;

    #[get("/user/info")]
    fn info(&self) -> Call<User>;

    #[post("/order", ok(200, 409), auth = optional(header("token", prefix = "T ")))]
    fn order(&self, #[json] order: &Order) -> Call<Placed, OrderError>;
}
