//! A token endpoint without sockets.

use super::backend::{Custom, Grants, Ledger, OnReuse, Pair, Worth};
use crate::{BoxFuture, RefreshAsk, RefreshFailure, Refresher, Refused, Tokens};
use http::StatusCode;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// A [`Refresher`] that gives out tokens itself, by the rules of a [`Backend`](super::Backend).
///
/// It rotates refresh tokens and kills the family of one that comes again; a dead one is refused
/// with `invalid_grant`. Since it needs no socket it goes with paused time. Clones are the same
/// mint.
///
/// ```
/// use perennial::{Session, testing::{Mint, PausedClock, Verdict}};
///
/// let mint = Mint::new();
/// let session = Session::builder()
///     .tokens(mint.sign_in("ada"))
///     .refresh_with(mint.clone())
///     .clock(PausedClock::new())
///     .build()?;
/// assert!(mint.serves(session.tokens().unwrap().access().expose()));
/// mint.expire_all();
/// assert!(!mint.serves(session.tokens().unwrap().access().expose()));
/// # Ok::<(), perennial::BuildError>(())
/// ```
#[derive(Clone)]
pub struct Mint {
    state: Arc<Mutex<State>>,
    ledger: Ledger,
}

struct State {
    custom: Custom,
    grants: Grants,
    takes: Duration,
    script: VecDeque<Instead>,
}

/// What happens to a refresh instead of what should.
enum Instead {
    Unsent,
    Lost,
    Answered(StatusCode),
}

impl Mint {
    /// A mint that rotates, tells no lifetimes, and answers at once.
    #[must_use]
    pub fn new() -> Self {
        let custom = Custom::default();
        let state = State {
            custom,
            grants: Grants::new(custom),
            takes: Duration::ZERO,
            script: VecDeque::new(),
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            ledger: Ledger::new(),
        }
    }

    /// Tells this lifetime with each pair. Nothing expires by itself.
    #[must_use]
    pub fn lifetime(self, lifetime: Duration) -> Self {
        self.set(|custom| custom.lifetime = Some(lifetime));
        self
    }

    /// What becomes of a refresh token that comes again. Default: it kills the family.
    #[must_use]
    pub fn on_reuse(self, on_reuse: OnReuse) -> Self {
        self.set(|custom| custom.on_reuse = on_reuse);
        self
    }

    /// How long a refresh takes, by tokio's clock. Default: no time.
    pub fn takes(&self, time: Duration) {
        self.state().takes = time;
    }

    /// The next refresh finds no connection: nothing is sent.
    pub fn refuse_connection(&self) {
        self.state().script.push_back(Instead::Unsent);
    }

    /// The next refresh spends the token, and its answer is lost.
    pub fn lose(&self) {
        self.state().script.push_back(Instead::Lost);
    }

    /// The next refresh is answered with this status, and spends no token.
    pub fn answer(&self, status: StatusCode) {
        self.state().script.push_back(Instead::Answered(status));
    }

    /// Gives out a first pair, as a sign-in would.
    #[must_use]
    pub fn sign_in(&self, user: &str) -> Pair {
        self.state().grants.sign_in(user)
    }

    /// Lets an access token expire now.
    pub fn expire(&self, access: &str) {
        self.state().grants.expire(access);
    }

    /// Lets all access tokens expire that were given out so far.
    pub fn expire_all(&self) {
        self.state().grants.expire_all();
    }

    /// Revokes all families of a user.
    pub fn revoke(&self, user: &str) {
        let revoked = self.state().grants.revoke(user);
        let users = std::iter::repeat_n(user.to_owned(), revoked);
        self.ledger.write(|record| record.revocations.extend(users));
    }

    /// Whether an access token serves.
    #[must_use]
    pub fn serves(&self, access: &str) -> bool {
        self.state().grants.worth(access) == Worth::Good
    }

    /// The refresh tokens presented and what was given out; there are no requests in it.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    fn set(&self, set: impl FnOnce(&mut Custom)) {
        let mut state = self.state();
        set(&mut state.custom);
        state.grants = Grants::new(state.custom);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("nothing panics while it holds the state")
    }

    async fn spend(self, ask: RefreshAsk) -> Result<Tokens, RefreshFailure> {
        let (instead, takes) = {
            let mut state = self.state();
            (state.script.pop_front(), state.takes)
        };
        if matches!(instead, Some(Instead::Unsent)) {
            return Err(RefreshFailure::not_sent("the test refuses the connection"));
        }
        ask.gate().pass().map_err(RefreshFailure::not_sent)?;
        if let Some(Instead::Answered(status)) = instead {
            tokio::time::sleep(takes).await;
            return Err(Refused::new(status).into());
        }
        let token = ask.refresh_token().expose().to_owned();
        let pair = self.ledger.judge(&mut self.state().grants, token);
        if !takes.is_zero() {
            tokio::time::sleep(takes).await;
        }
        match (instead, pair) {
            (Some(_), _) => Err(RefreshFailure::unanswered("the test loses the answer")),
            (None, Some(pair)) => Ok(pair.into()),
            (None, None) => {
                let refused = Refused::new(StatusCode::BAD_REQUEST);
                Err(refused.oauth_error("invalid_grant").into())
            }
        }
    }
}

impl Default for Mint {
    fn default() -> Self {
        Self::new()
    }
}

impl Refresher for Mint {
    fn refresh(&self, ask: RefreshAsk) -> BoxFuture<'static, Result<Tokens, RefreshFailure>> {
        Box::pin(self.clone().spend(ask))
    }
}

impl fmt::Debug for Mint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mint").finish_non_exhaustive()
    }
}
