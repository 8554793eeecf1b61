//! A request to the token endpoint.

use super::authentication::Authentication;
use crate::{RequestError, origin::Origins};
use bytes::Bytes;
use http::{
    HeaderValue, Method,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use url::{Url, form_urlencoded::Serializer};

/// The parameters of a grant.
pub(super) struct Form(Serializer<'static, String>);

impl Form {
    pub(super) fn new(grant_type: &str) -> Self {
        let mut form = Self(Serializer::new(String::new()));
        form.add("grant_type", grant_type);
        form
    }

    pub(super) fn add(&mut self, name: &str, value: &str) {
        self.0.append_pair(name, value);
    }

    /// The request and its body, with the client's authentication on one of them.
    pub(super) fn seal(
        mut self,
        url: &Url,
        client_id: &str,
        authentication: &Authentication,
    ) -> (reqwest::Request, Bytes) {
        let mut request = reqwest::Request::new(Method::POST, url.clone());
        let headers = request.headers_mut();
        // GitHub, for one, answers with a form unless it is asked for JSON.
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, kind);
        match authentication.header(client_id) {
            Some(header) => {
                headers.insert(AUTHORIZATION, header);
            }
            // Section 3.2.1: a client that does not authenticate otherwise says its name.
            None => self.add("client_id", client_id),
        }
        if let Authentication::Post(secret) = authentication {
            self.add("client_secret", secret.expose());
        }
        (request, Bytes::from(self.0.finish()))
    }
}

/// Section 3.2: absolute, without a fragment; a query is kept.
pub(super) fn token_url(text: &str, plain_http: bool) -> Result<Url, RequestError> {
    // The text is not repeated: a query or a user name in it may be a secret.
    let bad = |why: &str| RequestError::new(format!("the token endpoint's URL {why}"));
    let url = Url::parse(text).map_err(|why| bad(&format!("is none: {why}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad("is neither http nor https"));
    }
    if url.fragment().is_some() {
        return Err(bad("has a fragment, expected none"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad(
            "has a user name or password, expected `.client_secret_basic(…)` on the refresher",
        ));
    }
    Origins::new(plain_http).check(&url)?;
    Ok(url)
}
