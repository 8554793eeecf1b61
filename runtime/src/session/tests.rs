//! The async shell: tasks, wakers, locks and stores around the machine.

use super::{
    Admission, Ask, BoxFuture, Clock, Convention, Denied, Event, MemoryStore, RefreshAsk,
    RefreshFailure, Refresher, Refusal, Session, SessionBuilder, SessionState, Spawner, Ticket,
};
use crate::{
    Tokens,
    error::{ExpiredReason, RefreshErrorKind},
};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};
use tokio::{
    runtime::{Builder, Runtime},
    sync::{Notify, watch},
};

mod parking;
mod partitions;
mod reentry;
mod schedules;
mod stores;
mod tasks;
mod unread;
mod watched;

/// A server that hands out numbered pairs, one at a time, when the test says so.
#[derive(Clone)]
struct Server(Arc<Inner>);

struct Inner {
    posts: watch::Sender<usize>,
    doors: tokio::sync::Semaphore,
    answers: Mutex<Vec<Result<Tokens, RefreshFailure>>>,
}

impl Server {
    fn new() -> Self {
        Self(Arc::new(Inner {
            posts: watch::Sender::new(0),
            doors: tokio::sync::Semaphore::new(0),
            answers: Mutex::default(),
        }))
    }

    /// Lets one POST be answered.
    fn answer(&self, answer: Result<Tokens, RefreshFailure>) {
        self.0.answers.lock().unwrap().push(answer);
        self.0.doors.add_permits(1);
    }

    fn posts(&self) -> usize {
        *self.0.posts.borrow()
    }

    /// Waits until so many have arrived.
    async fn arrived(&self, posts: usize) {
        self.0
            .posts
            .subscribe()
            .wait_for(|seen| *seen >= posts)
            .await
            .unwrap();
    }
}

impl Refresher for Server {
    fn refresh(&self, ask: RefreshAsk) -> BoxFuture<'static, Result<Tokens, RefreshFailure>> {
        let server = self.clone();
        Box::pin(async move {
            ask.gate().pass().map_err(RefreshFailure::not_sent)?;
            server.0.posts.send_modify(|posts| *posts += 1);
            server.0.doors.acquire().await.unwrap().forget();
            server.0.answers.lock().unwrap().remove(0)
        })
    }

    fn convention(&self) -> Convention {
        Convention::Endpoint
    }
}

/// A clock that the test moves.
#[derive(Clone)]
struct Hands(watch::Sender<Duration>);

impl Hands {
    fn new() -> Self {
        Self(watch::Sender::new(Duration::from_secs(1)))
    }

    fn advance(&self, seconds: u64) {
        self.0
            .send_modify(|now| *now += Duration::from_secs(seconds));
    }
}

impl Clock for Hands {
    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000) + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        *self.0.borrow()
    }

    fn sleep_until(&self, moment: Duration) -> BoxFuture<'static, ()> {
        let mut hands = self.0.subscribe();
        Box::pin(async move { drop(hands.wait_for(|now| *now >= moment).await) })
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

fn builder(server: &Server) -> SessionBuilder {
    Session::builder()
        .tokens(pair(1))
        .refresh_with(server.clone())
        .randomness(|| 0)
}

fn session(server: &Server) -> Session {
    builder(server).build().unwrap()
}

fn pair(number: u32) -> Tokens {
    Tokens::new(format!("A{number}"))
        .refresh_token(format!("R{number}"))
        .expires_in(Duration::from_secs(3600))
}

fn ask() -> Ask {
    Ask {
        endpoint: 7,
        bytes: 100,
        ..Ask::default()
    }
}

async fn ticket(session: &Session) -> Ticket {
    match session.admit(&ask()).await.unwrap() {
        Admission::Carry(ticket) => ticket,
        Admission::Bare => panic!("nobody is signed in"),
    }
}

/// A call whose first answer is a 401: the access token that it is sent again with.
async fn call(session: Session, ticket: Ticket) -> Result<String, Denied> {
    let again = session
        .refused(&ask(), &ticket, Refusal::AccessExpired, false)
        .await?;
    Ok(again.token.unwrap().credential.secret().expose().to_owned())
}

/// Lets every task that can run do so. Only for a runtime of one thread, without I/O.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

fn kind(result: &Result<String, Denied>) -> Option<RefreshErrorKind> {
    match result {
        Err(Denied::Refresh(error)) => Some(error.kind()),
        _ => None,
    }
}

fn reason(result: &Result<String, Denied>) -> Option<ExpiredReason> {
    match result {
        Err(Denied::Expired(reason)) => Some(*reason),
        _ => None,
    }
}
