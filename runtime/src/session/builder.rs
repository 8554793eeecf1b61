//! A session with numbers and parts of one's own.

use super::{
    Clock, CurrentRuntime, MemoryStore, Options, RefreshFailure, Refresher, Reuse, Session,
    Spawner, SystemClock, TokenStore, grant::Parts, refresh::Closure,
};
use crate::{Error, RequestError, Secret, Tokens};
use http::StatusCode;
use std::{
    collections::hash_map::RandomState,
    error, fmt,
    hash::{BuildHasher, Hasher},
    sync::Arc,
    time::Duration,
};

/// Sets a session up; every option has a default.
///
/// ```
/// use perennial::{Session, Tokens};
/// use std::time::Duration;
///
/// let session = Session::builder()
///     .tokens(Tokens::new("access").refresh_token("refresh"))
///     .refresh_before(Duration::from_secs(30))
///     .build()?;
/// # Ok::<(), perennial::BuildError>(())
/// ```
#[must_use = "a builder does nothing until `build`"]
pub struct SessionBuilder {
    options: Options,
    tokens: Option<Tokens>,
    clock: Arc<dyn Clock>,
    spawner: Arc<dyn Spawner>,
    store: Option<Arc<dyn TokenStore>>,
    refresher: Option<Arc<dyn Refresher>>,
    dice: Arc<dyn Fn() -> u64 + Send + Sync>,
}

impl Default for SessionBuilder {
    fn default() -> Self {
        Self {
            options: Options::default(),
            tokens: None,
            clock: Arc::new(SystemClock::new()),
            spawner: Arc::new(CurrentRuntime),
            store: None,
            refresher: None,
            // std seeds its hash maps from the operating system; no dependency gives better.
            dice: Arc::new(|| RandomState::new().build_hasher().finish()),
        }
    }
}

impl SessionBuilder {
    /// Starts signed in. Without it the session starts with what the store holds.
    pub fn tokens(mut self, tokens: impl Into<Tokens>) -> Self {
        self.tokens = Some(tokens.into());
        self
    }

    /// How the session renews its tokens. Without it a client gives its API's `refresh` method.
    pub fn refresh_with(mut self, refresher: impl Refresher) -> Self {
        self.refresher = Some(Arc::new(refresher));
        self
    }

    /// Renews by a closure that takes the refresh token. The token counts as sent as soon as the
    /// closure is called, so that a failure other than [`RefreshFailure::NotSent`] cannot prove
    /// the contrary.
    pub fn refresh_by<F, R>(self, refresh: F) -> Self
    where
        F: Fn(Secret) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Tokens, RefreshFailure>> + Send + 'static,
    {
        self.refresh_with(Closure::new(refresh))
    }

    /// Where the session is kept. Default: a [`MemoryStore`] of its own.
    pub fn store(mut self, store: impl TokenStore) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// Where the time comes from. Default: [`SystemClock`].
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Where the session's tasks run. Default: [`CurrentRuntime`].
    pub fn spawner(mut self, spawner: impl Spawner) -> Self {
        self.spawner = Arc::new(spawner);
        self
    }

    /// Where chance comes from, for jitter and identities. Default: the operating system's.
    pub fn randomness(mut self, dice: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        self.dice = Arc::new(dice);
        self
    }

    /// How long before its expiry a token is renewed, while it still serves. Default: 60 s; never
    /// before half of its lifetime.
    pub fn refresh_before(mut self, before: Duration) -> Self {
        self.options.refresh_before = before;
        self
    }

    /// How far clocks may be apart: a body that can be sent only once is not sent with a token
    /// that expires within this time, nor is such a token taken over from the store. Default: 5 s.
    pub fn clock_skew(mut self, skew: Duration) -> Self {
        self.options.clock_skew = skew;
        self
    }

    /// How long the answer to a refresh is waited for. Default: 15 s.
    pub fn refresh_timeout(mut self, timeout: Duration) -> Self {
        self.options.refresh_timeout = timeout;
        self
    }

    /// How long the store is waited for. Default: 5 s.
    pub fn persist_timeout(mut self, timeout: Duration) -> Self {
        self.options.persist_timeout = timeout;
        self
    }

