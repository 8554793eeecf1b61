//! Where the token may go.

use crate::RequestError;
use http::{
    HeaderName, HeaderValue,
    header::{AUTHORIZATION, COOKIE, HOST, PROXY_AUTHORIZATION},
};
use std::net::{Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// The origins that the token may go to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins {
    allowed: Vec<url::Origin>,
    plain_http: bool,
}

impl Origins {
    pub(crate) fn new(plain_http: bool) -> Self {
        Self {
            allowed: Vec::new(),
            plain_http,
        }
    }

    pub(crate) fn allow(&mut self, url: &Url) {
        self.allowed.push(url.origin());
    }

    /// Reads a base URL: absolute, `https` or `http`, without query and fragment.
    pub(crate) fn base(&self, text: &str) -> Result<Url, RequestError> {
        let bad = |why: String| RequestError::new(format!("the base URL `{text}` {why}"));
        let url = Url::parse(text).map_err(|why| bad(format!("is none: {why}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad("is neither http nor https".to_owned()));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad("has a query or a fragment, expected neither".to_owned()));
        }
        self.check(&url)?;
        Ok(url)
    }

    /// Refuses plain HTTP beyond this machine.
    pub(crate) fn check(&self, url: &Url) -> Result<(), RequestError> {
        if self.plain_http || url.scheme() == "https" || is_loopback(url) {
            return Ok(());
        }
        let (scheme, host) = (url.scheme(), url.host_str().unwrap_or_default());
        Err(RequestError::new(format!(
            "found {scheme}://{host}, expected https (or `.allow_plain_http()` on the builder)"
        )))
    }

    /// Whether the token may go to `url`.
    pub(crate) fn allows(&self, url: &Url) -> bool {
        self.allowed.contains(&url.origin())
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback() || address == mapped_loopback(),
        None => false,
    }
}

fn mapped_loopback() -> Ipv6Addr {
    Ipv4Addr::LOCALHOST.to_ipv6_mapped()
}

/// Whether a header must not leave its origin, whoever set it.
pub(crate) fn is_secret(name: &HeaderName, value: &HeaderValue) -> bool {
    const SECRETS: [HeaderName; 4] = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, HOST];
    value.is_sensitive() || SECRETS.contains(name)
}

/// Whether two URLs differ in scheme, host or port.
pub(crate) fn is_cross_origin(from: &Url, to: &Url) -> bool {
    from.origin() != to.origin()
}
