//! Renewal at an OAuth2 token endpoint (RFC 6749), without a typed method for it.

mod access;
mod answer;
mod authentication;
mod request;

pub use access::OAuth2Access;

use crate::{
    RequestError, Secret, Tokens,
    refresh_http::{HttpHook, RefreshHttp},
    session::{BoxFuture, Convention, RefreshAsk, RefreshFailure, Refresher},
};
use answer::Reading;
use authentication::Authentication;
use bytes::Bytes;
use request::Form;
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, OnceLock},
};

/// Renews a session at the token endpoint of an OAuth2 server.
///
/// One POST spends the refresh token (RFC 6749, section 6); no redirect is followed, nothing is
/// retried, and no idle connection is used. What the server answers is read by section 5.2: only
/// `invalid_grant` ends the session. Any other refusal, an HTML page, or an answer that breaks off
/// keeps it.
///
/// An access token is refused whose `token_type` is neither absent nor `Bearer`: a client must not
/// use one whose type it does not understand (section 7.1). [`token_type`](Self::token_type) says
/// that the API's scheme understands another.
///
/// ```
/// use perennial::{OAuth2, Session, Tokens};
///
/// let refresher = OAuth2::new("https://login.example.com/oauth/token", "my-app")
///     .client_secret_basic("the client's secret")
///     .scopes(["orders.read", "orders.write"]);
/// let session = Session::builder()
///     .tokens(Tokens::new("access").refresh_token("refresh"))
///     .refresh_with(refresher)
///     .build()?;
/// # Ok::<(), perennial::BuildError>(())
/// ```
#[must_use = "a refresher does nothing until a session has it"]
pub struct OAuth2 {
    settings: Settings,
    /// What a refresh needs, made once, or why it cannot be made.
    ready: OnceLock<Result<Arc<Ready>, RequestError>>,
}

#[derive(Clone)]
struct Settings {
    token_url: String,
    client_id: String,
    grant: Grant,
    authentication: Authentication,
    access: OAuth2Access,
    partitions: BTreeMap<String, OAuth2Access>,
    reading: Reading,
    hooks: Vec<HttpHook>,
    plain_http: bool,
}

/// What is presented for an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grant {
    /// The refresh token of whoever signed in.
    RefreshToken,
    /// Who the client is.
    ClientCredentials,
}

/// What was checked once.
struct Ready {
    settings: Settings,
    url: url::Url,
    http: RefreshHttp,
}

impl OAuth2 {
    /// The token endpoint, and the name this program is registered under.
    ///
    /// Without a secret it is a public client, which says its name in the form and nothing else.
    pub fn new(token_url: impl Into<String>, client_id: impl Into<String>) -> Self {
        let settings = Settings {
            token_url: token_url.into(),
            client_id: client_id.into(),
            grant: Grant::RefreshToken,
            authentication: Authentication::None,
            access: OAuth2Access::new(),
            partitions: BTreeMap::new(),
            reading: Reading::default(),
            hooks: Vec::new(),
            plain_http: false,
        };
        Self {
            settings,
            ready: OnceLock::new(),
        }
    }

    /// For a service that acts for itself (section 4.4): there is no user, no refresh token, and
    /// nothing to sign in with. The first call gets a token with the client's own credentials, and
    /// so does each one that finds it expired or refused; they share it, as do all processes that
    /// share the session's store.
    ///
    /// Whatever the server refuses, the session is kept: its credentials may be set right.
    ///
    /// ```
    /// use perennial::{OAuth2, Session};
    ///
    /// let refresher = OAuth2::new("https://login.example.com/oauth/token", "my-service")
    ///     .client_secret_basic("the service's secret")
    ///     .scopes(["reports.read"])
    ///     .client_credentials();
    /// let session = Session::builder().refresh_with(refresher).build()?;
    /// # Ok::<(), perennial::BuildError>(())
    /// ```
    pub fn client_credentials(self) -> Self {
        self.with(|settings| settings.grant = Grant::ClientCredentials)
    }

    /// Authenticates the client by `Authorization: Basic` (section 2.3.1); id and secret are
    /// form-encoded first, as the section asks for.
    pub fn client_secret_basic(self, secret: impl Into<Secret>) -> Self {
        let secret = secret.into();
        self.with(|settings| settings.authentication = Authentication::Basic(secret))
    }

    /// Authenticates the client by `client_id` and `client_secret` in the form (section 2.3.1).
    pub fn client_secret_post(self, secret: impl Into<Secret>) -> Self {
        let secret = secret.into();
        self.with(|settings| settings.authentication = Authentication::Post(secret))
    }

