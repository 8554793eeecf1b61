//! Where a token goes on a request.

use crate::{RequestError, Secret, pairs::encode, session::Credential};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use std::{borrow::Cow, fmt, sync::Arc};
use url::Url;
use zeroize::Zeroizing;

/// The prefix of RFC 6750, section 2.1.
const BEARER: &str = "Bearer ";

/// Where a session's token goes on a request.
///
/// A trait says it as `auth = …`; this is for what is no trait, a guard of a plain HTTP client for
/// example.
///
/// ```
/// use perennial::Scheme;
///
/// let scheme = Scheme::header("X-Api-Key")?.prefix("Token ");
/// assert_eq!(scheme.wire_name(), "x-api-key");
/// assert_eq!(Scheme::default(), Scheme::bearer());
/// assert_eq!(Scheme::query("key").wire_name(), "key");
/// # Ok::<(), perennial::RequestError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scheme(pub(crate) Place);

/// The same, as the crate sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Place {
    /// `Authorization: Bearer …`
    #[default]
    Bearer,
    /// A header of the back end's own.
    Header(Arc<Field>),
    /// A parameter of the query.
    Query(Cow<'static, str>),
    /// A cookie.
    Cookie(Cow<'static, str>),
}

/// A header, and what stands in it before the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    name: HeaderName,
    prefix: Cow<'static, str>,
}

impl Scheme {
    /// `Authorization: Bearer …` (RFC 6750, section 2.1); the default.
    pub fn bearer() -> Self {
        Self(Place::Bearer)
    }

    /// A header of this name.
    ///
    /// # Errors
    /// Says that it is no name of a header.
    pub fn header(name: &str) -> Result<Self, RequestError> {
        Place::header(name, "")
            .map(Self)
            .ok_or_else(|| RequestError::new(format!("`{name}` is no header name")))
    }

    /// A parameter of the URL's query, added to each request as it goes out.
    pub fn query(name: impl Into<Cow<'static, str>>) -> Self {
        Self(Place::Query(name.into()))
    }

    /// A cookie, beside those that the request has already.
    pub fn cookie(name: impl Into<Cow<'static, str>>) -> Self {
        Self(Place::Cookie(name.into()))
    }

    /// What stands before the token in a header, with its space; elsewhere nothing does.
    #[must_use]
    pub fn prefix(mut self, before: impl Into<Cow<'static, str>>) -> Self {
        if let Place::Header(field) = &mut self.0 {
            Arc::make_mut(field).prefix = before.into();
        }
        self
    }

    /// The name of the header, parameter or cookie; `bearer` for bearer.
    pub fn wire_name(&self) -> &str {
        self.0.wire_name()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bearer => f.write_str("bearer"),
            Self::Header(field) => write!(f, "header(\"{}\")", field.name),
            Self::Query(name) => write!(f, "query(\"{name}\")"),
            Self::Cookie(name) => write!(f, "cookie(\"{name}\")"),
        }
    }
}

impl Place {
    /// A header by name, as an attribute spells it; none if it is no header name.
    pub(crate) fn header(name: &str, prefix: &'static str) -> Option<Self> {
        Some(Self::Header(Arc::new(Field {
            name: name.parse().ok()?,
            prefix: Cow::Borrowed(prefix),
        })))
    }

    pub(crate) fn wire_name(&self) -> &str {
        match self {
            Self::Bearer => "bearer",
            Self::Header(field) => field.name.as_str(),
            Self::Query(name) | Self::Cookie(name) => name,
        }
    }

