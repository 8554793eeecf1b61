//! A server in memory: it rotates refresh tokens and ends the family when a spent one comes.

use super::executor::Executor;
use crate::{
    RefreshFailure, Refused, Secret, Tokens,
    session::{BoxFuture, Clock, Convention, RefreshAsk, Refresher},
};
use http::StatusCode;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

#[derive(Clone)]
pub(super) struct Server {
    executor: Executor,
    inner: Arc<Mutex<Inner>>,
    /// How many refreshes in a hundred lose their answer.
    loses: usize,
}

#[derive(Default)]
pub(super) struct Inner {
    pub(super) users: Vec<User>,
    pub(super) posts: usize,
    pub(super) lost: usize,
    /// Refreshes of one user that were under way at the same time.
    pub(super) collisions: usize,
}

#[derive(Default)]
pub(super) struct User {
    pub(super) good: u32,
    pub(super) dead: bool,
    /// The first pair's access token is over.
    pub(super) since: u32,
    under_way: usize,
}

impl Server {
    pub(super) fn new(executor: &Executor, loses: usize) -> Self {
        Self {
            executor: executor.clone(),
            inner: Arc::default(),
            loses,
        }
    }

    pub(super) fn look(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Someone signs in. The access token is `over` at once, or not.
    pub(super) fn sign_in(&self, over: bool) -> Tokens {
        let mut inner = self.look();
        inner.users.push(User {
            good: 1,
            since: 1 + u32::from(over),
            ..User::default()
        });
        tokens(inner.users.len() - 1, 1)
    }

    /// All access tokens of the last user are over.
    pub(super) fn expire(&self) {
        if let Some(user) = self.look().users.last_mut() {
            user.since = user.good + 1;
        }
    }

    pub(super) fn accepts(&self, token: &str) -> bool {
        let (user, number) = parts(token);
        let inner = self.look();
        let user = &inner.users[user];
        !user.dead && number == user.good && number >= user.since
    }

    fn arrives(&self, token: &str) -> usize {
        let (user, _) = parts(token);
        let mut inner = self.look();
        inner.posts += 1;
        inner.users[user].under_way += 1;
        inner.collisions += usize::from(inner.users[user].under_way > 1);
        user
    }

    fn spend(&self, token: &str) -> Result<Tokens, RefreshFailure> {
        let (user, number) = parts(token);
        let mut inner = self.look();
        let known = &mut inner.users[user];
        if known.dead || number != known.good {
            known.dead = true;
            return Err(Refused::new(StatusCode::UNAUTHORIZED).into());
        }
        known.good += 1;
        Ok(tokens(user, known.good))
    }
}

/// A refresh under way, also where its future is dropped.
struct UnderWay(Server, usize);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.look().users[self.1].under_way -= 1;
    }
}

impl Refresher for Server {
    fn refresh(&self, ask: RefreshAsk) -> BoxFuture<'static, Result<Tokens, RefreshFailure>> {
        let server = self.clone();
        Box::pin(async move {
            server.executor.dawdle().await;
            ask.gate().pass().map_err(RefreshFailure::not_sent)?;
            let token: Secret = ask.refresh_token().clone();
            let under_way = UnderWay(server.clone(), server.arrives(token.expose()));
            server.executor.dawdle().await;
            let answer = server.spend(token.expose());
            let takes = Duration::from_millis(server.executor.below(3000) as u64);
            let then = server.executor.monotonic() + takes;
            server.executor.sleep_until(then).await;
            let lost = server.executor.bad_luck(server.loses);
            drop(under_way);
            if lost {
                server.look().lost += 1;
                return Err(RefreshFailure::unanswered("connection reset"));
            }
            answer
        })
    }

    fn convention(&self) -> Convention {
        Convention::Endpoint
    }
}

fn tokens(user: usize, number: u32) -> Tokens {
    Tokens::new(format!("A{user}-{number}")).refresh_token(format!("R{user}-{number}"))
}

/// The user and the number in `A0-1` or `R0-1`.
pub(super) fn parts(token: &str) -> (usize, u32) {
    let (user, number) = token[1..].split_once('-').expect("a token of this server");
    (
        user.parse().expect("a user"),
        number.parse().expect("a number"),
    )
}
