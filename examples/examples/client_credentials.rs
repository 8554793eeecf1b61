//! A service that acts for itself (RFC 6749, section 4.4): nobody signs in, and the token is
//! shared by all its processes through a file.
//!
//! ```text
//! CLIENT_SECRET=… cargo run -p perennial-examples --features rustls --example client_credentials -- \
//!     https://login.example.com my-service "reports.read" https://api.example.com/reports token.json
//! ```

#[path = "sign_in/server.rs"]
mod server;

use perennial::{Call, FileStore, OAuth2, Session, api_client};
use server::{discover, split};
use std::error::Error;

/// The API: any page of it.
#[api_client(auth = bearer)]
trait Api: Send + Sync {
    #[get("/{*path}", decode = text)]
    fn page(&self, path: &str) -> Call<String>;
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    // Arguments are seen by everyone on the machine.
    let secret = std::env::var("CLIENT_SECRET").map_err(|_| "expected CLIENT_SECRET")?;
    run(&words, &secret, |line| println!("{line}")).await
}

/// The program, with a voice.
pub(crate) async fn run(
    words: &[String],
    secret: &str,
    say: impl Fn(&str),
) -> Result<(), Box<dyn Error>> {
    let [issuer, client_id, scope, api, file] = words else {
        return Err("expected five arguments: ISSUER CLIENT_ID SCOPES API_URL FILE".into());
    };
    let metadata = discover(issuer).await?;
    let refresher = OAuth2::new(metadata.token_endpoint, client_id)
        .client_secret_post(secret)
        .scopes(scope.split(' '))
        .client_credentials();
    let session = Session::builder()
        .refresh_with(refresher)
        .store(FileStore::new(file))
        .build()?;
    let (origin, path) = split(api)?;
    let api = ApiClient::builder()
        .base_url(origin)
        .session(session.clone());
    say(&api.build()?.page(&path).await?);
    session.close().await;
    Ok(())
}