    /// Whether somebody means this place by `name`; only header names are told apart by no case.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        match self {
            Self::Bearer | Self::Header(_) => self.wire_name().eq_ignore_ascii_case(name),
            Self::Query(_) | Self::Cookie(_) => self.wire_name() == name,
        }
    }

    /// The name by which a challenge (RFC 9110, section 11.6.1) speaks of it.
    pub(crate) fn challenge(&self) -> &str {
        match self {
            Self::Bearer => BEARER.trim_end(),
            Self::Header(field) if field.prefix.trim().is_empty() => field.name.as_str(),
            Self::Header(field) => field.prefix.trim(),
            Self::Query(_) | Self::Cookie(_) => self.wire_name(),
        }
    }

    fn header_name(&self) -> Option<&HeaderName> {
        match self {
            Self::Bearer => Some(&header::AUTHORIZATION),
            Self::Header(field) => Some(&field.name),
            Self::Query(_) | Self::Cookie(_) => None,
        }
    }

    /// Whether the request says itself what would stand here.
    pub(crate) fn is_taken(&self, url: &Url, headers: &HeaderMap) -> bool {
        match self {
            Self::Bearer => headers.contains_key(header::AUTHORIZATION),
            Self::Header(field) => headers.contains_key(&field.name),
            Self::Query(key) => has_query(url, key),
            Self::Cookie(key) => cookies(headers).any(|cookie| {
                let name = cookie.split_once('=').map_or(cookie, |(name, _)| name);
                name.trim() == key
            }),
        }
    }

    /// Whether the token goes along where a `reqwest` client follows a redirect by its own policy.
    ///
    /// To another origin that takes no `Authorization` and no `Cookie`; it knows no other header,
    /// and says in a `Referer` what the query was.
    pub(crate) fn is_forwarded(&self) -> bool {
        match self {
            Self::Bearer | Self::Cookie(_) => false,
            Self::Header(field) => field.name != header::AUTHORIZATION,
            Self::Query(_) => true,
        }
    }

    /// Puts the token into its header, in place of what may be there; what goes elsewhere is
    /// remembered in `written` until the request goes out.
    ///
    /// # Errors
    /// [`Unfit`] if the token holds what the place cannot carry.
    #[inline]
    pub(crate) fn put(
        &self,
        token: &Credential,
        headers: &mut HeaderMap,
        written: &mut Option<Secret>,
    ) -> Result<(), Unfit> {
        let (name, value) = match self {
            Self::Bearer => (header::AUTHORIZATION, token.bearer()),
            Self::Header(field) => (field.name.clone(), token.header(&field.prefix)),
            Self::Query(_) | Self::Cookie(_) => {
                *written = Some(self.write(token.secret())?);
                return Ok(());
            }
        };
        headers.insert(name, value.ok_or(Unfit)?);
        Ok(())
    }

    /// Takes away what [`put`](Self::put) put.
    pub(super) fn withdraw(&self, headers: &mut HeaderMap, written: &mut Option<Secret>) {
        *written = None;
        if let Some(name) = self.header_name() {
            headers.remove(name);
        }
    }

    /// `name=token` as the query or the `Cookie` header has it.
    fn write(&self, token: &Secret) -> Result<Secret, Unfit> {
        let mut text = String::new();
        match self {
            Self::Query(name) => {
                text.extend(encode(name));
                text.push('=');
                text.extend(encode(token.expose()));
            }
            _ if !token.expose().bytes().all(is_cookie_octet) => return Err(Unfit),
            _ => text.extend([self.wire_name(), "=", token.expose()]),
        }
        Ok(Secret::new(text))
    }

    /// Puts what was written for the query or the `Cookie` header on a request that goes out.
    pub(super) fn dress(&self, written: &Secret, url: &mut Url, headers: &mut HeaderMap) {
        match self {
            // A redirect may have kept it.
            Self::Query(key) if !has_query(url, key) => {
                let own = url.query().filter(|own| !own.is_empty());
                let own = own.map_or(String::new(), |own| [own, "&"].concat());
                let query = Zeroizing::new([&own, written.expose()].concat());
                url.set_query(Some(&query));
            }
            Self::Cookie(_) => {
                let mut all = Zeroizing::new(String::new());
                for cookie in cookies(headers) {
                    all.push_str(cookie);
                    all.push_str("; ");
                }
                all.push_str(written.expose());
                // Each part has been in a header before, or was looked at for it.
                if let Ok(mut value) = HeaderValue::from_str(&all) {
                    value.set_sensitive(true);
                    headers.insert(header::COOKIE, value);
                }
            }
            _ => {}
        }
    }
}

