//! `automock` stands below and sees the finished trait: generic methods, elided lifetimes, bodies.

use mockall::{automock, predicate};
use perennial::{Call, Response, api_client};
use serde::Serialize;

#[api_client]
#[automock]
pub trait ShopApi: Send + Sync {
    #[get("/users/{id}", none(404))]
    fn user(&self, id: &str) -> Call<Option<String>>;

    #[get("/users")]
    fn users(
        &self,
        #[query(default = 1)] page: Option<u32>,
        #[query] name: Option<&str>,
        #[query] ids: &[&str],
    ) -> Call<Response<Vec<String>>>;

    #[get("/search")]
    fn search<T: Serialize + Send + 'static>(&self, #[query] what: T) -> Call<Vec<String>>;

    fn me(&self) -> Call<Option<String>> {
        self.user("me")
    }
}

fn main() {
    let mut mock = MockShopApi::new();
    mock.expect_user()
        .with(predicate::eq("7"))
        .returning(|id| Call::ready(Ok(Some(id.to_owned()))));
    mock.expect_users().returning(|_, _, _| Call::unimplemented("users"));
    let api: &dyn ShopApi = &mock;
    drop(api.user("7"));
    drop(api.users(None, Some("Ada"), &["7"]));
}
