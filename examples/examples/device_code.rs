//! Signs in on a device without a browser (RFC 8628), then calls an API with a session that renews
//! itself.
//!
//! ```text
//! cargo run -p perennial-examples --features rustls --example device_code -- \
//!     https://login.example.com my-client-id "openid offline_access" https://api.example.com/me
//! ```

#[path = "sign_in/server.rs"]
mod server;

use perennial::{ApiError, Call, Model, OAuth2, OAuth2Tokens, Session, api_client};
use server::{Metadata, discover, split};
use std::{error::Error, time::Duration};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The endpoints that a device talks to.
#[api_client]
trait DeviceServer: Send + Sync {
    #[post("/{*path}")]
    fn authorize(
        &self,
        path: &str,
        #[field] client_id: &str,
        #[field] scope: &str,
    ) -> Call<Authorization, Refusal>;

    #[post("/{*path}")]
    fn token(
        &self,
        path: &str,
        #[field] grant_type: &str,
        #[field] client_id: &str,
        #[field] device_code: &str,
    ) -> Call<OAuth2Tokens, Refusal>;
}

/// What the user is to be told (section 3.2).
#[derive(Clone, Model)]
struct Authorization {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: Option<String>,
    /// In seconds.
    expires_in: u64,
    /// In seconds; five if it is not said.
    interval: Option<u64>,
}

/// Anything that is no success.
#[derive(Debug, ApiError)]
enum Refusal {
    #[status(default)]
    Any(Why),
}

#[derive(Clone, Debug, Model)]
struct Why {
    error: String,
    error_description: Option<String>,
}

/// The API: any page of it.
#[api_client(auth = bearer)]
trait Api: Send + Sync {
    #[get("/{*path}", decode = text)]
    fn page(&self, path: &str) -> Call<String>;
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    run(&words, |line| println!("{line}"), tokio::time::sleep).await
}

/// The program, with a voice and a way to wait.
pub(crate) async fn run(
    words: &[String],
    say: impl Fn(&str),
    wait: impl AsyncFn(Duration),
) -> Result<(), Box<dyn Error>> {
    let [issuer, client_id, scope, api] = words else {
        return Err("expected four arguments: ISSUER CLIENT_ID SCOPES API_URL".into());
    };
    let metadata = discover(issuer).await?;
    let tokens = sign_in(&metadata, client_id, scope, &say, wait).await?;
    let session = Session::builder()
        .tokens(tokens)
        .refresh_with(OAuth2::new(metadata.token_endpoint, client_id))
        .build()?;
    let (origin, path) = split(api)?;
    let api = ApiClient::builder().base_url(origin).session(session);
    say(&api.build()?.page(&path).await?);
    Ok(())
}

async fn sign_in(
    metadata: &Metadata,
    client_id: &str,
    scope: &str,
    say: &impl Fn(&str),
    wait: impl AsyncFn(Duration),
) -> Result<OAuth2Tokens, Box<dyn Error>> {
    let endpoint = metadata.device_authorization_endpoint.as_deref();
    let endpoint = endpoint.ok_or("the server knows no sign-in by device code")?;
    let (origin, path) = split(endpoint)?;
    let server = DeviceServerClient::builder().base_url(origin).build()?;
    let device = server.authorize(&path, client_id, scope).await?;
    match &device.verification_uri_complete {
        Some(complete) => say(&format!("open {complete}")),
        None => say(&format!("open {}", device.verification_uri)),
    }
    say(&format!("and see that it shows {}", device.user_code));
    poll(&metadata.token_endpoint, client_id, &device, wait).await
}

/// Section 3.5: asks no faster than it may, until the user has answered.
async fn poll(
    endpoint: &str,
    client_id: &str,
    device: &Authorization,
    wait: impl AsyncFn(Duration),
) -> Result<OAuth2Tokens, Box<dyn Error>> {
    let (origin, path) = split(endpoint)?;
    let server = DeviceServerClient::builder().base_url(origin).build()?;
    let mut interval = Duration::from_secs(device.interval.unwrap_or(5).max(1));
    let mut left = Duration::from_secs(device.expires_in);
    while let Some(rest) = left.checked_sub(interval) {
        left = rest;
        wait(interval).await;
        match server
            .token(&path, GRANT, client_id, &device.device_code)
            .await
        {
            Ok(tokens) => return Ok(tokens),
            Err(perennial::Error::Api(refusal)) => {
                let Refusal::Any(why) = refusal.value;
                match why.error.as_str() {
                    "authorization_pending" => {}
                    // From now on.
                    "slow_down" => interval += Duration::from_secs(5),
                    "access_denied" => return Err("the user said no".into()),
                    "expired_token" => break,
                    other => return Err(format!("the sign-in was refused: {other}").into()),
                }
            }
            // A server that does not answer is asked half as often.
            Err(perennial::Error::Transport(_)) => interval *= 2,
            Err(error) => return Err(error.into()),
        }
    }
    Err("the code has expired; start again".into())
}
