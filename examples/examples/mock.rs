//! Code that takes an API as a trait is tested without a server: a mock by hand, one by mockall, and `Arc<dyn …>`.

use mockall::predicate::eq;
use perennial::{Call, Error, Model, RequestError, api_client};
use std::sync::Arc;

/// The weather service.
#[api_client(base_url = "https://weather.example.com", auth = bearer)]
#[mockall::automock]
pub trait Weather: Send + Sync {
    /// The temperature at a place, in °C.
    #[get("/places/{place}/temperature")]
    fn temperature(&self, place: &str) -> Call<Temperature>;

    /// The names of all places.
    #[get("/places")]
    fn places(&self) -> Call<Vec<String>>;
}

/// A reading.
#[derive(Clone, Debug, PartialEq, Model)]
pub struct Temperature {
    /// Degrees Celsius.
    pub celsius: f64,
}

/// The code under test: it knows the trait alone.
async fn advice(weather: Arc<dyn Weather>, place: &str) -> perennial::Result<&'static str> {
    let reading = weather.temperature(place).await?;
    Ok(if reading.celsius < 10.0 {
        "take a coat"
    } else {
        "leave the coat"
    })
}

/// By hand: only what the test needs; the other methods answer that they are not implemented.
struct Cold;

impl Weather for Cold {
    fn temperature(&self, _: &str) -> Call<Temperature> {
        Call::ready(Ok(Temperature { celsius: -3.5 }))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> perennial::Result<()> {
    println!("by hand: {}", advice(Arc::new(Cold), "Oslo").await?);

    let unfinished = Cold.places().await.expect_err("`places` is not mocked");
    println!("what a mock leaves out says so: {unfinished}");

    let mut mock = MockWeather::new();
    mock.expect_temperature()
        .with(eq("Rome"))
        .times(1)
        .returning(|_| Call::ready(Ok(Temperature { celsius: 28.0 })));
    println!("by mockall: {}", advice(Arc::new(mock), "Rome").await?);

    let mut failing = MockWeather::new();
    failing
        .expect_temperature()
        .returning(|_| Call::ready(Err(Error::Request(RequestError::new("no such place")))));
    let error = advice(Arc::new(failing), "Atlantis")
        .await
        .expect_err("the mock fails");
    println!("an error passes through: {error}");
    Ok(())
}
