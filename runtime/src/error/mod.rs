//! Everything a call can fail with.

mod api;
mod decode;
mod refresh;
mod request;
mod session;
mod transport;

pub use api::{ApiError, Unexpected};
pub use decode::DecodeError;
pub use refresh::{RefreshError, RefreshErrorKind};
pub use request::RequestError;
pub use session::{ExpiredReason, SessionChanged, SessionExpired, Unauthorized};
pub use transport::{TransportError, TransportKind};

use crate::Response;
use http::StatusCode;
use std::{convert::Infallible, fmt};

/// What a [`Call`](crate::Call) answers: the value, or an [`Error`].
pub type Result<T, E = ApiError> = core::result::Result<T, Error<E>>;

/// Why a call has no value.
///
/// `E` is what the API itself says went wrong: [`ApiError`] takes any answer, an enum with
/// `#[derive(ApiError)]` tells statuses apart. An error is at most two words, so that a `Result`
/// stays cheap to move.
///
/// ```
/// use perennial::{Error, ExpiredReason, Result, SessionExpired};
///
/// fn advice(result: Result<u32>) -> &'static str {
///     match result {
///         Ok(_) => "done",
///         Err(Error::SessionExpired(over)) if over.reason() == ExpiredReason::Rejected => "sign in",
///         Err(error) if error.is_timeout() => "try again",
///         Err(_) => "report it",
///     }
/// }
///
/// let over = SessionExpired::new(ExpiredReason::Rejected);
/// assert_eq!(advice(Err(over.into())), "sign in");
/// ```
#[non_exhaustive]
pub enum Error<E = ApiError> {
    /// The session is over (or has not begun): only signing in helps.
    SessionExpired(SessionExpired),
    /// Another sign-in took the place of the one this call was sent for; it was not sent again.
    SessionChanged(SessionChanged),
    /// The server refused the credentials and a renewal did not, or could not, help.
    Unauthorized(Unauthorized),
    /// No usable token could be had; the session is kept.
    Refresh(RefreshError),
    /// The API refused, in words that `E` describes.
    Api(Box<Response<E>>),
    /// The API answered something that `E` or the result does not describe.
    Unexpected(Unexpected),
    /// The answer was a success that could not be read.
    Decode(DecodeError),
    /// No answer, or only a part of one.
    Transport(TransportError),
    /// The request could not be built; nothing was sent.
    Request(RequestError),
}

impl<E> Error<E> {
    /// Whether the session is over; only signing in helps.
    pub fn is_session_expired(&self) -> bool {
        matches!(self, Self::SessionExpired(_))
    }

    /// Whether another sign-in took the place of the one this call was sent for.
    pub fn is_session_changed(&self) -> bool {
        matches!(self, Self::SessionChanged(_))
    }