fn has_query(url: &Url, key: &str) -> bool {
    url.query_pairs().any(|(name, _)| name == key)
}

/// The cookies of a request, as `name=value`.
fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(header::COOKIE).into_iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .map(str::trim)
        .filter(|cookie| !cookie.is_empty())
}

/// RFC 6265, section 4.1.1: what ends a cookie is no part of one.
fn is_cookie_octet(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x2b | 0x2d..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e)
}

/// A token that its place cannot carry; what it is stays untold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unfit;

#[cfg(test)]
mod tests {
    use super::*;

    fn dressed(place: &Place, token: &str, url: &str, cookie: &'static str) -> (String, String) {
        let (mut headers, mut written) = (HeaderMap::new(), None);
        if !cookie.is_empty() {
            headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
        }
        let token = Credential::new(Secret::new(token));
        place.put(&token, &mut headers, &mut written).unwrap();
        let mut url = Url::parse(url).unwrap();
        place.dress(&written.unwrap(), &mut url, &mut headers);
        let cookies = headers.get(header::COOKIE);
        let cookies = cookies.map_or("", |value| value.to_str().unwrap());
        (url.to_string(), cookies.to_owned())
    }

    #[test]
    fn a_query_key_comes_last_and_is_encoded() {
        let key = Place::Query("key".into());
        let at = |token, url| dressed(&key, token, url, "").0;
        assert_eq!(at("A1", "http://a/x"), "http://a/x?key=A1");
        assert_eq!(
            at("a&b=c d", "http://a/x?b=1"),
            "http://a/x?b=1&key=a%26b%3Dc%20d"
        );
        assert_eq!(at("A1", "http://a/x?"), "http://a/x?key=A1");
        // A redirect within the origin that kept it.
        assert_eq!(at("A1", "http://a/y?key=A1&b=1"), "http://a/y?key=A1&b=1");
    }

    #[test]
    fn a_cookie_stands_beside_the_calls_own() {
        let sid = Place::Cookie("sid".into());
        let at = |own| dressed(&sid, "s%3Aabc.d+/=", "http://a/x", own).1;
        assert_eq!(at(""), "sid=s%3Aabc.d+/=");
        assert_eq!(
            at("theme=dark; lang=en"),
            "theme=dark; lang=en; sid=s%3Aabc.d+/="
        );
    }

    #[test]
    fn a_token_that_would_end_its_cookie_is_unfit() {
        let sid = Place::Cookie("sid".into());
        for token in ["a;b", "a b", "a,b", "a\"", "a\n", "ä"] {
            let token = Credential::new(Secret::new(token));
            let put = sid.put(&token, &mut HeaderMap::new(), &mut None);
            assert_eq!(put, Err(Unfit));
        }
    }

    #[test]
    fn what_the_call_says_itself_is_seen() {
        let url = Url::parse("http://a/x?key=mine").unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("cookie", HeaderValue::from_static("a=1;sid=2"));
        headers.insert("x-key", HeaderValue::from_static("3"));
        let taken = |place: Place| place.is_taken(&url, &headers);
        assert!(taken(Place::Query("key".into())));
        assert!(!taken(Place::Query("Key".into())));
        assert!(taken(Place::Cookie("sid".into())));
        assert!(!taken(Place::Cookie("si".into())));
        assert!(taken(Place::header("X-Key", "").unwrap()));
        assert!(!taken(Place::Bearer));
    }

    #[test]
    fn schemes_are_called_by_their_wire_names() {
        let key = Scheme::header("X-Api-Key").unwrap().0;
        assert!(key.is_called("x-API-key") && key.is_called("X-Api-Key"));
        assert!(Place::Bearer.is_called("Bearer"));
        let sid = Place::Cookie("sid".into());
        assert!(sid.is_called("sid") && !sid.is_called("SID"));
        assert_eq!(
            Scheme::header("no name").unwrap_err().to_string(),
            "`no name` is no header name"
        );
    }
}
