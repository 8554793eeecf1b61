//! A middleware of reqwest-middleware.

use super::{Guard, plain::Send};
use crate::{ApiError, Error};
use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::{Middleware, Next};

/// A [`Guard`] as a middleware; made by [`Guard::middleware`].
///
/// ```
/// # fn example(guard: perennial::Guard, http: reqwest::Client) {
/// let http = reqwest_middleware::ClientBuilder::new(http)
///     .with(guard.middleware())
///     .build();
/// # let _ = http;
/// # }
/// ```
///
/// What the session has to say arrives as `reqwest_middleware::Error::Middleware` around an
/// [`Error`], which `downcast_ref` finds. A retry middleware belongs outside of it, so that each
/// try carries the newest token.
#[derive(Clone, Debug)]
pub struct GuardMiddleware(Guard);

impl Guard {
    /// This guard in a stack of reqwest-middleware.
    pub fn middleware(&self) -> GuardMiddleware {
        GuardMiddleware(self.clone())
    }
}

#[async_trait::async_trait]
impl Middleware for GuardMiddleware {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        let mut stack = Stack { extensions, next };
        self.0
            .conduct(request, &mut stack)
            .await
            .map_err(|Wrapped(error)| error)
    }
}

/// The rest of the stack.
struct Stack<'a> {
    extensions: &'a mut Extensions,
    next: Next<'a>,
}

/// The framework's error, which does not know ours.
struct Wrapped(reqwest_middleware::Error);

impl From<Error<ApiError>> for Wrapped {
    fn from(error: Error<ApiError>) -> Self {
        Self(reqwest_middleware::Error::middleware(error))
    }
}

impl Send for Stack<'_> {
    type Error = Wrapped;

    async fn send(&mut self, request: Request) -> Result<Response, Wrapped> {
        let sent = self.next.clone().run(request, self.extensions).await;
        sent.map_err(|error| Wrapped(without_query(error)))
    }
}

/// The query of a URL may be where the token is.
fn without_query(mut error: reqwest_middleware::Error) -> reqwest_middleware::Error {
    if let Some(url) = error.url_mut() {
        url.set_query(None);
    }
    error
}
