//! The back end's own account of what happened, which the tests assert on.

use super::grants::Verdict;
use crate::testing::limit;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Request {
    /// The number of its connection, from 1.
    pub connection: usize,
    /// Its place among the requests of that connection, from 1.
    pub turn: usize,
    /// The method.
    pub method: Method,
    /// The path, percent-encoded as it came.
    pub path: String,
    /// The query, as it came.
    pub query: Option<String>,
    /// All headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
    /// The access token it carried.
    pub token: Option<String>,
    /// The HTTP status it was answered with; absent while it waits, and when it got no answer.
    pub answer: Option<StatusCode>,
}

/// A refresh token that was presented.
#[derive(Clone, Debug)]
pub struct Presentation {
    /// The refresh token.
    pub token: String,
    /// What the back end thought of it.
    pub verdict: Verdict,
}

/// A refresh token exchanged for a pair.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The refresh token that was spent.
    pub spent: String,
    /// The access token that was given out.
    pub access: String,
}

/// Everything that was written down so far.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// All requests in the order of their arrival, those to the refresh endpoint included.
    pub requests: Vec<Request>,
    /// All refresh tokens that were judged, in order.
    pub presentations: Vec<Presentation>,
    /// All rotations, in order.
    pub rotations: Vec<Rotation>,
    /// The users whose family was killed, in order.
    pub revocations: Vec<String>,
    /// How many connections were accepted.
    pub connections: usize,
}

impl Record {
    /// The requests to one path.
    pub fn to<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Request> + Clone {
        self.requests
            .iter()
            .filter(move |request| request.path == path)
    }

    /// How many requests went to one path.
    #[must_use]
    pub fn sends(&self, path: &str) -> usize {
        self.to(path).count()
    }

    /// How many requests to one path were answered with this HTTP status.
    #[must_use]
    pub fn answered(&self, path: &str, status: u16) -> usize {
        self.to(path)
            .filter(|request| request.answer.is_some_and(|a| a == status))
            .count()
    }

    /// The access tokens that the requests to one path carried, in order; `"-"` where none.
    pub fn tokens(&self, path: &str) -> Vec<&str> {
        self.requests
            .iter()
            .filter(|request| request.path == path)
            .map(|request| request.token.as_deref().unwrap_or("-"))
            .collect()
    }

    /// How many requests reached the refresh endpoint.
    #[must_use]
    pub fn refreshes(&self) -> usize {
        self.sends(super::REFRESH)
    }

    /// How often one refresh token was judged.
    #[must_use]
    pub fn presented(&self, token: &str) -> usize {
        self.presentations
            .iter()
            .filter(|p| p.token == token)
            .count()
    }
}

/// A handle to the record; cheap to clone.
#[derive(Clone, Debug)]
pub struct Ledger {
    record: Arc<Mutex<Record>>,
    changed: watch::Sender<()>,
}

impl Ledger {
    pub(super) fn new() -> Self {
        Self {
            record: Arc::default(),
            changed: watch::Sender::new(()),
        }
    }

    /// A copy of what was written down so far.
    #[must_use]
    pub fn read(&self) -> Record {
        self.look(Clone::clone)
    }

    /// Looks at the record without copying it.
    pub fn look<T>(&self, look: impl FnOnce(&Record) -> T) -> T {
        look(&self.record.lock().expect("no look at the ledger panics"))
    }

    /// Waits until the record shows what the test waits for.
    ///
    /// # Panics
    /// When it never does, with the whole record.
    pub async fn wait_for(&self, what: &str, mut shows: impl FnMut(&Record) -> bool) {
        let mut changed = self.changed.subscribe();
        let wait = async {
            while !self.look(&mut shows) {
                changed
                    .changed()
                    .await
                    .expect("the sender is held by `self`");
            }
        };
        if tokio::time::timeout(limit(), wait).await.is_err() {
            panic!(
                "the ledger never showed {what}; it holds {:#?}",
                self.read()
            );
        }
    }

    pub(super) fn write<T>(&self, write: impl FnOnce(&mut Record) -> T) -> T {
        let value = write(&mut self.record.lock().expect("no look at the ledger panics"));
        self.changed.send_replace(());
        value
    }
}
