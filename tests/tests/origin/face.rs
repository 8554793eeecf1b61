//! What the tests need of a client, whichever way it came to be.

use perennial::{Error, Result, Session, Tokens};
use perennial_tests::clock::Hands;
use perennial_tests::{Backend, Convention, Pair};
use std::pin::Pin;
use std::time::Duration;
use tokio::task::JoinHandle;

/// A call under way.
pub(crate) type Answer<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// What the back end says about a request it liked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) user: Option<String>,
}

/// How cancelling an order ends.
#[derive(Debug)]
pub(crate) enum Cancelled {
    Done,
    /// The call's own meaning of 409.
    TooLate,
    Failed(Error),
}

/// A client of the back end.
pub(crate) trait Origin: Clone + Send + Sync + 'static {
    fn connect(url: &str, session: &Session) -> Self;
    fn log_in(&self, user: &str) -> Answer<Result<Tokens>>;
    fn profile(&self) -> Answer<Result<Seen>>;
    fn notice(&self) -> Answer<Result<Seen>>;
    fn order(&self, id: i64) -> Answer<Result<Option<Seen>>>;
    fn change_order(
        &self,
        id: i64,
        notify: bool,
        if_match: &str,
        item: &str,
    ) -> Answer<Result<Seen>>;
    fn cancel_order(&self, id: i64) -> Answer<Cancelled>;
}

/// How long a call waits for a refresh in these tests: no other number of a session, so that the
/// clock can tell who sleeps, and below the time that a refresh may take.
pub(crate) const WAIT: Duration = Duration::from_secs(14);

/// Where a test begins: "ada" is signed in.
pub(crate) struct World<O> {
    pub(crate) backend: Backend,
    pub(crate) clock: Hands,
    pub(crate) session: Session,
    pub(crate) api: O,
    pub(crate) pair: Pair,
}

/// The path of [`Origin::profile`].
pub(crate) const PROFILE: &str = "/user/profile";

impl<O: Origin> World<O> {
    pub(crate) fn new() -> Self {
        let backend = Backend::plan(Convention::Envelope { refusals: 400 }).start();
        let pair = backend.sign_in("ada");
        let clock = Hands::new();
        let tokens = Tokens::new(pair.access.clone()).refresh_token(pair.refresh.clone());
        let session = Session::builder()
            .clock(clock.clone())
            .waiter_timeout(WAIT)
            .tokens(tokens);
        let session = session.build().expect("the options fit together");
        let api = O::connect(&backend.url(), &session);
        Self {
            backend,
            clock,
            session,
            api,
            pair,
        }
    }

    /// The same, but A1 has expired.
    pub(crate) fn expired() -> Self {
        let world = Self::new();
        world.backend.expire(&world.pair.access);
        world
    }

    pub(crate) fn spawn_profiles(&self, count: usize) -> Vec<JoinHandle<Result<Seen>>> {
        (0..count)
            .map(|_| tokio::spawn(self.api.profile()))
            .collect()
    }

    pub(crate) fn access(&self) -> Option<String> {
        self.session
            .tokens()
            .map(|tokens| tokens.access().expose().to_owned())
    }
}
