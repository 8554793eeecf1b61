//! What a call asks of the session, and what it gets.

use super::Snapshot;
use crate::error::{ExpiredReason, RefreshError};
use std::{fmt, sync::Arc};
use tokio::sync::OwnedSemaphorePermit;

/// One call, as far as the session is concerned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ask {
    /// Identity of the endpoint; the arguments are no part of it.
    pub(crate) endpoint: usize,
    /// Whether the call goes bare when nobody is signed in.
    pub(crate) optional: bool,
    /// Whether its body can be sent only once.
    pub(crate) one_shot: bool,
    /// What it keeps in memory while it waits, in bytes.
    pub(crate) bytes: usize,
}

/// Whether a request carries a token.
#[derive(Clone, Debug)]
pub(crate) enum Admission {
    Carry(Ticket),
    /// Nobody is signed in, and the endpoint does without.
    Bare,
}

/// Which token a request carried, so that a late refusal is told from a current one.
#[derive(Clone)]
pub(crate) struct Ticket {
    pub(crate) epoch: u64,
    pub(crate) generation: u64,
    /// The token, while it is still to be put on the request.
    pub(crate) token: Option<Arc<Snapshot>>,
    /// A place among the replays in flight, given back when the replay is answered.
    pub(super) place: Option<Arc<OwnedSemaphorePermit>>,
}

impl Ticket {
    pub(super) fn new(token: Arc<Snapshot>) -> Self {
        Self {
            token: Some(token.clone()),
            ..Self::spent(&token)
        }
    }

    /// For a request that the token is on already.
    pub(super) fn spent(token: &Snapshot) -> Self {
        Self {
            epoch: token.epoch,
            generation: token.generation,
            token: None,
            place: None,
        }
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ticket({}.{})", self.epoch, self.generation)
    }
}

/// How an answer refused a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Code 401: the access token is over.
    AccessExpired,
    /// Code 402: the session is over.
    SessionDead,
    /// A challenge that a new token does not answer: `insufficient_scope`, step-up, nonce.
    Incurable,
}

/// Why a call is not sent, or not sent again.
#[derive(Clone, Debug)]
pub(crate) enum Denied {
    Expired(ExpiredReason),
    /// Another sign-in took the place of the one the call was sent for.
    Changed,
    Unauthorized {
        replayable: bool,
    },
    Refresh(RefreshError),
}

/// What a session can do about a dead token; decides whether an HTTP 402 counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Power {
    /// Nothing: it only injects.
    None,
    /// It refreshes through an endpoint of the API: HTTP 402 counts.
    Endpoint,
    /// It refreshes by OAuth2: HTTP 402 counts only where the policy says so.
    OAuth2,
}
