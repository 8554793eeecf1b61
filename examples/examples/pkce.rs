//! Signs in through the user's browser: authorization code with PKCE (RFC 7636) and a redirect to
//! this machine (RFC 8252), then calls an API with a session that renews itself.
//!
//! ```text
//! cargo run -p perennial-examples --features rustls --example pkce -- \
//!     https://login.example.com my-client-id "openid offline_access" https://api.example.com/me
//! ```
//!
//! The client must be registered with `http://127.0.0.1/callback`; the port is chosen when it runs.

#[path = "sign_in/callback.rs"]
mod callback;
#[path = "sign_in/server.rs"]
mod server;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use callback::Callback;
use perennial::{Call, OAuth2, OAuth2Tokens, Session, Url, api_client};
use server::{Metadata, discover, split};
use sha2::{Digest, Sha256};
use std::error::Error;

/// The token endpoint.
#[api_client]
trait TokenServer: Send + Sync {
    #[post("/{*path}")]
    fn token(
        &self,
        path: &str,
        #[field] grant_type: &str,
        #[field] client_id: &str,
        #[field] code: &str,
        #[field] redirect_uri: &str,
        #[field] code_verifier: &str,
    ) -> Call<OAuth2Tokens>;
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
    run(&words, |line| println!("{line}")).await
}

/// The program, with a voice.
pub(crate) async fn run(words: &[String], say: impl Fn(&str)) -> Result<(), Box<dyn Error>> {
    let [issuer, client_id, scope, api] = words else {
        return Err("expected four arguments: ISSUER CLIENT_ID SCOPES API_URL".into());
    };
    let metadata = discover(issuer).await?;
    let tokens = sign_in(&metadata, client_id, scope, &say).await?;
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
) -> Result<OAuth2Tokens, Box<dyn Error>> {
    let endpoint = metadata.authorization_endpoint.as_deref();
    let endpoint = endpoint.ok_or("the server knows no sign-in by browser")?;
    let callback = Callback::listen().await?;
    let (verifier, state) = (random()?, random()?);
    // RFC 7636, section 4.2: only who has the verifier can use the code.
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    let page = Url::parse_with_params(
        endpoint,
        [
            ("response_type", "code"),
            ("client_id", client_id),
            ("redirect_uri", callback.redirect_uri()),
            ("scope", scope),
            ("state", &state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            // OpenID Connect gives a refresh token to a user who agreed to that.
            ("prompt", "consent"),
        ],
    )?;
    say(&format!("open {page}"));
    let code = callback.code(&state, metadata).await?;
    let (origin, path) = split(&metadata.token_endpoint)?;
    let server = TokenServerClient::builder().base_url(origin).build()?;
    let grant = "authorization_code";
    let redirect = callback.redirect_uri();
    Ok(server
        .token(&path, grant, client_id, &code, redirect, &verifier)
        .await?)
}

/// 256 bits that nobody can guess.
fn random() -> Result<String, Box<dyn Error>> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|why| why.to_string())?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
