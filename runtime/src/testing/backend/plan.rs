//! What a back end can be told before it runs.

use super::Backend;
use super::application::{Application, State};
use super::convention::{Convention, Place};
use super::grants::{Custom, Grants, OnReuse};
use super::ledger::Ledger;
use super::server::{self, Orders};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;

/// A back end to be started; [`Backend::plan`] begins it.
///
/// ```
/// use perennial::testing::{Backend, Convention, OnReuse};
///
/// let backend = Backend::plan(Convention::OAuth2)
///     .lifetime(3600)
///     .on_reuse(OnReuse::TakeParent)
///     .start();
/// assert_eq!(backend.sign_in("ada").expires_in.map(|lifetime| lifetime.as_secs()), Some(3600));
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "a plan is nothing until `start`"]
pub struct Plan {
    convention: Convention,
    place: Place,
    custom: Custom,
    http2: Option<u32>,
}

impl Plan {
    pub(super) fn new(convention: Convention) -> Self {
        Self {
            convention,
            place: convention.place(),
            custom: Custom::default(),
            http2: None,
        }
    }

    /// The header that carries the token, in lower case, and what stands before the token in it.
    pub fn header(mut self, name: &'static str, prefix: &'static str) -> Self {
        self.place = Place::Header(name, prefix);
        self
    }

    /// The token is a parameter of the query.
    pub fn query(mut self, name: &'static str) -> Self {
        self.place = Place::Query(name);
        self
    }

    /// The token is a cookie.
    pub fn cookie(mut self, name: &'static str) -> Self {
        self.place = Place::Cookie(name);
        self
    }

    /// A refresh gives a new access token and leaves the refresh token as it is.
    pub fn without_rotation(mut self) -> Self {
        self.custom.rotating = false;
        self
    }

    /// What becomes of a refresh token that comes again. Default: it kills the family.
    pub fn on_reuse(mut self, on_reuse: OnReuse) -> Self {
        self.custom.on_reuse = on_reuse;
        self
    }

    /// The lifetime that is told with each pair, in seconds. Nothing expires by itself. Default:
    /// none is told.
    pub fn lifetime(mut self, seconds: u64) -> Self {
        self.custom.lifetime = Some(Duration::from_secs(seconds));
        self
    }

    /// Speaks HTTP/2 from the first byte, and nothing else; up to 20,000 streams at a time.
    pub fn http2(self) -> Self {
        self.streams(20_000)
    }

    /// Speaks HTTP/2 with so many streams at a time on a connection; others wait in the client.
    pub fn streams(mut self, streams: u32) -> Self {
        self.http2 = Some(streams);
        self
    }

    /// Starts the back end on a free port of 127.0.0.1, in a thread of its own.
    ///
    /// # Panics
    /// When there is no free port or no thread to be had.
    #[must_use]
    pub fn start(self) -> Backend {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        listener
            .set_nonblocking(true)
            .expect("a socket can be made non-blocking");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let application = Arc::new(Application {
            convention: self.convention,
            place: self.place,
            ledger: Ledger::new(),
            state: Mutex::new(State {
                grants: Grants::new(self.custom),
                rules: Vec::new(),
            }),
        });
        let (orders, listens) = watch::channel(Orders::default());
        let serves = application.clone();
        let thread = std::thread::Builder::new()
            .name("back end".to_owned())
            .spawn(move || server::serve(listener, serves, listens, self.http2))
            .expect("a thread can be started");
        Backend {
            application,
            orders,
            address,
            http2: self.http2.is_some(),
            thread: Some(thread),
        }
    }
}
