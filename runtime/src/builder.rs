//! How a client is made.

use crate::{
    Classify, Client, RequestError, Result, Secret, Session,
    auth::Sessions,
    client::{Inner, Outgoing, Settings},
    endpoint::{Api, RefreshEndpoint, SessionPolicy},
    origin::Origins,
    refresh_call::RefreshCall,
    refresh_http::{HttpHook, RefreshHttp},
    server,
};
use http::{HeaderName, HeaderValue};
use std::{
    fmt, mem,
    sync::{Arc, OnceLock},
    time::Duration,
};
use url::Url;

/// Makes a client, or something around one.
///
/// What cannot be is said by [`Builder::build`].
///
/// ```
/// use perennial::{Client, Session};
/// use std::time::Duration;
///
/// let client = Client::builder()
///     .base_url("https://api.example.com/v1")
///     .session(Session::fixed("token"))
///     .timeout(Duration::from_secs(10))
///     .header("accept-language", "en")
///     .http(|http| http.pool_max_idle_per_host(4))
///     .build();
/// # let _ = client;
/// ```
#[must_use = "a builder does nothing until it is built"]
pub struct Builder<T = Client> {
    wrap: fn(Client) -> T,
    base: Option<String>,
    http: Vec<HttpHook>,
    foreign: Option<(reqwest::Client, reqwest::Client)>,
    origins: Vec<String>,
    plain_http: bool,
    sessions: Sessions,
    settings: Settings,
    policy: Option<(&'static str, &'static SessionPolicy)>,
    refresh: Option<RefreshEndpoint>,
    fault: Option<RequestError>,
}

impl<T> Builder<T> {
    /// Starts from a base URL; `wrap` makes the result from the client.
    pub fn new(base_url: &str, wrap: fn(Client) -> T) -> Self {
        Self::bare(wrap).base_url(base_url)
    }

    pub(crate) fn bare(wrap: fn(Client) -> T) -> Self {
        Self {
            wrap,
            base: None,
            http: Vec::new(),
            foreign: None,
            origins: Vec::new(),
            plain_http: false,
            sessions: Sessions::default(),
            settings: Settings::default(),
            policy: None,
            refresh: None,
            fault: None,
        }
    }

    #[doc(hidden)] // A trait's own builder.
    pub fn __api(api: &'static Api, wrap: fn(Client) -> T) -> Self {
        let mut builder = Self::bare(wrap);
        builder.base = api.base_url.map(str::to_owned);
        builder.policy = api.session.as_ref().map(|policy| (api.name, policy));
        builder
    }

    #[doc(hidden)] // What a trait's own builder says.
    pub fn __refresh(self, refresh: RefreshEndpoint) -> Self {
        self.refresh(refresh)
    }

    /// The method through which the session renews itself, as in `ShopApiClient::REFRESH`.
    ///
    /// It renews each session of the client that was given no way of its own. The first method
    /// given stays; a trait's own builder gives its own.
    pub fn refresh(mut self, refresh: RefreshEndpoint) -> Self {
        self.refresh.get_or_insert(refresh);
        self
    }

