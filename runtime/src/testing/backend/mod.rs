//! A back end on loopback that rotates refresh tokens, kills a family whose spent token comes
//! again, and writes down all it sees.

mod application;
mod canned;
mod convention;
mod gate;
mod grants;
mod ledger;
mod rule;
mod server;

pub use canned::Canned;
pub use convention::Convention;
pub use gate::Gate;
pub use grants::{Pair, Verdict, Worth};
pub use ledger::{Ledger, Presentation, Record, Request, Rotation};
pub use rule::On;

use application::{Application, State};
use grants::Grants;
use rule::Rule;
use server::Orders;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tokio::sync::watch;

/// The path of the refresh endpoint.
pub const REFRESH: &str = "/token/refresh";
/// The path that takes a form with `user` and answers with a pair.
pub const LOGIN: &str = "/login";
/// What starts the paths that need no token.
pub const OPEN: &str = "/open/";

/// A running back end. Every path that is not special needs a token and echoes the request.
pub struct Backend {
    application: Arc<Application>,
    orders: watch::Sender<Orders>,
    address: SocketAddr,
    thread: Option<JoinHandle<()>>,
}

/// What a back end can be told before it runs.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    convention: Convention,
    header: Option<(&'static str, &'static str)>,
    rotating: bool,
    lifetime: Option<u64>,
    http2: bool,
}

impl Plan {
    /// The header that carries the token, and what stands before the token in it.
    #[must_use]
    pub fn header(mut self, name: &'static str, prefix: &'static str) -> Self {
        self.header = Some((name, prefix));
        self
    }

    /// A refresh gives a new access token and leaves the refresh token as it is.
    #[must_use]
    pub fn without_rotation(mut self) -> Self {
        self.rotating = false;
        self
    }

    /// The lifetime that is told with each pair, in seconds. Nothing expires by itself.
    #[must_use]
    pub fn lifetime(mut self, seconds: u64) -> Self {
        self.lifetime = Some(seconds);
        self
    }

    /// Speaks HTTP/2 from the first byte, and nothing else.
    #[must_use]
    pub fn http2(mut self) -> Self {
        self.http2 = true;
        self
    }

    /// Starts the back end on a free port of 127.0.0.1.
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
            header: self.header.unwrap_or(self.convention.header()),
            ledger: Ledger::new(),
            state: Mutex::new(State {
                grants: Grants::new(self.rotating),
                rules: Vec::new(),
                lifetime: self.lifetime,
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
            thread: Some(thread),
        }
    }
}

impl Backend {
    /// A back end to be started that speaks plain HTTP status codes.
    #[must_use]
    pub fn plan(convention: Convention) -> Plan {
        Plan {
            convention,
            header: None,
            rotating: true,
            lifetime: None,
            http2: false,
        }
    }

    /// A running back end that answers with plain HTTP status codes.
    #[must_use]
    pub fn start() -> Self {
        Self::plan(Convention::Status).start()
    }

    /// Its base URL, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What it has seen.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.application.ledger
    }

    /// How it speaks.
    #[must_use]
    pub fn convention(&self) -> Convention {
        self.application.convention
    }

    /// Gives out a first pair, as a sign-in would.
    #[must_use]
    pub fn sign_in(&self, user: &str) -> Pair {
        self.application.state().grants.sign_in(user)
    }

    /// Lets an access token expire.
    pub fn expire(&self, access: &str) {
        self.application.state().grants.expire(access);
    }

    /// Ends the session of an access token: from now on it is answered 402, as is its refresh.
    pub fn end_session(&self, access: &str) {
        self.end(access, Worth::Over);
    }

    /// Kills the refresh token behind an access token, which is answered 401 from now on.
    pub fn kill_refresh(&self, access: &str) {
        self.end(access, Worth::Expired);
    }

    /// Whether an access token serves.
    #[must_use]
    pub fn serves(&self, access: &str) -> bool {
        self.application.state().grants.worth(access) == Worth::Good
    }

    /// Starts a rule about the requests to one path.
    pub fn on(&self, path: &str) -> On<'_> {
        On::new(self, path)
    }

    /// Closes all connections there are, whatever is under way on them.
    pub fn cut_connections(&self) {
        self.orders.send_modify(|orders| orders.cut += 1);
    }

    fn add(&self, rule: Rule) {
        self.application.state().rules.push(rule);
    }

    fn end(&self, access: &str, worth: Worth) {
        let user = self
            .application
            .state()
            .grants
            .end(access, worth)
            .map(str::to_owned);
        self.ledger()
            .write(|record| record.revocations.extend(user));
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.orders.send_modify(|orders| orders.stop = true);
        let ended = self.thread.take().map(JoinHandle::join);
        if matches!(ended, Some(Err(_))) && !std::thread::panicking() {
            panic!("the back end panicked; what it saw cannot be trusted");
        }
    }
}
