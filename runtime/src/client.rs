//! Where requests go, and what all of them share.

use crate::{
    Builder, Classify, RequestError, Secret, Session,
    auth::Sessions,
    endpoint::{Api, SessionPolicy},
    origin::{Origins, is_cross_origin},
    value::{Unfit, Value},
};
use bytes::Bytes;
use http::{HeaderMap, Method};
use std::{
    borrow::Cow,
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};
use url::{Position, Url};

/// A connection pool, a base URL and a session; cheap to clone, all clones share them.
///
/// ```
/// use perennial::{Client, Session};
///
/// let client = Client::builder()
///     .base_url("http://127.0.0.1:8080/v1")
///     .session(Session::fixed("token"))
///     .build()?;
/// let clone = client.clone();
/// # let _ = clone;
/// # Ok::<(), perennial::Error>(())
/// ```
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Inner>);

#[derive(Clone)]
pub(crate) struct Inner {
    pub(crate) http: reqwest::Client,
    pub(crate) base: Option<Url>,
    pub(crate) origins: Origins,
    pub(crate) sessions: Sessions,
    pub(crate) policy: OnceLock<(&'static str, &'static SessionPolicy)>,
    pub(crate) settings: Settings,
}

/// What the builder just hands on.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) headers: HeaderMap,
    pub(crate) timeout: Option<Duration>,
    pub(crate) credentials: Option<(String, Secret)>,
    pub(crate) classify: Option<Classify>,
    pub(crate) before_send: Option<Arc<BeforeSend>>,
    pub(crate) path_values: Vec<(String, String)>,
}

pub(crate) type BeforeSend = dyn Fn(&mut Outgoing<'_>) + Send + Sync;

/// A request as it goes out: what a `before_send` hook sees and may change.
#[non_exhaustive]
pub struct Outgoing<'a> {
    /// The HTTP method.
    pub method: &'a Method,
    /// The URL.
    pub url: &'a Url,
    /// The headers, the token among them.
    pub headers: &'a mut HeaderMap,
    /// The body; `None` if there is none or if it can be read only once.
    pub body: Option<&'a Bytes>,
}

impl Client {
    /// Starts without a base URL; a trait's own builder starts from the trait's values.
    pub fn builder() -> Builder<Self> {
        Builder::bare(|client| client)
    }

    /// The session that serves every scheme without one of its own, where there is one.
    pub fn session(&self) -> Option<&Session> {
        self.0.sessions.standing_in()
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    /// The base URL, where the builder was given one.
    pub fn base_url(&self) -> Option<&Url> {
        self.0.base.as_ref()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn path_value(&self, name: &str) -> Result<Value, Unfit> {
        let mut values = self.0.settings.path_values.iter();
        match values.find(|(other, _)| other == name) {
            Some((_, value)) => Ok(Value::Scalar(value.clone())),
            None => Err(Unfit::new(&format!(
                "`{{{name}}}` has no value, expected `.path_value({name:?}, …)` on the builder"
            ))),
        }
    }

    /// The builder's base URL, else the trait's.
    pub(crate) fn base(&self, api: &'static Api) -> Result<Cow<'_, Url>, RequestError> {
        if let Some(base) = &self.0.base {
            return Ok(Cow::Borrowed(base));
        }
        let Some(base) = api.base_url else {
            return Err(RequestError::new(format!(
                "{}: no base URL, expected `.base_url(…)` on the builder or `base_url = …` on the trait",
                api.name
            )));
        };
        self.0.origins.base(base).map(Cow::Owned)
    }

    /// Whether the token may go to `url`, which came from an argument.
    pub(crate) fn trusts(&self, base: &Url, url: &Url) -> Result<bool, RequestError> {
        self.0.origins.check(url)?;
        Ok(!is_cross_origin(base, url) || self.0.origins.allows(url))
    }

    /// The policy that the session was given, which `api` must not contradict.
    ///
    /// The first trait that says one speaks for a client that was built without.
    pub(crate) fn policy(&self, api: &'static Api) -> Result<&'static SessionPolicy, RequestError> {
        let given = &self.0.policy;
        if self.0.settings.classify.is_some() {
            return Ok(&SessionPolicy::DEFAULT);
        }
        let Some(own) = &api.session else {
            return Ok(given
                .get()
                .map_or(&SessionPolicy::DEFAULT, |(_, policy)| policy));
        };
        let (name, policy) = given.get_or_init(|| (api.name, own));
        if *policy == own {
            return Ok(own);
        }
        Err(RequestError::new(format!(
            "`{}` and `{name}` share a session and differ in `session(…)`: found {own:?}, \
             expected {policy:?}",
            api.name
        )))
    }
}

impl fmt::Debug for Outgoing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Outgoing");
        debug.field("method", self.method);
        debug.field("url", &&self.url[..Position::AfterPath]);
        debug.field("headers", &self.headers.keys().collect::<Vec<_>>());
        debug.finish_non_exhaustive()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = self.0.base.as_ref().map(Url::as_str);
        let mut debug = f.debug_struct("Client");
        debug
            .field("base_url", &base)
            .field("session", &self.session())
            .finish_non_exhaustive()
    }
}
