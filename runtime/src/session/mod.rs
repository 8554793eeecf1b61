//! Who is signed in, and how that lasts.
//!
//! The decisions are a pure, synchronous state machine; everything else is a shell around it
//! that brings time, chance, the store and the network.

mod ask;
mod board;
mod builder;
mod cell;
mod chores;
mod clock;
mod elsewhere;
mod events;
mod flight;
mod grant;
mod machine;
mod meter;
mod options;
mod race;
mod refresh;
mod shell;
mod snapshot;
mod spawner;
mod state;
mod store;
mod sync;
mod taken;
#[cfg(test)]
mod tests;
mod ticks;
mod trace;
mod waiting;

pub(crate) use ask::{Admission, Ask, Denied, Power, Refusal, Ticket};
pub use builder::{BuildError, SessionBuilder};
pub use clock::{Clock, SystemClock};
pub use events::{Event, Events};
pub(crate) use meter::replayed;
pub(crate) use options::Options;
pub use options::Reuse;
pub(crate) use refresh::OAUTH_ERRORS;
pub use refresh::{
    Convention, Gate, GateClosed, RefreshAsk, RefreshFailure, Refresher, Refused, RetryAfter,
};
pub(crate) use snapshot::{Credential, Snapshot};
pub use spawner::{CurrentRuntime, OwnThread, Spawner};
pub use state::SessionState;
#[cfg(feature = "encrypt")]
pub use store::EncryptionKey;
#[cfg(feature = "file")]
pub use store::FileStore;
#[cfg(feature = "keyring")]
pub use store::KeyringStore;
#[cfg(feature = "testing")]
pub(crate) use store::{Access, Doubt, Marker, Serial};
pub use store::{
    Expected, Lease, MemoryStore, Record, SignIn, StoreError, StoreErrorKind, Swap, TokenStore,
};
pub use trace::{SessionTrace, StateName, Transition};

#[cfg(feature = "redis")]
pub use store::RedisStore;

use crate::Tokens;
use grant::{Grant, Parts};
use shell::Shared;
use std::{fmt, pin::Pin, sync::Arc};

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Who is signed in; shared by all clients that act for them.
///
/// Cheap to clone, and all clones are one session. Dropping it ends no refresh that is under way.
///
/// ```
/// use perennial::{Session, Tokens};
///
/// let session = Session::new(Tokens::new("access").refresh_token("refresh"));
/// assert!(session.tokens().is_some());
/// session.sign_out();
/// assert!(session.tokens().is_none());
/// ```
#[derive(Clone)]
pub struct Session {
    shared: Arc<Shared>,
}

impl Session {
    /// A token that is injected and never renewed, an API key for example.
    pub fn fixed(token: impl Into<Tokens>) -> Self {
        SessionBuilder::default().tokens(token).assemble(false)
    }

    /// Signed in with these tokens, renewed by the client's `refresh` method.
    pub fn new(tokens: impl Into<Tokens>) -> Self {
        SessionBuilder::default().tokens(tokens).assemble(true)
    }

    /// Nobody is signed in yet.
    pub fn signed_out() -> Self {
        SessionBuilder::default().assemble(true)
    }

    /// Starts setting up a session of one's own.
    pub fn builder() -> SessionBuilder {
        SessionBuilder::default()
    }

    fn assemble(parts: Parts) -> Self {
        Self {
            shared: Grant::begin(parts),
        }
    }

    /// Signs in with these tokens, in place of whoever was signed in before.
    ///
    /// Calls on their way with the old tokens are not sent again with the new ones. The store is
    /// written behind the caller's back; [`close`](Self::close) waits for it.
    pub fn sign_in(&self, tokens: impl Into<Tokens>) {
        self.shared.sign_in(&tokens.into());
    }

    /// Signs out: calls that wait end at once, and a refresh under way is discarded when it ends.
    ///
    /// The store is cleared behind the caller's back; [`close`](Self::close) waits for it.
    pub fn sign_out(&self) {
        self.shared.sign_out();
    }

    /// The tokens in use, or none if nobody is signed in, the session is over, or this partition
    /// has no access token yet.
    pub fn tokens(&self) -> Option<Tokens> {
        self.shared.tokens()
    }

