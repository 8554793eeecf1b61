//! A session for requests that no generated client makes.

#[cfg(feature = "middleware")]
mod middleware;
mod plain;
#[cfg(feature = "tower")]
mod tower;
mod turn;

#[cfg(feature = "middleware")]
pub use middleware::GuardMiddleware;
#[cfg(feature = "tower")]
pub use tower::{CloneBody, GuardLayer, Guarded, GuardedFuture, Once, Resend};

use crate::{Classify, RequestError, Scheme, Session, origin::Origins};
use std::{fmt, sync::Arc};
use url::Url;

/// Signs the requests of an HTTP client with a session's token, and renews it.
///
/// What a generated client does by itself, for requests made by hand: the token is put on, a 401
/// is answered by one renewal for everybody and one replay, and the end of the session is an
/// [`Error::SessionExpired`](crate::Error::SessionExpired). Three ways to use it:
/// [`send`](Self::send) with a plain `reqwest` client, [`layer`](Self::layer) in a tower stack,
/// [`middleware`](Self::middleware) in reqwest-middleware.
///
/// ```
/// # async fn example(session: perennial::Session, http: reqwest::Client) -> perennial::Result<()> {
/// use perennial::Guard;
///
/// let guard = Guard::new(session, "https://api.example.com")?;
/// let request = http.get("https://api.example.com/orders").build().expect("a plain request");
/// let response = guard.send(&http, request).await?;
/// # let _ = response;
/// # Ok(())
/// # }
/// ```
///
/// The token goes to the origins that the guard was given, and to no other: requests to elsewhere
/// pass through untouched, and so do requests that bring what the token would say. The client's
/// redirects are its own, however: build it with `redirect(reqwest::redirect::Policy::none())`,
/// since its policy strips an `Authorization` header and no header of another name, and says in a
/// `Referer` what the query was. An answer that came that way is an
/// [`Error::Request`](crate::Error::Request) where the token went along.
///
/// Answers are told apart by status and headers; their bodies are the caller's.
#[derive(Clone)]
pub struct Guard(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    session: Session,
    base: Url,
    origins: Origins,
    scheme: Scheme,
    classify: Option<Classify>,
}

impl Guard {
    /// Guards the requests to this origin, by bearer tokens.
    ///
    /// # Errors
    /// Says what is wrong with the URL: it is none, or it is plain HTTP beyond this machine.
    pub fn new(session: Session, origin: &str) -> Result<Self, RequestError> {
        Self::with(session, origin, Origins::new(false))
    }

    /// The same for an origin that may be plain HTTP, whoever can read it on the way.
    ///
    /// # Errors
    /// Says what is wrong with the URL.
    pub fn over_plain_http(session: Session, origin: &str) -> Result<Self, RequestError> {
        Self::with(session, origin, Origins::new(true))
    }

    fn with(session: Session, origin: &str, mut origins: Origins) -> Result<Self, RequestError> {
        let base = origins.base(origin)?;
        origins.allow(&base);
        Ok(Self(Arc::new(Inner {
            session,
            base,
            origins,
            scheme: Scheme::default(),
            classify: None,
        })))
    }

    /// One more origin that the token may go to.
    ///
    /// # Errors
    /// Says what is wrong with the URL.
    pub fn allow_origin(mut self, origin: &str) -> Result<Self, RequestError> {
        let inner = Arc::make_mut(&mut self.0);
        let url = inner.origins.base(origin)?;
        inner.origins.allow(&url);
        Ok(self)
    }

    /// Where the token goes. Default: [`Scheme::bearer`].
    #[must_use]
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        Arc::make_mut(&mut self.0).scheme = scheme;
        self
    }

    /// Which answers are the session's. Default: HTTP 401, and 402 where the session renews
    /// itself through an endpoint of the API.
    ///
    /// A function of one's own sees no body here.
    #[must_use]
    pub fn classify(mut self, classify: Classify) -> Self {
        Arc::make_mut(&mut self.0).classify = Some(classify);
        self
    }

    /// Whose token it is.
    pub fn session(&self) -> &Session {
        &self.0.session
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("origin", &self.0.base.origin().ascii_serialization())
            .field("scheme", &self.0.scheme)
            .field("session", &self.0.session)
            .finish_non_exhaustive()
    }
}
