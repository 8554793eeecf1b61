//! What a method returns: a request already built, and how its answer is read.

use crate::{
    ApiError, Error, RequestError, Response, Result,
    decode::{Choice, Decode, FromStatus, Reply},
    execute::{Failure, Outcome, conclude, execute},
    request::Request,
};
use bytes::Bytes;
use http::{HeaderMap, Method};
use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use url::{Position, Url};

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

enum Finish<T, E> {
    /// Every generated method.
    Plain(fn(Outcome) -> Result<T, E>),
    /// After `.response()`.
    Wrapped(Box<dyn FnOnce(Outcome) -> Result<T, E> + Send>),
}

impl<T, E> Finish<T, E> {
    fn run(self, outcome: Outcome) -> Result<T, E> {
        match self {
            Self::Plain(finish) => finish(outcome),
            Self::Wrapped(finish) => finish(outcome),
        }
    }
}

/// A request that is built and not yet sent; awaiting it sends it.
///
/// It owns what it needs, so it can be spawned, joined, raced and stored. Dropping it closes its
/// request, and never the renewal of a session that it waits for.
///
/// Options for this one call come before the first poll. On mocks they do nothing.
///
/// ```
/// use perennial::{ApiError, Call};
/// use std::time::Duration;
///
/// # fn main() { tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// // What a mock returns:
/// let call: Call<u32> = Call::ready(Ok(7));
/// assert_eq!(call.timeout(Duration::from_secs(1)).await.unwrap(), 7);
/// # }) }
/// ```
#[must_use = "a `Call` sends nothing until it is awaited"]
pub struct Call<T, E = ApiError>(State<T, E>);

enum State<T, E> {
    Built(Box<Request>, Finish<T, E>),
    Sent(BoxFuture<Outcome>, Finish<T, E>),
    /// Mocks, and bodies that a person wrote.
    Given(BoxFuture<Result<T, E>>),
    /// It cannot be answered any more, and why.
    Spoilt(&'static str),
    Done,
}

const LATE: &str = "an option was set after the first poll, expected before";
const RAW_MOCK: &str = "`.raw()` on a mock, which has no answer";

// Nothing is pinned in place.
impl<T, E> Unpin for Call<T, E> {}

impl<T: 'static, E: 'static> Call<T, E> {
    /// A call that is answered already, for mocks.
    pub fn ready(result: Result<T, E>) -> Self
    where
        T: Send,
        E: Send,
    {
        Self::from_future(std::future::ready(result))
    }

    /// A call that `future` answers, for mocks and for methods written by hand.
    pub fn from_future(future: impl Future<Output = Result<T, E>> + Send + 'static) -> Self {
        Self(State::Given(Box::pin(future)))
    }

    /// A call that says that `method` has no implementation; the default body of each method.
    pub fn unimplemented(method: &'static str) -> Self {
        Self::from_future(async move {
            Err(RequestError::new(format!("`{method}` is not implemented")).into())
        })
    }

    #[doc(hidden)] // Expansions alone call it.
    pub fn __new<D: Decode<T>>(mut request: Request, _: Choice<D>) -> Self
    where
        E: FromStatus,
    {
        request.accept = D::ACCEPT;
        request.optional = D::OPTIONAL;
        request.claims = E::CLAIMS;
        Self(State::Built(
            Box::new(request),
            Finish::Plain(finish::<D, T, E>),
        ))
    }

    /// How long this call may take, the wait for a renewal and the replay included.
    pub fn timeout(self, limit: Duration) -> Self {
        self.edit(|request| request.limit = Some(limit))
    }

    /// Sets a header of this call, in place of any other of that name.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.edit(|request| request.set_header(name, value))
    }

    /// Adds a query parameter to this call.
    pub fn query(self, name: &str, value: &str) -> Self {
        self.edit(|request| request.add_query(name, value))
    }

    /// Status and headers beside the value; further options may follow.
    ///
    /// A mock's value comes with status 200 and no headers.
    pub fn response(self) -> Call<Response<T>, E> {
        Call(match self.0 {
            State::Built(request, finish) => {
                let finish = move |outcome: Outcome| {
                    let (status, headers) = match &outcome {
                        Ok(reply) => (reply.status(), reply.headers().clone()),
                        Err(_) => Default::default(),
                    };
                    Ok(Response::with(status, headers, finish.run(outcome)?))
                };
                State::Built(request, Finish::Wrapped(Box::new(finish)))
            }
            State::Given(future) => State::Given(Box::pin(async move {
                Ok(Response::new(http::StatusCode::OK, future.await?))
            })),
            State::Spoilt(why) => State::Spoilt(why),
            State::Sent(..) | State::Done => State::Spoilt(LATE),
        })
    }

