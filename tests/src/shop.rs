//! The API that processes of the tests call.

use perennial::{Call, Error, OAuth2Tokens, api_client};
use serde::Deserialize;

/// What the back end says about a request it liked.
#[derive(Clone, Debug, Deserialize)]
pub struct Echo {
    /// The path it was sent to.
    pub path: String,
    /// Whose access token it carried.
    pub user: Option<String>,
}

/// An API that speaks plain HTTP status codes.
#[api_client(auth = bearer)]
pub trait Shop: Send + Sync {
    /// Renews the session.
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    /// Needs a token.
    #[get("/items/{id}")]
    fn item(&self, id: u32) -> Call<Echo>;
}

/// How a call went, in two words or three.
#[must_use]
pub fn outcome<T>(result: &perennial::Result<T>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(Error::Refresh(error)) => format!("refresh {:?}", error.kind()),
        Err(Error::SessionExpired(over)) => format!("over {:?}", over.reason()),
        Err(Error::SessionChanged(_)) => "changed".to_owned(),
        Err(other) => format!("failed {other}"),
    }
}
