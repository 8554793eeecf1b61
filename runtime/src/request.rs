//! A call's request while it is filled: pushes, and nothing generic beyond the push itself.

use crate::{
    Body, Client, IntoBody, Params, Preview, RequestError,
    body::Kind,
    endpoint::{Endpoint, Timeout},
    origin::is_secret,
    pairs::{Pairs, Style, encode, flatten},
    template,
    value::{Unfit, Value},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde::Serialize;
use std::{borrow::Cow, fmt, time::Duration};
use url::Url;

/// A request that an expansion fills and gives to a [`Call`](crate::Call).
///
/// What cannot be built is remembered and answered when the call is awaited.
pub struct Request {
    pub(crate) client: Client,
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) accept: &'static str,
    /// Statuses that the error type has a variant for, which are not the session's.
    pub(crate) claims: &'static [u16],
    /// Statuses that stand for no value are a success.
    pub(crate) optional: bool,
    /// Every status is a success, and the body is handed on as it came.
    pub(crate) raw: bool,
    pub(crate) limit: Option<Duration>,
    values: Vec<Value>,
    url: Option<String>,
    query: Pairs,
    headers: HeaderMap,
    cookies: String,
    body: Payload,
    fault: Option<RequestError>,
}

enum Payload {
    Empty,
    Form(Pairs),
    Whole(Body, &'static str),
}

/// A finished request, which can be sent more than once if its body can.
pub(crate) struct Draft {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Kind>,
    /// Whether its origin is one that the token may go to.
    pub(crate) trusted: bool,
}

/// What can be written into a path segment.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a path argument",
    label = "a path segment takes text, a number, or a list of them",
    note = "it needs `serde::Serialize`"
)]
pub trait PathArgument: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> PathArgument for T {}

impl Request {
    /// An empty request.
    pub fn new(client: &Client, endpoint: &'static Endpoint) -> Self {
        Self {
            client: client.clone(),
            endpoint,
            accept: "*/*",
            claims: &[],
            optional: false,
            raw: false,
            limit: None,
            values: Vec::new(),
            url: None,
            query: Pairs::default(),
            headers: HeaderMap::new(),
            cookies: String::new(),
            body: Payload::Empty,
            fault: None,
        }
    }

    /// The value of the template's next placeholder.
    pub fn path<T: PathArgument + ?Sized>(&mut self, value: &T) {
        match Value::of(value) {
            Ok(value) => self.values.push(value),
            Err(why) => self.unfit("path argument", "", &why),
        }
    }

    /// The whole URL, absolute or relative to the base.
    pub fn url<T: fmt::Display + ?Sized>(&mut self, url: &T) {
        self.url = Some(url.to_string());
    }

