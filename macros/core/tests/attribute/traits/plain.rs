#[api_client]
trait PlainApi {
    #[get("/")]
    fn root(&self) -> Call<()>;
}
