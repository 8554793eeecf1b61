//! What a session asks of whoever renews its tokens.

mod failure;
mod gate;
mod retry_after;

pub(crate) use failure::OAUTH_ERRORS;
pub use failure::{RefreshFailure, Refused};
pub use gate::{Gate, GateClosed};
pub use retry_after::RetryAfter;

use super::BoxFuture;
use crate::{RequestError, Secret, Tokens};
use std::{fmt, future::Future, sync::Arc, time::Duration};

/// Spends a refresh token: one request, one answer.
///
/// It neither retries nor follows redirects; when to try again is the session's to say. It calls
/// [`Gate::pass`] at the last moment before the refresh token leaves the process, and sends
/// nothing if the gate is closed.
pub trait Refresher: Send + Sync + 'static {
    /// Sends the refresh token of `ask` and reads the answer.
    ///
    /// # Errors
    /// A [`RefreshFailure`]; which one it is decides whether the token may be presented again.
    fn refresh(&self, ask: RefreshAsk) -> BoxFuture<'static, Result<Tokens, RefreshFailure>>;

    /// How refusals are read; [`Convention::OAuth2`] unless overridden.
    fn convention(&self) -> Convention {
        Convention::OAuth2
    }

    /// Asked when a session is built with it: whether it can work. It can unless overridden.
    ///
    /// # Errors
    /// [`RequestError`] says what no refresh could do anything about: a URL that is none, for one.
    fn prepare(&self) -> Result<(), RequestError> {
        Ok(())
    }
}

impl<R: Refresher + ?Sized> Refresher for Arc<R> {
    fn refresh(&self, ask: RefreshAsk) -> BoxFuture<'static, Result<Tokens, RefreshFailure>> {
        (**self).refresh(ask)
    }

    fn convention(&self) -> Convention {
        (**self).convention()
    }

    fn prepare(&self) -> Result<(), RequestError> {
        (**self).prepare()
    }
}

/// How the answers of a refresh endpoint are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Convention {
    /// An endpoint of the API itself: 400, 401 and 403 say that the refresh token is dead, and
    /// an HTTP 402 to an ordinary call says that the session is over.
    Endpoint,
    /// RFC 6749, section 5.2: only `invalid_grant` says so.
    OAuth2,
    /// A service that acts for itself: no refresh token is spent, so [`RefreshAsk::refresh_token`]
    /// is empty and no sign-in is needed. Nothing ends such a session but
    /// [`sign_out`](super::Session::sign_out), and a request whose answer was lost is made again.
    ClientCredentials,
}

/// One refresh to be made.
#[derive(Clone, Debug)]
pub struct RefreshAsk {
    token: Secret,
    gate: Gate,
    timeout: Duration,
    partition: Option<Arc<str>>,
}

impl RefreshAsk {
    /// An ask of one's own, to try a refresher out.
    pub fn new(refresh_token: impl Into<Secret>, gate: Gate, timeout: Duration) -> Self {
        Self {
            token: refresh_token.into(),
            gate,
            timeout,
            partition: None,
        }
    }

    pub(super) fn for_partition(mut self, name: &Option<Arc<str>>) -> Self {
        self.partition.clone_from(name);
        self
    }

    /// The refresh token to spend; empty for [`Convention::ClientCredentials`].
    pub fn refresh_token(&self) -> &Secret {
        &self.token
    }

    /// Which [partition](super::Session::partition) the access token is for; none is the session
    /// itself.
    pub fn partition(&self) -> Option<&str> {
        self.partition.as_deref()
    }

    /// What must be passed before it is sent.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// How long the answer is waited for; after that the future is dropped.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }
}

/// A closure as a [`Refresher`]: the gate is passed just before it runs.
pub(crate) struct Closure<F> {
    run: Arc<F>,
}

impl<F> Closure<F> {
    pub(crate) fn new(run: F) -> Self {
        Self { run: Arc::new(run) }
    }
}

impl<F, R> Refresher for Closure<F>
where
    F: Fn(Secret) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Tokens, RefreshFailure>> + Send + 'static,
{
    fn refresh(&self, ask: RefreshAsk) -> BoxFuture<'static, Result<Tokens, RefreshFailure>> {
        let run = self.run.clone();
        Box::pin(async move {
            // A closure cannot be asked when it sends: it counts as sending once it starts.
            ask.gate.pass().map_err(RefreshFailure::not_sent)?;
            run(ask.token).await
        })
    }
}

impl<F> fmt::Debug for Closure<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Closure")
    }
}
