//! Generic methods, `impl Trait`, lifetimes, and bodies that a person wrote.

use perennial::{Call, Result, api_client};
use serde::{Serialize, de::DeserializeOwned};
use std::{borrow::Cow, sync::Arc};

#[api_client]
pub trait ShopApi: Send + Sync {
    #[post("/search")]
    fn search<Q: Serialize + ?Sized, T: Serialize>(&self, #[json] query: &Q, #[query] ids: &[T]) -> Call<String>;

    #[get("/things/{kind}")]
    fn thing<T>(&self, kind: &str) -> Call<T>
    where
        T: DeserializeOwned + Send + 'static;

    #[get("/tags")]
    fn tags<'t>(&self, #[query] tags: &'t [Cow<'_, str>], #[query] other: impl Serialize) -> Call<Vec<String>>;

    #[get("/plain")]
    fn plain(&self) -> Call<u8>;

    fn twice(&self) -> (Call<u8>, Call<u8>) {
        (self.plain(), self.plain())
    }

    fn through<F: Fn(&str) -> u8>(&self, mut read: F, (a, b): (&str, &str)) -> u8
    where
        Self: Sized,
    {
        let both = &mut read;
        both(a) + both(b)
    }

    async fn sum(&self) -> Result<u8> {
        let (first, second) = self.twice();
        Ok(first.await? + second.await?)
    }
}

fn main() {
    let client = ShopApiClient::builder().base_url("http://localhost").build().expect("it is complete");
    drop(client.search("red", &[1, 2]));
    drop(client.thing::<u8>("shoe"));
    drop(client.tags(&["a".into()], 1));
    drop(client.twice());
    assert_eq!(client.through(|text| text.len() as u8, ("a", "b")), 2);
    drop(client.sum());
    fn send(_: impl Send) {}
    send(client.sum());
    let shared: Arc<dyn ShopApi> = Arc::new(client);
    drop(shared.twice());
}