    /// The answer as it came, whatever its status, after the session's rules.
    ///
    /// On a mock it answers [`Error::Request`].
    pub fn raw(self) -> Call<Response<Bytes>> {
        Call(match self.0 {
            State::Built(mut request, _) => {
                request.raw = true;
                State::Built(request, Finish::Plain(finish_raw))
            }
            State::Given(_) => State::Spoilt(RAW_MOCK),
            State::Spoilt(why) => State::Spoilt(why),
            State::Sent(..) | State::Done => State::Spoilt(LATE),
        })
    }

    /// Shows what would be sent, without token and hooks; for tests.
    ///
    /// # Errors
    /// Says why it cannot be built, or that this is a mock or was polled already.
    pub fn request(&self) -> core::result::Result<Preview, RequestError> {
        match &self.0 {
            State::Built(request, _) => request.preview(),
            State::Given(_) => Err(RequestError::new("a mock has no request")),
            _ => Err(RequestError::new("the request was sent already")),
        }
    }

    fn edit(mut self, change: impl FnOnce(&mut Request)) -> Self {
        match &mut self.0 {
            State::Built(request, _) => change(request),
            State::Given(_) | State::Spoilt(_) => {}
            State::Sent(..) | State::Done => self.0 = State::Spoilt(LATE),
        }
        self
    }
}

/// What a call would send, before the session and the hooks add theirs.
///
/// Debug shows neither the query nor header values nor the body, which may hold secrets.
#[derive(Clone)]
#[non_exhaustive]
pub struct Preview {
    /// The HTTP method.
    pub method: Method,
    /// The URL.
    pub url: Url,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; `None` for one that can be read only once.
    pub body: Option<Bytes>,
}

impl fmt::Debug for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Preview");
        debug.field("method", &self.method);
        debug.field("url", &&self.url[..Position::AfterPath]);
        debug.field("headers", &self.headers.keys().collect::<Vec<_>>());
        debug.finish_non_exhaustive()
    }
}

/// The only code compiled per decoder, value and error.
fn finish<D: Decode<T>, T, E: FromStatus>(outcome: Outcome) -> Result<T, E> {
    match outcome {
        Ok(reply) => D::decode(reply).map_err(conclude::undecoded),
        Err(failure) => Err(conclude::refused(failure)),
    }
}

fn finish_raw(outcome: Outcome) -> Result<Response<Bytes>> {
    match outcome {
        Ok(Reply { answer, .. }) => Ok(Response::with(answer.status, answer.headers, answer.body)),
        Err(Failure::Error(error)) => Err(error.widen()),
        Err(Failure::Refused(answer)) => {
            Ok(Response::with(answer.status, answer.headers, answer.body))
        }
    }
}

impl<T, E> Future for Call<T, E> {
    type Output = Result<T, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = mem::replace(&mut self.0, State::Done);
        if let State::Built(request, finish) = state {
            // Token, deadline and span start here.
            state = State::Sent(Box::pin(execute(request)), finish);
        }
        match state {
            State::Sent(mut sent, finish) => match sent.as_mut().poll(cx) {
                Poll::Ready(outcome) => Poll::Ready(finish.run(outcome)),
                Poll::Pending => {
                    self.0 = State::Sent(sent, finish);
                    Poll::Pending
                }
            },
            State::Given(mut given) => match given.as_mut().poll(cx) {
                Poll::Ready(result) => Poll::Ready(result),
                Poll::Pending => {
                    self.0 = State::Given(given);
                    Poll::Pending
                }
            },
            State::Spoilt(why) => Poll::Ready(Err(Error::Request(RequestError::new(why)))),
            State::Built(..) | State::Done => panic!("`Call` polled after it completed"),
        }
    }
}

impl<T, E> fmt::Debug for Call<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            State::Built(request, _) => f.debug_tuple("Call").field(request).finish(),
            State::Sent(..) => f.write_str("Call(sent)"),
            State::Given(_) => f.write_str("Call(given)"),
            State::Spoilt(why) => write!(f, "Call({why})"),
            State::Done => f.write_str("Call(done)"),
        }
    }
}