    /// One parameter; a list repeats it.
    pub fn query<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.query_style(name, value, Style::Form);
    }

    /// One parameter in a style of its own.
    pub fn query_style<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
        style: Style,
    ) {
        let added = Value::of(value).and_then(|value| self.query.add(name, value, style));
        self.check("query parameter", name, added);
    }

    /// The members of an object, each as a parameter.
    pub fn query_all<T: Serialize + ?Sized>(&mut self, value: &T) {
        let added = Value::of(value).and_then(|value| self.query.all(value, Style::Form));
        self.check("query", "", added);
    }

    /// A header; a list is joined by commas.
    pub fn header<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        match Value::of(value).and_then(flatten) {
            Ok(parts) if parts.is_empty() => {}
            Ok(parts) => self.set_header(name, &parts.join(",")),
            Err(why) => self.unfit("header", name, &why),
        }
    }

    /// A cookie.
    pub fn cookie<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        match Value::of(value).and_then(flatten) {
            Ok(parts) => {
                for part in parts {
                    if !self.cookies.is_empty() {
                        self.cookies.push_str("; ");
                    }
                    self.cookies.push_str(name);
                    self.cookies.push('=');
                    self.cookies.extend(encode(&part));
                }
            }
            Err(why) => self.unfit("cookie", name, &why),
        }
    }

    /// The body as JSON.
    pub fn json<T: Serialize + ?Sized>(&mut self, value: &T) {
        match serde_json::to_vec(value) {
            Ok(json) => self.body = Payload::Whole(Body::from(json), "application/json"),
            Err(why) => self.fail(RequestError::because("the body cannot be JSON", why)),
        }
    }

    /// The body as a form, with brackets for nested members.
    pub fn form<T: Serialize + ?Sized>(&mut self, value: &T) {
        self.form_style(value, Style::Form);
    }

    /// The body as a form, each member in the given style.
    pub fn form_style<T: Serialize + ?Sized>(&mut self, value: &T, style: Style) {
        let value = Value::of(value);
        let added = value.and_then(|value| self.pairs().all(value, style));
        self.check("form", "", added);
    }

    /// One field of a form.
    pub fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.field_style(name, value, Style::Form);
    }

    /// One field of a form in a style of its own.
    pub fn field_style<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
        style: Style,
    ) {
        let value = Value::of(value);
        let added = value.and_then(|value| self.pairs().add(name, value, style));
        self.check("field", name, added);
    }

    /// The body as it is.
    pub fn body<B: IntoBody>(&mut self, body: B, mime: &'static str) {
        self.body = Payload::Whole(body.into_body(), mime);
    }

    /// What a struct with `#[derive(Params)]` holds.
    pub fn params<P: Params + ?Sized>(&mut self, params: &P) {
        params.apply(self);
    }

    /// Sets a header to a text, in place of what it was.
    pub(crate) fn set_header(&mut self, name: &str, value: &str) {
        match (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
            }
            // The value may be a secret, so it is not repeated.
            (Ok(_), Err(_)) => {
                let why = Unfit::new("found a character that a header cannot carry");
                self.unfit("header", name, &why);
            }
            (Err(_), _) => self.unfit("header", name, &Unfit::new("this is no header name")),
        }
    }

    /// Adds a parameter that is text.
    pub(crate) fn add_query(&mut self, name: &str, value: &str) {
        let added = self
            .query
            .add(name, Value::Scalar(value.to_owned()), Style::Form);
        self.check("query parameter", name, added);
    }

    /// Remembers why the request cannot be built; the first reason stays.
    pub fn fail(&mut self, why: RequestError) {
        self.fault.get_or_insert(why);
    }

    fn pairs(&mut self) -> &mut Pairs {
        if !matches!(self.body, Payload::Form(_)) {
            self.body = Payload::Form(Pairs::default());
        }
        match &mut self.body {
            Payload::Form(pairs) => pairs,
            _ => unreachable!("it was made a form above"),
        }
    }

    fn check(&mut self, what: &str, name: &str, done: Result<(), Unfit>) {
        if let Err(why) = done {
            self.unfit(what, name, &why);
        }
    }

    fn unfit(&mut self, what: &str, name: &str, why: &Unfit) {
        let method = self.endpoint.name;
        self.fail(RequestError::new(if name.is_empty() {
            format!("{method}: the {what} cannot be sent: {why}")
        } else {
            format!("{method}: the {what} `{name}` cannot be sent: {why}")
        }));
    }

    /// How long the call may take: what is said nearest to it counts.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        match (self.limit, self.endpoint.timeout) {
            (Some(limit), _) => Some(limit),
            (None, Timeout::After(limit)) => Some(limit),
            (None, Timeout::Never) => None,
            (None, Timeout::Inherit) => {
                self.client.settings().timeout.or(self.endpoint.api.timeout)
            }
        }
    }

    /// Whether it can be sent again.
    pub(crate) fn is_replayable(&self) -> bool {
        let stream = matches!(&self.body, Payload::Whole(body, _) if !body.is_replayable());
        self.endpoint.replay && !stream
    }

    /// The finished request, without what the session and the hooks add.
    pub(crate) fn finish(mut self) -> Result<Draft, RequestError> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        let (method, url, mut headers, trusted) = self.parts()?;
        let body = match self.body {
            Payload::Empty => None,
            Payload::Form(pairs) => Some(Kind::Bytes(Bytes::from(pairs.into_string()))),
            Payload::Whole(body, _) => Some(body.0),
        };
        // RFC 9110, section 8.6: where a body is expected, none is said. The transport does not.
        let expected = matches!(method.as_str(), "POST" | "PUT" | "PATCH");
        let empty = match &body {
            None => true,
            Some(body) => body.bytes().is_some_and(Bytes::is_empty),
        };
        if expected && empty {
            let length = headers.entry(header::CONTENT_LENGTH);
            length.or_insert(HeaderValue::from_static("0"));
        }
        Ok(Draft {
            method,
            url,
            headers,
            body,
            trusted,
        })
    }

    /// The request without its body, and whether secrets may go where it goes.
    fn parts(&self) -> Result<(Method, Url, HeaderMap, bool), RequestError> {
        let method = Method::from_bytes(self.endpoint.method.as_bytes())
            .map_err(|_| RequestError::new(format!("{}: no HTTP method", self.endpoint.name)))?;
        let (url, trusted) = self.target()?;
        let headers = self.all_headers(trusted)?;
        Ok((method, url, headers, trusted))
    }

    /// Shows the request without using it up.
    pub(crate) fn preview(&self) -> Result<Preview, RequestError> {
        if let Some(fault) = &self.fault {
            return Err(RequestError::new(fault.to_string()));
        }
        let (method, url, headers, _) = self.parts()?;
        let body = self.preview_body();
        Ok(Preview {
            method,
            url,
            headers,
            body,
        })
    }

    /// What the body is, if it can be looked at without using it up.
    fn preview_body(&self) -> Option<Bytes> {
        match &self.body {
            Payload::Empty => Some(Bytes::new()),
            Payload::Form(pairs) => Some(Bytes::copy_from_slice(pairs.as_str().as_bytes())),
            Payload::Whole(Body(kind), _) => kind.bytes().cloned(),
        }
    }

    /// The URL, and whether secrets may go there.
    fn target(&self) -> Result<(Url, bool), RequestError> {
        let base = self.client.base(self.endpoint.api)?;
        // A template cannot leave the base's origin; a URL from an argument can.
        let Some(url) = &self.url else {
            return Ok((self.fill_template(&base)?, true));
        };
        let mut url = under(&base).join(url).map_err(|why| {
            RequestError::because(format!("{}: the URL is none", self.endpoint.name), why)
        })?;
        if !self.query.is_empty() {
            let query = match url.query() {
                Some(query) if !query.is_empty() => format!("{query}&{}", self.query.as_str()),
                _ => self.query.as_str().to_owned(),
            };
            url.set_query(Some(&query));
        }
        let trusted = self.client.trusts(&base, &url)?;
        Ok((url, trusted))
    }

    fn fill_template(&self, base: &Url) -> Result<Url, RequestError> {
        let fault = |why: Unfit| RequestError::new(format!("{}: {why}", self.endpoint.name));
        let (path, literal) = match self.endpoint.path.split_once('?') {
            Some((path, literal)) => (path, literal),
            None => (self.endpoint.path, ""),
        };
        let mut text = String::with_capacity(128);
        text.push_str(base.as_str().trim_end_matches('/'));
        template::render(&mut text, self.endpoint.api.path, |name| {
            self.client.path_value(name)
        })
        .map_err(fault)?;
        let mut values = self.values.iter();
        template::render(&mut text, path, |name| {
            let missing = || Unfit::new(&format!("`{{{name}}}` has no value"));
            values.next().cloned().ok_or_else(missing)
        })
        .map_err(fault)?;
        let mut query = Pairs::default();
        for part in [literal, self.query.as_str()] {
            if !part.is_empty() {
                query.literal(part);
            }
        }
        if !query.is_empty() {
            text.push('?');
            text.push_str(query.as_str());
        }
        Url::parse(&text).map_err(|why| {
            RequestError::because(
                format!("{}: the path makes no URL", self.endpoint.name),
                why,
            )
        })
    }

    /// Nearest counts: call and arguments, method, builder, trait.
    ///
    /// What the builder was given stays at home: `trusted` says whether this is for elsewhere.
    fn all_headers(&self, trusted: bool) -> Result<HeaderMap, RequestError> {
        let mut headers = self.headers.clone();
        for (name, value) in self.endpoint.headers {
            lend(&mut headers, name, value)?;
        }
        for (name, value) in &self.client.settings().headers {
            let nearer = self.headers.contains_key(name) || has(self.endpoint.headers, name);
            if !nearer && (trusted || !is_secret(name, value)) {
                headers.append(name.clone(), value.clone());
            }
        }
        for (name, value) in self.endpoint.api.headers {
            lend(&mut headers, name, value)?;
        }
        let accept = self.endpoint.accept.unwrap_or(self.accept);
        if !headers.contains_key(header::ACCEPT) {
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        }
        let mime = match &self.body {
            Payload::Empty => "",
            Payload::Form(_) => "application/x-www-form-urlencoded",
            Payload::Whole(_, mime) => mime,
        };
        if !mime.is_empty() && !headers.contains_key(header::CONTENT_TYPE) {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
        }
        if !self.cookies.is_empty() {
            // HTTP/1.1 has one `Cookie` header.
            let own = headers
                .get(header::COOKIE)
                .and_then(|cookies| cookies.to_str().ok());
            let cookies = own.map_or_else(
                || self.cookies.clone(),
                |own| [own, &self.cookies].join("; "),
            );
            let cookies = HeaderValue::from_str(&cookies);
            let cookies = cookies.map_err(|_| RequestError::new("a cookie's name is none"))?;
            headers.insert(header::COOKIE, cookies);
        }
        Ok(headers)
    }
}

