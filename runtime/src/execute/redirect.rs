//! Sending, and following redirects hop by hop.
//!
//! The HTTP client's own following is off: its policy cannot strip a header of a custom name,
//! and it adds a `Referer`.

use super::{Exchange, Failure, retry};
use crate::{
    TransportError, TransportKind,
    body::Kind,
    client::Outgoing,
    origin::{is_cross_origin, is_secret},
    request::Draft,
};
use http::{HeaderMap, Method, StatusCode, header};
use std::borrow::Cow;
use url::Url;

/// Most hops of one request.
const HOPS: usize = 10;

/// A request on its way; the first hop is the draft itself.
struct Hop<'a> {
    method: Method,
    url: Cow<'a, Url>,
    headers: Cow<'a, HeaderMap>,
    /// Never a stream.
    body: Option<Kind>,
    /// Whether it has never left the origins that the token may go to.
    at_home: bool,
}

impl Exchange {
    /// Sends the request and follows its redirects; says whether it stayed within its origin.
    ///
    /// A token among the headers is marked as sensitive and goes no further than they do; one in
    /// the URL or among the cookies is added to each hop that is still at home.
    pub(super) async fn send(
        &mut self,
        draft: &mut Draft,
    ) -> Result<(reqwest::Response, bool), Failure> {
        let (body, mut stream) = match draft.body.as_ref().map(Kind::again) {
            None => (None, None),
            Some(None) => (None, draft.body.take()),
            Some(again) => (again, None),
        };
        let once = stream.is_some() || !self.endpoint.replay;
        let mut hop = Hop {
            method: draft.method.clone(),
            url: Cow::Borrowed(&draft.url),
            headers: Cow::Borrowed(&draft.headers),
            body,
            at_home: draft.trusted,
        };
        for _ in 0..=HOPS {
            let response = self.try_hop(&hop, stream.take()).await?;
            match self.next(&hop, &response, once)? {
                Some(next) => hop = next,
                None => return Ok((response, hop.at_home)),
            }
        }
        let why = format!("found more than {HOPS} redirects");
        Err(TransportError::new(TransportKind::Redirect, why).into())
    }

    /// Sends one hop, again and again where `retry(…)` says so.
    async fn try_hop(
        &mut self,
        hop: &Hop<'_>,
        stream: Option<Kind>,
    ) -> Result<reqwest::Response, TransportError> {
        let one_shot = stream.is_some();
        let mut sent = self.hop(hop, stream).await;
        loop {
            // A refusal that its error describes is a refusal still; a success is none.
            let success = |response: &reqwest::Response| self.succeeds(response.status());
            let pause = match one_shot || sent.as_ref().is_ok_and(success) {
                true => None,
                false => self.retries.pause(&hop.method, &sent),
            };
            let Some(pause) = pause else { return sent };
            retry::wait(pause, sent).await;
            sent = self.hop(hop, None).await;
        }
    }

    fn succeeds(&self, status: StatusCode) -> bool {
        let status = status.as_u16();
        self.endpoint.is_ok(status) || self.endpoint.none.contains(&status)
    }

    /// Whether the method has a meaning of its own for the answer's status.
    fn is_own(&self, response: &reqwest::Response) -> bool {
        let status = response.status().as_u16();
        self.endpoint.is_ok(status) || self.owns(i64::from(status))
    }

    async fn hop(
        &self,
        hop: &Hop<'_>,
        stream: Option<Kind>,
    ) -> Result<reqwest::Response, TransportError> {
        let (mut url, mut headers) = (Url::clone(&hop.url), HeaderMap::clone(&hop.headers));
        if hop.at_home {
            // Neither the draft nor the next hop has it: a replay and a redirect start without.
            self.credentials.dress(&mut url, &mut headers);
            // Elsewhere a signature or a trace header is nobody's business.
            if let Some(hook) = &self.client.settings().before_send {
                hook(&mut Outgoing {
                    method: &hop.method,
                    url: &url,
                    headers: &mut headers,
                    body: hop.body.as_ref().and_then(Kind::bytes),
                });
            }
        }
        let mut request = reqwest::Request::new(hop.method.clone(), url);
        *request.headers_mut() = headers;
        let body = stream.or_else(|| hop.body.as_ref()?.again());
        *request.body_mut() = body.map(Kind::into_http);
        let sent = self.client.0.http.execute(request).await;
        sent.map_err(TransportError::from_http)
    }

    /// Where the response sends the request next; `None` if it is the answer itself.
    fn next(
        &self,
        hop: &Hop<'_>,
        response: &reqwest::Response,
        once: bool,
    ) -> Result<Option<Hop<'static>>, Failure> {
        let status = response.status();
        if self.is_own(response) {
            return Ok(None);
        }
        let Some(method) = next_method(status, &hop.method) else {
            return Ok(None);
        };
        let keeps_body = method == hop.method;
        if keeps_body && once {
            return Ok(None);
        }
        let Some(location) = response.headers().get(header::LOCATION) else {
            return Ok(None);
        };
        let url = self.target(&hop.url, location.as_bytes())?;
        let crossed = is_cross_origin(&hop.url, &url);
        let mut headers = HeaderMap::clone(&hop.headers);
        if !keeps_body {
            drop_content(&mut headers);
        }
        if crossed {
            drop_secrets(&mut headers);
        }
        let body = hop.body.as_ref().filter(|_| keeps_body);
        let body = body.and_then(Kind::again);
        Ok(Some(Hop {
            method,
            url: Cow::Owned(url),
            headers: Cow::Owned(headers),
            body,
            at_home: hop.at_home && !crossed,
        }))
    }

    fn target(&self, from: &Url, location: &[u8]) -> Result<Url, TransportError> {
        let bad = |why: String| TransportError::new(TransportKind::Redirect, why);
        let location = std::str::from_utf8(location)
            .map_err(|_| bad("found a `Location` that is not text".to_owned()))?;
        let url = from
            .join(location)
            .map_err(|why| bad(format!("found a `Location` that is no URL: {why}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad(format!(
                "found the scheme `{}`, expected https",
                url.scheme()
            )));
        }
        self.client
            .0
            .origins
            .check(&url)
            .map_err(|why| bad(why.to_string()))?;
        Ok(url)
    }
}

/// The method of the next hop; `None` if the status is no redirect.
fn next_method(status: StatusCode, method: &Method) -> Option<Method> {
    match status.as_u16() {
        307 | 308 => Some(method.clone()),
        303 if *method == Method::HEAD => Some(Method::HEAD),
        303 => Some(Method::GET),
        // RFC 9110, section 15.4.2: what user agents do, and servers rely on.
        301 | 302 if *method == Method::POST => Some(Method::GET),
        301 | 302 => Some(method.clone()),
        _ => None,
    }
}

fn drop_content(headers: &mut HeaderMap) {
    const CONTENT: [header::HeaderName; 5] = [
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::CONTENT_ENCODING,
        header::CONTENT_LANGUAGE,
        header::TRANSFER_ENCODING,
    ];
    for name in CONTENT {
        headers.remove(name);
    }
}

/// What must not leave the origin: the token, marked as sensitive, is among it.
fn drop_secrets(headers: &mut HeaderMap) {
    let secrets = headers
        .iter()
        .filter(|(name, value)| is_secret(name, value));
    let secrets: Vec<_> = secrets.map(|(name, _)| name.clone()).collect();
    for name in secrets {
        headers.remove(name);
    }
}
