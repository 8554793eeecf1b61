//! One request of a guard's, from its first send to the end of its replay.

use super::Guard;
use crate::{
    Answer, ApiError, Error, RequestError,
    auth::{Blame, Credentials, Fault},
    classify::Rules,
    endpoint::{Api, SessionPolicy},
    execute::{conclude, cure, deny},
    session::{Ask, Refusal},
};
use http::{HeaderMap, Method, StatusCode};
use std::hash::{DefaultHasher, Hash, Hasher};
use url::Url;

/// Stands where a trait would: no envelope, and the session's usual policy.
static API: Api = Api::new("Guard");

/// What is known of a request's body.
pub(super) struct Weight {
    /// Whether it can be sent only once.
    pub(super) one_shot: bool,
    /// What it keeps in memory while it waits.
    pub(super) bytes: usize,
}

pub(super) struct Turn {
    guard: Guard,
    credentials: Credentials,
    ask: Ask,
    replayed: bool,
}

impl Turn {
    /// The guard's part in a request; none if the token must not go where the request goes.
    ///
    /// A request that says itself what the token would say is none of the guard's business.
    pub(super) fn new(
        guard: &Guard,
        method: &Method,
        url: &Url,
        headers: &HeaderMap,
        body: Weight,
    ) -> Option<Self> {
        let inner = &guard.0;
        let place = &inner.scheme.0;
        if !inner.origins.allows(url) || place.is_taken(url, headers) {
            return None;
        }
        let ask = Ask {
            endpoint: identity(method, url),
            one_shot: body.one_shot,
            bytes: body.bytes.saturating_add(url.as_str().len()),
            ..Ask::default()
        };
        Some(Self {
            guard: guard.clone(),
            credentials: Credentials::one(place.clone(), inner.session.clone()),
            ask,
            replayed: false,
        })
    }

    /// Whether the body must be sent a second time after a refusal.
    pub(super) fn may_replay(&self) -> bool {
        !self.ask.one_shot && !self.replayed
    }

    /// Puts the token on the request, waiting for a renewal where there is none to be had.
    pub(super) async fn admit(&mut self, headers: &mut HeaderMap) -> Result<(), Error<ApiError>> {
        let admitted = self.credentials.admit(&self.ask, headers).await;
        admitted.map_err(|fault: Fault| conclude::refused(deny(fault, None)))
    }

    /// Adds what goes into the URL or among the cookies to what is about to be sent.
    pub(super) fn dress(&self, url: &mut Url, headers: &mut HeaderMap) {
        self.credentials.dress(url, headers);
    }

    /// Refuses an answer that the transport fetched from elsewhere with the token on its request.
    ///
    /// It comes too late for this token, and in time for whoever first tries the client out.
    ///
    /// # Errors
    /// Says which client must not follow redirects.
    pub(super) fn stayed(&self, from: &Url) -> Result<(), Error<ApiError>> {
        let inner = &self.guard.0;
        if inner.origins.allows(from) || !inner.scheme.0.is_forwarded() {
            return Ok(());
        }
        let origin = from.origin().ascii_serialization();
        let why = format!(
            "the HTTP client followed a redirect to {origin} with the session's token on the \
             request; build it with `.redirect(reqwest::redirect::Policy::none())`"
        );
        Err(RequestError::new(why).into())
    }

    /// What an answer says to the session; `from` is where it came from, redirects included.
    pub(super) fn judge(
        &self,
        from: &Url,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Option<Refusal> {
        let inner = &self.guard.0;
        // Only who was shown the token may speak about it.
        if !inner.origins.allows(from) {
            return None;
        }
        let rules = Rules::of(inner.classify.as_ref(), &SessionPolicy::DEFAULT, &API);
        let own = rules.own().and_then(|own| own(status, headers, &[]));
        // A scheme that is not this guard's is somebody else's business.
        let mine = |scheme: Option<&str>| scheme.is_none_or(|name| self.credentials.knows(name));
        let own = own
            .filter(|(_, scheme)| mine(*scheme))
            .map(|(refusal, _)| refusal);
        let refusal = own.or_else(|| rules.by_status(status, self.credentials.power()));
        if refusal.is_none() {
            self.credentials.accepted(&self.ask);
        }
        refusal.map(|refusal| cure(refusal, headers))
    }

    /// Tells the session of a refusal; puts what to send the request again with in its place.
    ///
    /// # Errors
    /// Why the request is not to be sent again, with the answer that refused it.
    pub(super) async fn refused(
        &mut self,
        refusal: Refusal,
        answer: Answer,
        headers: &mut HeaderMap,
    ) -> Result<(), Error<ApiError>> {
        let blame = Blame {
            refusal,
            scheme: None,
            headers: &answer.headers,
            replayed: self.replayed,
        };
        self.replayed = true;
        let refused = self.credentials.refused(&self.ask, blame, headers).await;
        refused.map_err(|fault| conclude::refused(deny(fault, Some(answer))))
    }
}

/// What stands for an endpoint where no trait names it: method and path.
fn identity(method: &Method, url: &Url) -> usize {
    let mut hasher = DefaultHasher::new();
    (method.as_str(), url.path()).hash(&mut hasher);
    hasher.finish() as usize
}