    /// How long the store's lock is held at most. Default: 30 s; longer than `refresh_timeout`
    /// and `persist_timeout` together.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.options.lease = lease;
        self
    }

    /// How long a call waits for a refresh, if its own timeout is not shorter. Default: 30 s; more
    /// than zero.
    pub fn waiter_timeout(mut self, timeout: Duration) -> Self {
        self.options.waiter_timeout = timeout;
        self
    }

    /// The pause after a failed refresh, which doubles up to `limit` with each further failure and
    /// is jittered. Default: 0.5 s, 30 s; `first` is more than zero and
    /// no more than `limit`.
    pub fn backoff(mut self, first: Duration, limit: Duration) -> Self {
        self.options.backoff = first;
        self.options.backoff_limit = limit;
        self
    }

    /// How many successful refreshes 401s may cause in a stretch of time; beyond that calls fail
    /// with [`RefreshErrorKind::Storm`](crate::RefreshErrorKind::Storm). Default: 3 in 30 s; both
    /// are more than zero.
    pub fn storm_window(mut self, refreshes: usize, window: Duration) -> Self {
        self.options.storm_commits = refreshes;
        self.options.storm_window = window;
        self
    }

    /// How many calls may wait at once. Default: 100,000; one at least.
    pub fn max_parked(mut self, calls: usize) -> Self {
        self.options.max_parked = calls;
        self
    }

    /// How many bytes the waiting calls may hold together. Default: 64 MiB; one at least.
    pub fn max_parked_bytes(mut self, bytes: usize) -> Self {
        self.options.max_parked_bytes = bytes;
        self
    }

    /// How many calls may be sent again at the same time after a refresh; the others follow in
    /// their order. Default: no limit.
    pub fn max_replays(mut self, calls: usize) -> Self {
        self.options.max_replays = Some(calls);
        self
    }

    /// How often at most the store is asked whether someone has signed in elsewhere, while nobody
    /// is signed in here. Default: 1 s; more than zero.
    pub fn recheck(mut self, every: Duration) -> Self {
        self.options.recheck = every;
        self
    }

    /// How many times a refresh token is presented again after a server error (5xx other than
    /// 503) that does not tell whether it was spent. Default: 1.
    pub fn suspect_retries(mut self, times: u32) -> Self {
        self.options.suspect_retries = times;
        self
    }

    /// When a refresh token is presented again whose answer was lost. Default:
    /// [`Reuse::LastResort`].
    pub fn reuse(mut self, reuse: Reuse) -> Self {
        self.options.reuse = reuse;
        self
    }

    /// The HTTP statuses by which a refresh endpoint of the API itself says that the refresh
    /// token is dead. Default: 400, 401, 403; client errors (4xx) other than 429.
    pub fn rejected_statuses(mut self, statuses: impl IntoIterator<Item = StatusCode>) -> Self {
        self.options.rejected_statuses = statuses.into_iter().collect();
        self
    }

    /// Builds the session; nothing is spawned or read yet.
    ///
    /// # Errors
    /// [`BuildError`] if two options do not fit together, or if the refresher cannot work.
    pub fn build(self) -> Result<Session, BuildError> {
        if let Some(mistake) = self.options.mistake() {
            return Err(BuildError(RequestError::new(mistake)));
        }
        if let Some(refresher) = &self.refresher {
            refresher.prepare().map_err(BuildError)?;
        }
        Ok(self.assemble(true))
    }

    /// `renewable`: whether a refresher may be bound at all.
    pub(super) fn assemble(self, renewable: bool) -> Session {
        let store_is_shared = self.store.is_some();
        let store = self
            .store
            .unwrap_or_else(|| Arc::new(MemoryStore::with_clock(self.clock.clone())));
        Session::assemble(Parts {
            options: self.options,
            tokens: self.tokens,
            clock: self.clock,
            spawner: self.spawner,
            store,
            store_is_shared,
            refresher: self.refresher,
            dice: self.dice,
            renewable,
        })
    }
}

impl fmt::Debug for SessionBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionBuilder")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Options of a session that break a rule together, or a refresher that cannot work.
#[derive(Clone, Debug)]
pub struct BuildError(RequestError);

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl error::Error for BuildError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source()
    }
}

impl<E> From<BuildError> for Error<E> {
    fn from(mistake: BuildError) -> Self {
        mistake.0.into()
    }
}
