//! The API beside the authorization server.

use perennial::{Call, Model, api_client};

/// Takes any access token that is alive.
#[api_client(auth = bearer)]
pub trait Api: Send + Sync {
    /// Whose token it was.
    #[get("/api")]
    fn whose(&self) -> Call<Whose>;
}

/// What the API knows of an access token.
#[derive(Clone, Debug, PartialEq, Model)]
pub struct Whose {
    /// Who is signed in; none for a service.
    pub user: Option<String>,
    /// The client it was given to.
    pub client: String,
    /// The resource it is for.
    pub audience: Option<String>,
    /// What it allows.
    pub scope: Option<String>,
}