/// The base as a folder, so that a relative URL lands in it.
fn under(base: &Url) -> Cow<'_, Url> {
    if base.path().ends_with('/') {
        return Cow::Borrowed(base);
    }
    let mut folder = base.clone();
    folder.set_path(&format!("{}/", base.path()));
    Cow::Owned(folder)
}

fn has(headers: &[(&str, &str)], name: &HeaderName) -> bool {
    headers
        .iter()
        .any(|(other, _)| name.as_str().eq_ignore_ascii_case(other))
}

/// Sets a header where nothing nearer has set it.
fn lend(
    headers: &mut HeaderMap,
    name: &'static str,
    value: &'static str,
) -> Result<(), RequestError> {
    let parsed = HeaderName::from_bytes(name.as_bytes());
    let value = HeaderValue::from_maybe_shared(Bytes::from_static(value.as_bytes()));
    match (parsed, value) {
        (Ok(name), Ok(value)) => {
            headers.entry(name).or_insert(value);
            Ok(())
        }
        _ => Err(RequestError::new(format!(
            "the header `{name}` cannot be sent"
        ))),
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Request");
        debug
            .field("name", &self.endpoint.name)
            .field("method", &self.endpoint.method);
        debug
            .field("path", &self.endpoint.path)
            .finish_non_exhaustive()
    }
}
