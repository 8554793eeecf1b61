//! What an authorization server says about itself (RFC 8414, OpenID Connect Discovery).

use perennial::{Call, Model, Url, api_client};
use std::error::Error;

/// The two places where a server describes itself.
#[api_client]
trait Discovery: Send + Sync {
    #[get("/{*path}")]
    fn metadata(&self, path: &str) -> Call<Metadata>;
}

/// Its endpoints, as far as a sign-in needs them.
#[derive(Clone, Debug, Model)]
pub(crate) struct Metadata {
    pub(crate) issuer: String,
    pub(crate) token_endpoint: String,
    pub(crate) authorization_endpoint: Option<String>,
    pub(crate) device_authorization_endpoint: Option<String>,
    pub(crate) authorization_response_iss_parameter_supported: Option<bool>,
}

/// Asks the issuer for its endpoints.
pub(crate) async fn discover(issuer: &str) -> Result<Metadata, Box<dyn Error>> {
    let issuer = issuer.trim_end_matches('/');
    let (origin, path) = split(issuer)?;
    let client = DiscoveryClient::builder().base_url(origin).build()?;
    let joined = |words: [&str; 2]| words.map(|word| word.trim_matches('/')).join("/");
    let openid = joined([&path, ".well-known/openid-configuration"]);
    let oauth = joined([".well-known/oauth-authorization-server", &path]);
    let found = match client.metadata(openid.trim_matches('/')).await {
        Ok(found) => found,
        Err(_) => client.metadata(oauth.trim_matches('/')).await?,
    };
    // RFC 8414, section 3.3: or another server could pass for this one.
    if found.issuer.trim_end_matches('/') != issuer {
        return Err(format!("found the metadata of {}, expected {issuer}", found.issuer).into());
    }
    Ok(found)
}

/// A URL as a base and a path below it: what a trait with `/{*path}` takes.
pub(crate) fn split(url: &str) -> Result<(String, String), Box<dyn Error>> {
    let url = Url::parse(url)?;
    let origin = url.origin().ascii_serialization();
    Ok((origin, url.path().trim_start_matches('/').to_owned()))
}
