//! What is known about a method before it is called.

use crate::{DecodeError, Envelope, Reply, Request, Tokens, envelope};
use std::{fmt, time::Duration};

/// What `#[api_client(…)]` says about a trait.
#[derive(Clone, Copy, Debug)]
pub struct Api {
    /// The trait.
    pub name: &'static str,
    /// Where its paths start, unless the builder says otherwise.
    pub base_url: Option<&'static str>,
    /// Stands before each method's path; its placeholders are filled by the builder.
    pub path: &'static str,
    /// What authenticates its methods.
    pub auth: Auth,
    /// Which answers are the session's.
    pub session: Option<SessionPolicy>,
    /// What its answers are wrapped in.
    pub envelope: Option<EnvelopeSpec>,
    /// Sent with each of its methods.
    pub headers: &'static [(&'static str, &'static str)],
    /// How long a call may take.
    pub timeout: Option<Duration>,
    /// What is sent again.
    pub retry: Option<RetryRule>,
}

impl Api {
    /// A trait about which nothing is said.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            base_url: None,
            path: "",
            auth: Auth::None,
            session: None,
            envelope: None,
            headers: &[],
            timeout: None,
            retry: None,
        }
    }
}

/// What a method's attribute says.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// The trait it belongs to.
    pub api: &'static Api,
    /// Trait and method: `ShopApi::user`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The template, with its literal query.
    pub path: &'static str,
    /// What authenticates it.
    pub auth: Auth,
    /// Ranges of statuses that are a success; empty: 2xx.
    pub ok: &'static [(u16, u16)],
    /// Statuses that stand for no value.
    pub none: &'static [u16],
    /// Statuses that are the method's own, not the session's.
    pub own: &'static [u16],
    /// Said instead of what the decoder asks for.
    pub accept: Option<&'static str>,
    /// Sent with each call.
    pub headers: &'static [(&'static str, &'static str)],
    /// How long a call may take.
    pub timeout: Timeout,
    /// What is sent again.
    pub retry: Retry,
    /// Whether its request may be sent again.
    pub replay: bool,
    /// Whether the session renews itself through it.
    pub refresh: bool,
}

impl Endpoint {
    /// A method about which nothing else is said.
    pub const fn new(
        api: &'static Api,
        name: &'static str,
        method: &'static str,
        path: &'static str,
    ) -> Self {
        Self {
            api,
            name,
            method,
            path,
            auth: Auth::Inherit,
            ok: &[],
            none: &[],
            own: &[],
            accept: None,
            headers: &[],
            timeout: Timeout::Inherit,
            retry: Retry::Inherit,
            replay: true,
            refresh: false,
        }
    }

    pub(crate) fn auth(&self) -> Auth {
        match self.auth {
            Auth::Inherit if self.refresh => Auth::None,
            Auth::Inherit => self.api.auth,
            auth => auth,
        }
    }

    pub(crate) fn is_ok(&self, status: u16) -> bool {
        match self.ok {
            [] => (200..300).contains(&status),
            ranges => ranges
                .iter()
                .any(|(from, to)| (*from..=*to).contains(&status)),
        }
    }

    /// Whether the method has a meaning of its own for this status or code.
    pub(crate) fn owns(&self, status: i64) -> bool {
        u16::try_from(status)
            .is_ok_and(|status| self.own.contains(&status) || self.none.contains(&status))
    }
}

/// How long a call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// As the client, or the trait, says.
    Inherit,
    /// As long as it takes.
    Never,
    /// This long.
    After(Duration),
}

/// What is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// What the trait says, where the method is idempotent.
    Inherit,
    /// Nothing.
    Never,
    /// After these failures, whatever the method does.
    On(RetryRule),
}

/// After which failures a request is sent again, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryRule {
    /// How often after the first time.
    pub max: u32,
    /// After a connection that could not be made.
    pub connect: bool,
    /// After an answer with a status in one of these ranges.
    pub statuses: &'static [(u16, u16)],
}

/// What authenticates a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// As the trait says.
    Inherit,
    /// Nothing; its failures are never the session's.
    None,
    /// The session's token, as `Authorization: Bearer`.
    Bearer,
    /// The client's own credentials, as `Authorization: Basic`.
    Basic,
    /// The session's token in a header of this name, after this prefix.
    Header {
        /// The header.
        name: &'static str,
        /// Stands before the token, with its space.
        prefix: &'static str,
    },
    /// The session's token as a parameter of the query.
    Query(&'static str),
    /// The session's token as a cookie.
    Cookie(&'static str),
    /// Each of these, none of which is a choice.
    All(&'static [Auth]),
    /// The first of these with a session that is signed in; `None` goes without.
    Any(&'static [Auth]),
}

/// Which answers are the session's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionPolicy {
    /// The codes that say: the access token is not valid any more.
    pub refresh: &'static [i64],
    /// The code that says: the session is over.
    pub expired: Expired,
    /// Where codes are read.
    pub from: Source,
}

impl SessionPolicy {
    /// 401, 402 where the protocol says so, and where an envelope is, there too.
    pub const DEFAULT: Self = Self {
        refresh: &[401],
        expired: Expired::Convention,
        from: Source::Default,
    };
}

/// The code that says: the session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expired {
    /// 402 in an envelope; HTTP 402 where the session refreshes through a typed endpoint.
    Convention,
    /// This code wherever it is read, for a session that can refresh.
    Code(i64),
    /// None: `session(expired = none)`.
    Never,
}

/// Where codes are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// In the HTTP status, and in the envelope where the trait has one.
    Default,
    /// In the HTTP status alone.
    Status,
    /// In the envelope alone.
    Envelope,
    /// In both.
    Both,
}

/// What an API's answers are wrapped in.
#[derive(Clone, Copy)]
pub enum EnvelopeSpec {
    /// An object with these members.
    Fields(envelope::Fields),
    /// A type's own reading.
    Custom(fn(&[u8]) -> Option<envelope::Opened<'_>>, &'static [i64]),
}

impl EnvelopeSpec {
    /// An object with these members; codes in `ok` are a success.
    pub const fn fields(
        code: &'static str,
        message: &'static str,
        data: &'static str,
        ok: &'static [i64],
    ) -> Self {
        Self::Fields(envelope::Fields {
            code,
            message,
            data,
            ok,
        })
    }

    /// What the type `T` reads.
    pub const fn of<T: Envelope>() -> Self {
        Self::Custom(T::open, T::OK)
    }
}

impl fmt::Debug for EnvelopeSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fields(fields) => fields.fmt(f),
            Self::Custom(_, ok) => f.debug_tuple("Custom").field(ok).finish(),
        }
    }
}

/// The method through which a session renews itself.
#[derive(Clone, Copy)]
pub struct RefreshEndpoint {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) fill: fn(&mut Request, &str),
    pub(crate) read: fn(Reply) -> Result<Tokens, DecodeError>,
}

impl RefreshEndpoint {
    /// The method, what puts the refresh token into its request, and what reads its answer.
    pub const fn new(
        endpoint: &'static Endpoint,
        fill: fn(&mut Request, &str),
        read: fn(Reply) -> Result<Tokens, DecodeError>,
    ) -> Self {
        Self {
            endpoint,
            fill,
            read,
        }
    }
}

impl fmt::Debug for RefreshEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RefreshEndpoint")
            .field(&self.endpoint.name)
            .finish()
    }
}
