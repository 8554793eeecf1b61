//! A back end on loopback that rotates refresh tokens, kills a family whose spent token comes
//! again, and writes down all it sees.

mod application;
mod canned;
mod convention;
mod gate;
mod grants;
mod ledger;
mod plan;
mod record;
mod rule;
mod server;

pub use canned::Canned;
pub use convention::Convention;
pub use gate::Gate;
pub(super) use grants::{Custom, Grants};
pub use grants::{OnReuse, Pair, Verdict, Worth};
pub use ledger::Ledger;
pub use plan::Plan;
pub use record::{Presentation, Record, Request, Rotation};
pub use rule::On;

use application::Application;
use rule::Rule;
use server::Orders;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::watch;

/// The path of the refresh endpoint.
pub const REFRESH: &str = "/token/refresh";
/// The path that takes a form with `user` and answers with a pair.
pub const LOGIN: &str = "/login";
/// What starts the paths that need no token.
pub const OPEN: &str = "/open/";

/// A running back end on a free port of 127.0.0.1; it ends when it is dropped.
///
/// `POST` [`REFRESH`] spends the `refresh_token` of a form, a query or a JSON body. `POST`
/// [`LOGIN`] signs the `user` of a form in. Every other path needs a token and echoes the request
/// as JSON (`method`, `path`, `query`, `body`, `user`), except those that start with [`OPEN`],
/// which need none.
///
/// It has a thread and a runtime of its own, so it answers whatever becomes of the test's.
///
/// ```
/// use perennial::{Session, testing::Backend};
///
/// let backend = Backend::start();
/// let session = Session::new(backend.sign_in("ada"));
/// assert!(backend.serves(session.tokens().unwrap().access().expose()));
/// ```
#[derive(Debug)]
pub struct Backend {
    application: Arc<Application>,
    orders: watch::Sender<Orders>,
    address: SocketAddr,
    http2: bool,
    thread: Option<JoinHandle<()>>,
}

impl Backend {
    /// A back end to be started that speaks like this.
    pub fn plan(convention: Convention) -> Plan {
        Plan::new(convention)
    }

    /// A running back end that answers with plain HTTP status codes.
    ///
    /// # Panics
    /// When there is no free port or no thread to be had.
    #[must_use]
    pub fn start() -> Self {
        Self::plan(Convention::Status).start()
    }

    /// Its base URL, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Whether it speaks HTTP/2 and nothing else.
    #[must_use]
    pub fn is_http2(&self) -> bool {
        self.http2
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

    /// Lets an access token expire now: it is answered 401 from here on.
    pub fn expire(&self, access: &str) {
        self.application.state().grants.expire(access);
    }

    /// Lets all access tokens expire that were given out so far.
    pub fn expire_all(&self) {
        self.application.state().grants.expire_all();
    }

    /// Spends a refresh token behind the session's back, as another process would.
    ///
    /// The ledger has it among the presentations, and not among the requests. Answers none if the
    /// token is no good.
    pub fn rotate(&self, refresh: &str) -> Option<Pair> {
        let grants = &mut self.application.state().grants;
        self.ledger().judge(grants, refresh.to_owned())
    }

    /// Revokes all families of a user: their access tokens are answered 401, and their refresh
    /// tokens are dead.
    pub fn revoke(&self, user: &str) {
        let revoked = self.application.state().grants.revoke(user);
        let users = std::iter::repeat_n(user.to_owned(), revoked);
        self.ledger()
            .write(|record| record.revocations.extend(users));
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

    /// Starts a rule about the requests to one path, [`REFRESH`] and [`LOGIN`] included.
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
        let user = self.application.state().grants.end(access, worth);
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
