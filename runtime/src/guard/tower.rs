//! A layer of tower, over whatever sends `http` requests: hyper, tonic, an AWS-style stack.

use super::{
    Guard,
    turn::{Turn, Weight},
};
use crate::{
    Answer, ApiError, Error, RequestError,
    execute::{HEAD, PATIENCE},
};
use bytes::{Buf, BytesMut};
use http::{Request, Response, Uri, request};
use http_body::Body;
use std::{
    error, fmt,
    future::poll_fn,
    mem,
    pin::{Pin, pin},
    task::{Context, Poll},
};
use tower_layer::Layer;
use tower_service::Service;
use url::{Position, Url};

type BoxError = Box<dyn error::Error + Send + Sync>;

/// What the service of a [`GuardLayer`] answers.
pub type GuardedFuture<R> = Pin<Box<dyn Future<Output = Result<Response<R>, BoxError>> + Send>>;

/// Tells how a request's body is had a second time, before it is sent for the first time.
///
/// [`CloneBody`] for bodies that can be cloned, [`Once`] for those that cannot be had again, or a
/// function: `|body: &SdkBody| body.try_clone()`.
pub trait Resend<B>: Clone + Send + Sync + 'static {
    /// The same body once more; none if it can be sent only once.
    fn again(&self, body: &B) -> Option<B>;

    /// How many bytes it keeps in memory while its request waits, as far as that is known.
    fn bytes(&self, body: &B) -> usize {
        let _ = body;
        0
    }
}

/// Clones the body; cheap where it is shared bytes, as `http_body_util::Full<Bytes>` is.
#[derive(Clone, Copy, Debug, Default)]
pub struct CloneBody;

/// Every body is sent once: a 401 renews the session and is an error.
#[derive(Clone, Copy, Debug, Default)]
pub struct Once;

impl<B: Body + Clone> Resend<B> for CloneBody {
    fn again(&self, body: &B) -> Option<B> {
        Some(body.clone())
    }

    fn bytes(&self, body: &B) -> usize {
        usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX)
    }
}

impl<B> Resend<B> for Once {
    fn again(&self, _: &B) -> Option<B> {
        None
    }
}

impl<B, F: Fn(&B) -> Option<B> + Clone + Send + Sync + 'static> Resend<B> for F {
    fn again(&self, body: &B) -> Option<B> {
        self(body)
    }
}

/// A [`Guard`] as a layer of tower; made by [`Guard::layer`].
///
/// ```
/// # fn example<S>(guard: perennial::Guard, inner: S) {
/// use tower_layer::Layer;
///
/// let service = guard.layer().layer(inner);
/// # let _ = service;
/// # }
/// ```
///
/// The service's error is a box that holds either the inner service's error or an [`Error`].
/// A URI without authority is taken to be one of the guard's own origin, since a service under it
/// may speak over one connection only. The 401 that is not handed on is read up to 64 KiB, for at
/// most a second, before anything waits.
#[derive(Clone, Debug)]
pub struct GuardLayer<P = CloneBody> {
    guard: Guard,
    resend: P,
}

impl Guard {
    /// This guard in a tower stack whose request bodies can be cloned.
    pub fn layer(&self) -> GuardLayer {
        self.layer_with(CloneBody)
    }

    /// The same for bodies of another kind: [`Once`], or a function that gives a body again.
    pub fn layer_with<P>(&self, resend: P) -> GuardLayer<P> {
        GuardLayer {
            guard: self.clone(),
            resend,
        }
    }
}

impl<S, P: Clone> Layer<S> for GuardLayer<P> {
    type Service = Guarded<S, P>;

    fn layer(&self, inner: S) -> Guarded<S, P> {
        Guarded {
            inner,
            layer: self.clone(),
        }
    }
}

/// A service whose requests carry a session's token; made by [`GuardLayer`].
#[derive(Clone)]
pub struct Guarded<S, P = CloneBody> {
    inner: S,
    layer: GuardLayer<P>,
}

impl<S, P> fmt::Debug for Guarded<S, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Guarded").field(&self.layer.guard).finish()
    }
}

