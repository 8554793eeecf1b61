//! Typed API clients whose sessions renew themselves.
//!
//! A trait annotated with `#[api_client]` becomes a client. Its methods return a [`Call`], which
//! sends a request when it is awaited. Where the access token has run out meanwhile, the
//! [`Session`] renews it once for everybody who waits, and each call is sent again; its caller
//! just sees the answer.

#[doc(hidden)]
#[path = "v1.rs"]
pub mod __v1;
mod answer;
mod auth;
mod body;
mod builder;
mod call;
pub mod classify;
mod client;
mod decode;
mod endpoint;
pub mod envelope;
mod error;
mod execute;
mod expansion;
mod guard;
mod model;
mod oauth2;
mod origin;
mod pairs;
mod params;
mod raw;
mod refresh_call;
mod refresh_http;
mod request;
mod response;
mod secret;
mod server;
mod session;
mod template;
#[cfg(feature = "testing")]
pub mod testing;
mod tokens;
mod value;

pub use answer::Answer;
pub use auth::Scheme;
pub use body::{Body, ByteStream, IntoBody};
pub use builder::Builder;
pub use call::{Call, Preview};
pub use classify::Classify;
pub use client::{Client, Outgoing};
pub use decode::{Decode, Reply};
pub use endpoint::RefreshEndpoint;
pub use envelope::Envelope;
pub use error::{
    ApiError, DecodeError, Error, ExpiredReason, RefreshError, RefreshErrorKind, RequestError,
    Result, SessionChanged, SessionExpired, TransportError, TransportKind, Unauthorized,
    Unexpected,
};
pub use guard::Guard;
#[cfg(feature = "middleware")]
pub use guard::GuardMiddleware;
#[cfg(feature = "tower")]
pub use guard::{CloneBody, GuardLayer, Guarded, GuardedFuture, Once, Resend};
pub use oauth2::{OAuth2, OAuth2Access};
pub use params::Params;
pub use raw::RawJson;
pub use request::Request;
pub use response::Response;
pub use secret::Secret;
#[cfg(feature = "encrypt")]
pub use session::EncryptionKey;
#[cfg(feature = "file")]
pub use session::FileStore;
#[cfg(feature = "keyring")]
pub use session::KeyringStore;
#[cfg(feature = "redis")]
pub use session::RedisStore;
pub use session::{
    BoxFuture, BuildError, Clock, Convention, CurrentRuntime, Event, Events, Expected, Gate,
    GateClosed, Lease, MemoryStore, OwnThread, Record, RefreshAsk, RefreshFailure, Refresher,
    Refused, RetryAfter, Reuse, Session, SessionBuilder, SessionState, SessionTrace, SignIn,
    Spawner, StateName, StoreError, StoreErrorKind, Swap, SystemClock, TokenStore, Transition,
};
pub use tokens::{OAuth2Tokens, Tokens};

pub use perennial_macros::{ApiError, ApiReply, Model, Params, api_client};

pub use bytes::Bytes;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
pub use url::Url;