    /// Whether the server refused the credentials, with the session kept.
    pub fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Unauthorized(_))
    }

    /// Whether no usable token could be had, with the session kept.
    pub fn is_refresh(&self) -> bool {
        matches!(self, Self::Refresh(_))
    }

    /// Whether the API refused in words that `E` describes.
    pub fn is_api(&self) -> bool {
        matches!(self, Self::Api(_))
    }

    /// Whether the answer is one that `E` or the result does not describe.
    pub fn is_unexpected(&self) -> bool {
        matches!(self, Self::Unexpected(_))
    }

    /// Whether a success could not be read.
    pub fn is_decode(&self) -> bool {
        matches!(self, Self::Decode(_))
    }

    /// Whether there was no answer, or only a part of one.
    pub fn is_transport(&self) -> bool {
        matches!(self, Self::Transport(_))
    }

    /// Whether the request could not be built.
    pub fn is_request(&self) -> bool {
        matches!(self, Self::Request(_))
    }

    /// Whether time ran out: for the call, or for the renewal it waited for. A store that does not
    /// answer is one that failed, and no timeout: see [`RefreshErrorKind::Store`].
    pub fn is_timeout(&self) -> bool {
        match self {
            Self::Transport(error) => error.kind() == TransportKind::Timeout,
            Self::Refresh(error) => error.kind() == RefreshErrorKind::Deadline,
            _ => false,
        }
    }

    /// Whether no connection could be made.
    pub fn is_connect(&self) -> bool {
        matches!(self, Self::Transport(error) if error.kind() == TransportKind::Connect)
    }

    /// The HTTP status of the answer, where there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::SessionExpired(error) => error.answer().map(|answer| answer.status),
            Self::Unauthorized(error) => Some(error.answer().status),
            Self::Api(response) => Some(response.status),
            Self::Unexpected(error) => Some(error.answer().status),
            Self::Decode(error) => error.status(),
            _ => None,
        }
    }

    /// The API's own refusal, where that is what happened.
    pub fn api(&self) -> Option<&E> {
        match self {
            Self::Api(response) => Some(&response.value),
            _ => None,
        }
    }

    /// The API's own refusal with its status and headers.
    ///
    /// # Errors
    /// Gives the error back where it is not [`Error::Api`].
    pub fn into_api(self) -> core::result::Result<Response<E>, Self> {
        match self {
            Self::Api(response) => Ok(*response),
            other => Err(other),
        }
    }

    /// Carries the error over to another `E`, whose meaning only [`Error::Api`] knows.
    pub(crate) fn lift<F>(self, api: impl FnOnce(Response<E>) -> Error<F>) -> Error<F> {
        match self {
            Self::SessionExpired(error) => Error::SessionExpired(error),
            Self::SessionChanged(error) => Error::SessionChanged(error),
            Self::Unauthorized(error) => Error::Unauthorized(error),
            Self::Refresh(error) => Error::Refresh(error),
            Self::Api(response) => api(*response),
            Self::Unexpected(error) => Error::Unexpected(error),
            Self::Decode(error) => Error::Decode(error),
            Self::Transport(error) => Error::Transport(error),
            Self::Request(error) => Error::Request(error),
        }
    }
}

/// An error before anyone asked what the API's own refusals mean.
pub(crate) type Plain = Error<Infallible>;

impl Plain {
    pub(crate) fn widen<E>(self) -> Error<E> {
        self.lift(|never| match never.value {})
    }
}

/// An error type that `?` turns into [`ApiError`]; implemented by `#[derive(ApiError)]` alone.
///
/// A bound on `FromStatus` would overlap with `impl From<T> for T`, since `ApiError` is one too.
pub trait TypedError {}

impl<E: TypedError> From<Error<E>> for Error<ApiError> {
    fn from(error: Error<E>) -> Self {
        error.lift(|response| Error::Api(Box::new(response.untyped())))
    }
}

macro_rules! from {
    ($($variant:ident: $error:ty,)*) => {$(
        impl<E> From<$error> for Error<E> {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )*};
}

from! {
    SessionExpired: SessionExpired,
    SessionChanged: SessionChanged,
    Unauthorized: Unauthorized,
    Refresh: RefreshError,
    Unexpected: Unexpected,
    Decode: DecodeError,
    Transport: TransportError,
    Request: RequestError,
}

impl<E> From<Response<E>> for Error<E> {
    fn from(response: Response<E>) -> Self {
        Self::Api(Box::new(response))
    }
}

impl<E: fmt::Debug> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SessionExpired(error) => error.fmt(f),
            Self::SessionChanged(error) => error.fmt(f),
            Self::Unauthorized(error) => error.fmt(f),
            Self::Refresh(error) => error.fmt(f),
            Self::Api(response) => f.debug_tuple("Api").field(response).finish(),
            Self::Unexpected(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::Request(error) => error.fmt(f),
        }
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SessionExpired(error) => error.fmt(f),
            Self::SessionChanged(error) => error.fmt(f),
            Self::Unauthorized(error) => error.fmt(f),
            Self::Refresh(error) => error.fmt(f),
            Self::Api(response) => response.refusal(f),
            Self::Unexpected(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::Request(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // The variants speak for themselves in Display, so their own source is the next link.
        match self {
            Self::Refresh(error) => error.source(),
            Self::Unexpected(error) => error.source(),
            Self::Decode(error) => error.source(),
            Self::Transport(error) => error.source(),
            Self::Request(error) => error.source(),
            _ => None,
        }
    }
}