    /// The same sign-in with access tokens of its own: for another audience, other scopes,
    /// another account of the same user, another origin.
    ///
    /// Partitions share the refresh token, and no two of them spend it at the same time. Whoever
    /// signs in or out through one of them does so for all, at once. The access token of a sign-in
    /// belongs to the session through which it was made; a partition that has none yet gets one by
    /// a refresh, which sees [the partition's name](RefreshAsk::partition), before its first call.
    ///
    /// All handles with one name are one partition, whichever session they were made from. Each
    /// partition has its own events and its own limits on waiting calls. It ends with its last
    /// handle; its access token stays in the store, where the next one finds it.
    ///
    /// ```
    /// use perennial::{Session, Tokens};
    ///
    /// let session = Session::new(Tokens::new("access").refresh_token("refresh"));
    /// let reports = session.partition("https://reports.example.com");
    /// assert!(reports.tokens().is_none(), "no access token yet");
    /// reports.sign_out();
    /// assert!(session.tokens().is_none());
    /// ```
    pub fn partition(&self, name: impl Into<String>) -> Self {
        Self {
            shared: self.shared.partition(name.into().into()),
        }
    }

    /// What the session is doing.
    pub fn state(&self) -> SessionState {
        self.shared.state()
    }

    /// The last transitions, for a bug report.
    pub fn trace(&self) -> SessionTrace {
        self.shared.read_trace()
    }

    /// The events from now on. Receivers do not keep the session alive.
    pub fn events(&self) -> Events {
        self.shared.subscribe()
    }

    /// Runs `callback` for each event from now on, as long as the session lives.
    ///
    /// It runs on whatever task caused the event, with no lock held, in the order of the events,
    /// and may use the client and this session. One that owns a clone of the session keeps it
    /// alive for ever.
    pub fn on_event(&self, callback: impl Fn(&Event) + Send + Sync + 'static) {
        self.shared.on_event(callback);
    }

    /// Asks the store who is signed in. Without it the session's first call does so; before that
    /// a session starts as signed out, and signing out clears nothing.
    ///
    /// ```
    /// use perennial::{MemoryStore, Session, SessionState, Tokens};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
    /// let store = MemoryStore::new(); // or a file, which another process has written
    /// let elsewhere = Session::builder().store(store.clone()).build()?;
    /// elsewhere.sign_in(Tokens::new("access").refresh_token("refresh"));
    ///
    /// let session = Session::builder().store(store).build()?;
    /// assert_eq!(session.load().await?, SessionState::Active);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read or does not answer in time; the session stays as
    /// it was. If nobody has signed in here, calls fail with it, too, until the store can be asked:
    /// as [`RefreshErrorKind::Store`](crate::RefreshErrorKind::Store).
    pub async fn load(&self) -> Result<SessionState, StoreError> {
        self.shared.look().await?;
        Ok(self.state())
    }

    /// Waits until no refresh is under way and the store holds what the session holds.
    ///
    /// A program that ends in the middle of a refresh may lose the session; this is what it calls
    /// before.
    pub async fn close(&self) {
        self.shared.close().await;
    }

    /// Before the first send of a call: `carry` puts the token on the request, where nothing is
    /// to be decided about it.
    #[inline]
    pub(crate) fn serve<E>(
        &self,
        ask: &Ask,
        carry: impl FnOnce(&Credential) -> Result<(), E>,
    ) -> Option<Result<Ticket, E>> {
        self.shared.serve(ask, carry)
    }

    /// Before the first send of a call that [`serve`](Self::serve) has no token for.
    pub(crate) fn admit(
        &self,
        ask: &Ask,
    ) -> impl Future<Output = Result<Admission, Denied>> + Send {
        self.shared.admit(ask)
    }

    /// After a refusal of a request that carried `ticket`; answers what to send it again with,
    /// once it has its [`place`](Self::place).
    pub(crate) fn refused(
        &self,
        ask: &Ask,
        ticket: &Ticket,
        what: Refusal,
        replayed: bool,
    ) -> impl Future<Output = Result<Ticket, Denied>> + Send {
        self.shared.refused(ask, ticket, what, replayed)
    }

    /// Waits for a place among the replays in flight, where their number is limited.
    pub(crate) fn place(
        &self,
        ask: &Ask,
        ticket: Ticket,
    ) -> impl Future<Output = Result<Ticket, Denied>> + Send {
        self.shared.place(ask, ticket)
    }

    /// After any other answer to a request that carried `ticket`.
    pub(crate) fn accepted(&self, ask: &Ask, ticket: &Ticket) {
        self.shared.accepted(ask, ticket);
    }

    /// Gives the session its way to renew tokens; the first one given stays.
    pub(crate) fn bind(&self, refresher: Arc<dyn Refresher>) {
        self.shared.grant.bind(refresher);
    }

    /// Whether its token is never renewed.
    pub(crate) fn is_fixed(&self) -> bool {
        self.shared.grant.fixed
    }

    /// Tells sessions apart; the same for all clones of one.
    pub(crate) fn identity(&self) -> usize {
        Arc::as_ptr(&self.shared) as usize
    }

    /// What the session can do about a dead token.
    pub(crate) fn power(&self) -> Power {
        self.shared.power()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}