    /// Where paths start; a path of its own is kept before them.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base = Some(base_url.into());
        self
    }

    /// A base URL with variables: `https://{tenant}.example.com/v1`.
    ///
    /// A value that would move the origin, or climb out of the path, is a fault that
    /// [`Builder::build`] returns.
    pub fn server(mut self, template: &str, values: &[(&str, &str)]) -> Self {
        match server::expand(template, values) {
            Ok(base) => self.base = Some(base),
            Err(why) => self.fail(format!("the server `{template}`: {why}")),
        }
        self
    }

    /// Changes how the HTTP clients are built: proxy, certificates, name resolution.
    ///
    /// It runs for the client of calls and for that of renewals, so that both reach the server
    /// the same way. Redirects, idle connections of the renewals and `Referer` stay as the
    /// session needs them.
    pub fn http<F>(mut self, change: F) -> Self
    where
        F: Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    {
        self.http.push(Arc::new(change));
        self
    }

    /// Uses HTTP clients that were built elsewhere: one for calls, one for renewals.
    ///
    /// Their redirects are their own: what they follow is not checked, and may carry the token
    /// where it must not go. The second must not follow any, and should keep no idle connection
    /// (`pool_max_idle_per_host(0)`), since one that the server closed under a renewal loses the
    /// answer to it.
    pub fn foreign_client(mut self, client: reqwest::Client, refresh: reqwest::Client) -> Self {
        self.foreign = Some((client, refresh));
        self
    }

    /// Lets the token go to this origin too, beside the base URL's.
    pub fn allow_origin(mut self, origin: impl Into<String>) -> Self {
        self.origins.push(origin.into());
        self
    }

    /// Lets requests go over plain HTTP beyond this machine: everyone between can read the token.
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Sends this header with each request that does not set it itself.
    ///
    /// One that a call sends to another origin after a redirect is kept, unless it is marked
    /// sensitive or is `Authorization` or `Cookie`.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            (Ok(name), Ok(value)) => {
                self.settings.headers.insert(name, value);
            }
            _ => self.fail(format!("the header `{name}` cannot be sent")),
        }
        self
    }

    /// How long a call may take, unless its method or the call says otherwise.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.settings.timeout = Some(limit);
        self
    }

    /// Who is signed in, for every scheme without a session of its own.
    ///
    /// Where a method uses several schemes at once, it stands in for one of them.
    pub fn session(mut self, session: Session) -> Self {
        self.sessions.set_default(session);
        self
    }

    /// Whose token the scheme of this name carries: the name of the header, query parameter or
    /// cookie, or `bearer`.
    ///
    /// An API key is a session that never changes:
    ///
    /// ```
    /// use perennial::{Client, Session, Tokens};
    ///
    /// // For `auth = all(bearer, header("X-App-Id"))`.
    /// let client = Client::builder()
    ///     .base_url("http://127.0.0.1:8080")
    ///     .session(Session::new(Tokens::new("A1").refresh_token("R1")))
    ///     .session_for("X-App-Id", Session::fixed("7f3a"))
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), perennial::Error>(())
    /// ```
    pub fn session_for(mut self, scheme: impl Into<String>, session: Session) -> Self {
        self.sessions.set_named(scheme.into(), session);
        self
    }

    /// What methods with `auth = basic` say who the client is.
    pub fn client_credentials(mut self, id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        self.settings.credentials = Some((id.into(), secret.into()));
        self
    }

    /// Which answers are the session's, in place of what the traits say.
    pub fn classify(mut self, classify: Classify) -> Self {
        self.settings.classify = Some(classify);
        self
    }

    /// Sees each request last, with its token: for signing and trace headers.
    ///
    /// It runs again on replay, after a redirect to the same origin, and for renewals.
    pub fn before_send<F>(mut self, hook: F) -> Self
    where
        F: Fn(&mut Outgoing<'_>) + Send + Sync + 'static,
    {
        self.settings.before_send = Some(Arc::new(hook));
        self
    }

    /// Fills a placeholder in the traits' `path = …`.
    pub fn path_value(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.settings
            .path_values
            .push((name.into(), value.to_string()));
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) says what does not fit: a base URL that is none,
    /// plain HTTP beyond this machine, a header that cannot be sent, or an HTTP client that
    /// cannot be built (no certificates, for one).
    pub fn build(mut self) -> Result<T> {
        if let Some(fault) = self.fault.take() {
            return Err(fault.into());
        }
        let mut origins = Origins::new(self.plain_http);
        let base = self
            .base
            .as_deref()
            .map(|base| origins.base(base))
            .transpose()?;
        if let Some(base) = &base {
            origins.allow(base);
        }
        for origin in mem::take(&mut self.origins) {
            let origin = origins.base(&origin)?;
            origins.allow(&origin);
        }
        let wrap = self.wrap;
        Ok(wrap(self.assemble(base, origins)?))
    }

    fn assemble(self, base: Option<Url>, origins: Origins) -> Result<Client> {
        let http = match &self.foreign {
            Some((http, _)) => http.clone(),
            None => self.http_client()?,
        };
        let policy = OnceLock::new();
        if let Some(stated) = self.policy {
            policy.get_or_init(|| stated);
        }
        let settings = self.settings.clone();
        let mut inner = Inner {
            http,
            base,
            origins,
            // The renewals' own client knows no session that renews itself: it would own what
            // owns it.
            sessions: self.sessions.fixed(),
            policy,
            settings,
        };
        let renewable = |session: &&Session| !session.is_fixed();
        let renewed: Vec<_> = self.sessions.iter().filter(renewable).collect();
        if let (false, Some(method)) = (renewed.is_empty(), self.refresh) {
            let http = match &self.foreign {
                Some((_, foreign)) => RefreshHttp::foreign(foreign.clone()),
                None => RefreshHttp::new(&self.http)?,
            };
            let bare = Client(Arc::new(inner.clone()));
            let refresher = Arc::new(RefreshCall::new(bare, http, method));
            for session in renewed {
                session.bind(refresher.clone());
            }
        }
        inner.sessions = self.sessions;
        Ok(Client(Arc::new(inner)))
    }

    /// The client of calls.
    fn http_client(&self) -> Result<reqwest::Client> {
        let mut builder = reqwest::Client::builder();
        for change in &self.http {
            builder = change(builder);
        }
        // Last, so that nobody undoes it.
        builder
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .build()
            .map_err(|why| RequestError::because("the HTTP client cannot be built", why).into())
    }

    fn fail(&mut self, why: String) {
        self.fault.get_or_insert_with(|| RequestError::new(why));
    }
}

impl<T> fmt::Debug for Builder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("base_url", &self.base)
            .finish_non_exhaustive()
    }
}