    /// Asks for these scopes, all of which the user must have granted. Default: none are named,
    /// which means those of the sign-in.
    pub fn scopes<S: AsRef<str>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.with(|settings| settings.access.set_scopes(scopes))
    }

    /// Asks for a token for this resource (RFC 8707); may be said several times.
    pub fn resource(self, resource: impl Into<String>) -> Self {
        self.with(|settings| settings.access.add_resource(resource.into()))
    }

    /// Adds a parameter to the form, `audience` for example. A second value replaces the first.
    pub fn parameter(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(|settings| settings.access.set_parameter(name.into(), value.into()))
    }

    /// What the access tokens of one partition are for. What it does not say is as the methods
    /// above say it.
    ///
    /// ```
    /// use perennial::{OAuth2, OAuth2Access};
    ///
    /// let refresher = OAuth2::new("https://login.example.com/token", "my-app")
    ///     .partition("reports", OAuth2Access::new().resource("https://reports.example.com"))
    ///     .partition("mail", OAuth2Access::new().scopes(["mail.send"]));
    /// # let _ = refresher;
    /// ```
    pub fn partition(self, name: impl Into<String>, access: OAuth2Access) -> Self {
        self.with(|settings| {
            settings.partitions.insert(name.into(), access);
        })
    }

    /// Words of the member `error` that say, as `invalid_grant` does, that the refresh token is
    /// dead. For servers with words of their own: GitHub's `bad_refresh_token`.
    pub fn rejected_errors<S: Into<String>>(self, errors: impl IntoIterator<Item = S>) -> Self {
        let errors = errors.into_iter().map(Into::into);
        self.with(|settings| settings.reading.rejected.extend(errors))
    }

    /// Accepts access tokens of this type, beside `Bearer`: the API's scheme understands them.
    pub fn token_type(self, accepted: impl Into<String>) -> Self {
        self.with(|settings| settings.reading.types.push(accepted.into()))
    }

    /// Changes how the HTTP client is built: proxy, certificates, name resolution. Redirects, idle
    /// connections and `Referer` stay as a renewal needs them.
    pub fn http<F>(self, change: F) -> Self
    where
        F: Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    {
        self.with(|settings| settings.hooks.push(Arc::new(change)))
    }

    /// Lets tokens and secret go over plain HTTP beyond this machine: everyone between can read
    /// them.
    pub fn allow_plain_http(self) -> Self {
        self.with(|settings| settings.plain_http = true)
    }

    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self.ready = OnceLock::new();
        self
    }

    fn ready(&self) -> Result<Arc<Ready>, RequestError> {
        let ready = || self.settings.check().map(Arc::new);
        self.ready.get_or_init(ready).clone()
    }
}

impl Settings {
    fn check(&self) -> Result<Ready, RequestError> {
        let url = request::token_url(&self.token_url, self.plain_http)?;
        self.authentication.check(&self.client_id)?;
        self.check_service()?;
        for access in self.partitions.values().chain([&self.access]) {
            access.check()?;
        }
        Ok(Ready {
            settings: self.clone(),
            url,
            http: RefreshHttp::new(&self.hooks)?,
        })
    }

    /// Section 4.4: the grant is for clients that authenticate, by whatever means.
    fn check_service(&self) -> Result<(), RequestError> {
        let proves = self.authentication.proves() || self.access.has("client_assertion");
        match self.grant == Grant::RefreshToken || proves {
            true => Ok(()),
            false => Err(RequestError::new(
                "found `.client_credentials()` without credentials, expected `.client_secret_basic(…)` or `.client_secret_post(…)`",
            )),
        }
    }

    /// What an access token is asked for.
    fn access(&self, partition: Option<&str>) -> Result<OAuth2Access, RequestError> {
        let Some(name) = partition else {
            return Ok(self.access.clone());
        };
        match self.partitions.get(name) {
            Some(access) => Ok(access.or(&self.access)),
            None => Err(RequestError::new(format!(
                "the partition `{name}` is not known, expected `.partition(\"{name}\", …)` on the refresher"
            ))),
        }
    }
}

impl Ready {
    async fn spend(self: Arc<Self>, ask: RefreshAsk) -> Result<Tokens, RefreshFailure> {
        let (request, body) = self.request(&ask).map_err(RefreshFailure::not_sent)?;
        let response = self.http.send(request, body, ask.gate()).await?;
        let tokens = self.settings.reading.read(response).await?;
        Ok(match self.settings.grant {
            Grant::RefreshToken => tokens,
            // Section 4.4.3: there should be none, and one would only be something to lose.
            Grant::ClientCredentials => tokens.without_refresh_token(),
        })
    }

    fn request(&self, ask: &RefreshAsk) -> Result<(reqwest::Request, Bytes), RequestError> {
        let settings = &self.settings;
        let mut form = match settings.grant {
            Grant::RefreshToken => {
                let mut form = Form::new("refresh_token");
                form.add("refresh_token", ask.refresh_token().expose());
                form
            }
            Grant::ClientCredentials => Form::new("client_credentials"),
        };
        settings.access(ask.partition())?.fill(&mut form);
        let request = form.seal(&self.url, &settings.client_id, &settings.authentication);
        Ok(request)
    }
}

impl Refresher for OAuth2 {
    fn refresh(&self, ask: RefreshAsk) -> BoxFuture<'static, Result<Tokens, RefreshFailure>> {
        let ready = self.ready();
        Box::pin(async move {
            let ready = ready.map_err(RefreshFailure::not_sent)?;
            ready.spend(ask).await
        })
    }

    fn convention(&self) -> Convention {
        match self.settings.grant {
            Grant::RefreshToken => Convention::OAuth2,
            Grant::ClientCredentials => Convention::ClientCredentials,
        }
    }

    fn prepare(&self) -> Result<(), RequestError> {
        self.ready().map(drop)
    }
}

impl fmt::Debug for OAuth2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A URL that is none may hold anything, and the query of one may hold a key.
        let url = url::Url::parse(&self.settings.token_url).ok();
        let url = url.map(|url| format!("{}{}", url.origin().ascii_serialization(), url.path()));
        f.debug_struct("OAuth2")
            .field("token_url", &url)
            .field("client_id", &self.settings.client_id)
            .field("grant", &self.settings.grant)
            .field("authentication", &self.settings.authentication)
            .field("access", &self.settings.access)
            .field("partitions", &self.settings.partitions)
            .finish_non_exhaustive()
    }
}