impl<S, P, B, R> Service<Request<B>> for Guarded<S, P>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    P: Resend<B>,
    B: Send + 'static,
    R: Body + Send + 'static,
    R::Data: Send,
{
    type Response = Response<R>;
    type Error = BoxError;
    type Future = GuardedFuture<R>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: Request<B>) -> GuardedFuture<R> {
        // The one that was polled ready is the one to call; its clone has to be polled anew.
        let clone = self.inner.clone();
        let inner = mem::replace(&mut self.inner, clone);
        Box::pin(conduct(self.layer.clone(), inner, request))
    }
}

/// Inject, send, judge, renew, replay.
async fn conduct<S, P, B, R>(
    layer: GuardLayer<P>,
    mut inner: S,
    request: Request<B>,
) -> Result<Response<R>, BoxError>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Into<BoxError>,
    P: Resend<B>,
    R: Body,
{
    let (mut head, mut body) = request.into_parts();
    let mut spare = layer.resend.again(&body);
    let url = url(&layer.guard, &head.uri)?;
    let weight = Weight {
        one_shot: spare.is_none(),
        bytes: layer.resend.bytes(&body),
    };
    let turn = Turn::new(&layer.guard, &head.method, &url, &head.headers, weight);
    let Some(mut turn) = turn else {
        return inner
            .call(Request::from_parts(head, body))
            .await
            .map_err(Into::into);
    };
    turn.admit(&mut head.headers).await?;
    loop {
        let next = spare.take().filter(|_| turn.may_replay());
        let sent = dressed(&turn, &head, &url)?;
        let answered = inner.call(Request::from_parts(sent, body)).await;
        let response = answered.map_err(Into::into)?;
        let Some(refusal) = turn.judge(&url, response.status(), response.headers()) else {
            return Ok(response);
        };
        let answer = drained(response).await;
        turn.refused(refusal, answer, &mut head.headers).await?;
        // The session lets nobody send again who cannot.
        body = next.ok_or_else(|| RequestError::new("the body cannot be sent again"))?;
        spare = None;
        poll_fn(|context| inner.poll_ready(context))
            .await
            .map_err(Into::into)?;
    }
}

/// The head with what goes into the URL or among the cookies.
fn dressed(turn: &Turn, head: &request::Parts, url: &Url) -> Result<request::Parts, RequestError> {
    let mut sent = head.clone();
    let mut target = url.clone();
    turn.dress(&mut target, &mut sent.headers);
    if target != *url {
        sent.uri = uri(&head.uri, &target)?;
    }
    Ok(sent)
}

/// Where the request goes, in full.
fn url(guard: &Guard, uri: &Uri) -> Result<Url, Error<ApiError>> {
    let url = match uri.authority() {
        Some(_) => Url::parse(&uri.to_string()),
        None => guard
            .0
            .base
            .join(uri.path_and_query().map_or("/", |path| path.as_str())),
    };
    url.map_err(|why| RequestError::new(format!("the URI of the request is no URL: {why}")).into())
}

/// The same form of URI as before, with another query.
fn uri(like: &Uri, url: &Url) -> Result<Uri, RequestError> {
    let text = match like.authority() {
        Some(_) => url.as_str(),
        None => &url[Position::BeforePath..Position::AfterQuery],
    };
    text.parse()
        .map_err(|why| RequestError::new(format!("the query does not fit a URI: {why}")))
}

/// A refusal, as far as it is read.
async fn drained<R: Body>(response: Response<R>) -> Answer {
    let (head, body) = response.into_parts();
    let mut bytes = BytesMut::new();
    let mut body = pin!(body);
    let read = async {
        while bytes.len() < HEAD {
            let frame = poll_fn(|context| body.as_mut().poll_frame(context)).await;
            let Some(Ok(frame)) = frame else { break };
            let Ok(mut data) = frame.into_data() else {
                break;
            };
            while data.has_remaining() {
                let chunk = data.chunk();
                let length = chunk.len();
                bytes.extend_from_slice(chunk);
                data.advance(length);
            }
        }
    };
    // The status is known: what breaks here, or takes too long, changes nothing.
    let _ = tokio::time::timeout(PATIENCE, read).await;
    bytes.truncate(HEAD);
    let mut answer = Answer::new(head.status, bytes.freeze());
    answer.headers = head.headers;
    answer
}
