//! Request bodies.

use bytes::Bytes;
use futures_core::Stream;
use std::{
    error, fmt,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

type Source = Box<dyn error::Error + Send + Sync>;
type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, Source>> + Send>>;

/// A request body: bytes or a factory of streams, which can be sent again, or a stream, which cannot.
///
/// ```
/// use perennial::{Body, ByteStream};
///
/// assert!(Body::from("a,b\n1,2\n").is_replayable());
/// assert!(Body::factory(|| ByteStream::from_iter(["a,b\n", "1,2\n"])).is_replayable());
/// ```
pub struct Body(pub(crate) Kind);

pub(crate) enum Kind {
    Bytes(Bytes),
    Factory(Arc<dyn Fn() -> ByteStream + Send + Sync>),
    Stream(ByteStream),
}

impl Kind {
    /// The same once more; none for a stream, which is gone once it was sent.
    pub(crate) fn again(&self) -> Option<Self> {
        match self {
            Self::Bytes(bytes) => Some(Self::Bytes(bytes.clone())),
            Self::Factory(make) => Some(Self::Factory(make.clone())),
            Self::Stream(_) => None,
        }
    }

    /// What can be looked at before it is sent.
    pub(crate) fn bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Factory(_) | Self::Stream(_) => None,
        }
    }

    /// For the transport.
    pub(crate) fn into_http(self) -> reqwest::Body {
        match self {
            Self::Bytes(bytes) => bytes.into(),
            Self::Factory(make) => reqwest::Body::wrap(make()),
            Self::Stream(stream) => reqwest::Body::wrap(stream),
        }
    }
}

impl Body {
    /// A stream that can be made anew: `make` is called for each send, so that a call can be sent
    /// again after a renewal or a redirect without its body in memory.
    ///
    /// It runs on the call's task and should only open what it reads from, not read it.
    pub fn factory(make: impl Fn() -> ByteStream + Send + Sync + 'static) -> Self {
        Self(Kind::Factory(Arc::new(make)))
    }

    /// Whether it can be sent again after a renewal or a redirect.
    pub fn is_replayable(&self) -> bool {
        !matches!(self.0, Kind::Stream(_))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Kind::Factory(_) => f.write_str("Body(factory)"),
            Kind::Stream(_) => f.write_str("Body(stream)"),
        }
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Self(Kind::Bytes(bytes.into()))
    }
}

impl From<ByteStream> for Body {
    fn from(stream: ByteStream) -> Self {
        Self(Kind::Stream(stream))
    }
}

/// A stream of bytes that is read once, as it is sent.
///
/// ```
/// use perennial::{Body, ByteStream, Bytes};
///
/// let body = Body::from(ByteStream::from_iter([Bytes::from("a,b\n"), Bytes::from("1,2\n")]));
/// assert!(!body.is_replayable());
/// ```
pub struct ByteStream(Mutex<Chunks>);

impl ByteStream {
    /// Sends what `stream` yields; its first error breaks the request off.
    pub fn new<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes> + 'static,
        E: Into<Source> + 'static,
    {
        Self(Mutex::new(Box::pin(Mapped(Box::pin(stream)))))
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Source>>> {
        // The lock makes it `Sync`, which the HTTP client asks for; nobody ever contends for it.
        let chunks = self
            .0
            .get_mut()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        chunks.as_mut().poll_next(cx)
    }
}

impl<B: Into<Bytes> + Send + 'static> FromIterator<B> for ByteStream {
    fn from_iter<I: IntoIterator<Item = B>>(chunks: I) -> Self {
        let chunks: Vec<Bytes> = chunks.into_iter().map(Into::into).collect();
        Self(Mutex::new(Box::pin(Listed(chunks.into_iter()))))
    }
}

struct Mapped<S>(Pin<Box<S>>);

impl<S, B, E> Stream for Mapped<S>
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Bytes>,
    E: Into<Source>,
{
    type Item = Result<Bytes, Source>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = self.0.as_mut().poll_next(cx);
        item.map(|item| item.map(|chunk| chunk.map(Into::into).map_err(Into::into)))
    }
}

struct Listed(std::vec::IntoIter<Bytes>);

impl Stream for Listed {
    type Item = Result<Bytes, Source>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Source>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}

impl http_body::Body for ByteStream {
    type Data = Bytes;
    type Error = Source;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Source>>> {
        self.poll(cx)
            .map(|item| item.map(|chunk| chunk.map(http_body::Frame::data)))
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}

/// What `#[body]` takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a request body",
    label = "expected bytes, text or a `ByteStream`"
)]
pub trait IntoBody {
    /// The body; borrowed arguments are copied.
    fn into_body(self) -> Body;
}

macro_rules! into_body {
    ($($type:ty: |$from:ident| $body:expr;)*) => {$(
        impl IntoBody for $type {
            fn into_body(self) -> Body {
                let $from = self;
                Body::from($body)
            }
        }
    )*};
}

into_body! {
    Bytes: |from| from;
    &Bytes: |from| from.clone();
    Vec<u8>: |from| from;
    &Vec<u8>: |from| Bytes::copy_from_slice(from);
    &[u8]: |from| Bytes::copy_from_slice(from);
    String: |from| from;
    &String: |from| Bytes::copy_from_slice(from.as_bytes());
    &str: |from| Bytes::copy_from_slice(from.as_bytes());
    ByteStream: |from| from;
}

impl IntoBody for Body {
    fn into_body(self) -> Body {
        self
    }
}
