//! What the ledger holds.

use super::grants::Verdict;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use std::fmt;

/// One request as it arrived.
#[derive(Clone, Debug)]
#[non_exhaustive]
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
    /// The HTTP status it was answered with; absent while it waits, and when it got no
    /// answer or a torn one.
    pub answer: Option<StatusCode>,
}

/// A refresh token that was presented.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Presentation {
    /// The refresh token.
    pub token: String,
    /// What the back end thought of it.
    pub verdict: Verdict,
}

/// A refresh token exchanged for a pair.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rotation {
    /// The refresh token that was spent.
    pub spent: String,
    /// The access token that was given out.
    pub access: String,
}

/// Everything that was written down so far.
///
/// Its `Display` is a line for each request and each refresh token judged, for a failing test.
///
/// ```
/// let record = perennial::testing::Backend::start().ledger().read();
/// assert_eq!((record.refreshes(), record.presented("R1")), (0, 0));
/// assert_eq!(record.to_string(), "0 connections\n");
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
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

    /// The verdicts on all refresh tokens presented, in order.
    #[must_use]
    pub fn verdicts(&self) -> Vec<Verdict> {
        self.presentations.iter().map(|p| p.verdict).collect()
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for request in &self.requests {
            let Request {
                connection,
                method,
                path,
                ..
            } = request;
            let token = request.token.as_deref().unwrap_or("-");
            let answer = request.answer.as_ref().map_or("-", StatusCode::as_str);
            writeln!(f, "#{connection} {method} {path} token {token}: {answer}")?;
        }
        for Presentation { token, verdict } in &self.presentations {
            writeln!(f, "refresh token {token}: {verdict:?}")?;
        }
        for user in &self.revocations {
            writeln!(f, "revoked: {user}")?;
        }
        writeln!(f, "{} connections", self.connections)
    }
}
