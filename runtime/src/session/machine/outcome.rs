//! Rule 5: what an answer to a refresh means.

use crate::{
    error::RefreshErrorKind,
    session::{Convention, OAUTH_ERRORS, RefreshFailure, Refused, RetryAfter},
};
use http::StatusCode;

/// How a flight ends when it does not commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The refresh token is dead.
    Rejected,
    /// The refresh token is unspent: the server said something else.
    Refused,
    /// The refresh token is unspent: it was not sent.
    Transient,
    /// The refresh token may be spent: the server failed.
    Suspect,
    /// The refresh token may be spent: no readable answer came.
    Unknown,
}

/// What a failure means, and how it is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) outcome: Outcome,
    pub(super) kind: RefreshErrorKind,
    pub(super) retry_after: Option<RetryAfter>,
}

/// Reads refusals: as the API's own endpoint means them, or as RFC 6749 does.
pub(super) struct Reading<'a> {
    /// Whether the gate was passed.
    pub(super) sent: bool,
    /// Whether the server is known to give each refresh token once.
    pub(super) rotates: bool,
    pub(super) convention: Convention,
    pub(super) rejected_statuses: &'a [StatusCode],
}

impl Reading<'_> {
    pub(super) fn of(&self, failure: &RefreshFailure) -> Meaning {
        let (outcome, kind, retry_after) = match failure {
            // Rule "gate": what never passed it was not sent, whatever the error says.
            _ if !self.sent => (Outcome::Transient, RefreshErrorKind::Transport, None),
            RefreshFailure::NotSent(_) => (Outcome::Transient, RefreshErrorKind::Transport, None),
            RefreshFailure::Unanswered(_) => (self.lost(), RefreshErrorKind::Transport, None),
            RefreshFailure::Unreadable(_) => (self.lost(), RefreshErrorKind::Protocol, None),
            RefreshFailure::Answered(refused) => {
                let (outcome, kind) = self.refusal(refused);
                (outcome, kind, refused.retry_after)
            }
        };
        Meaning {
            outcome,
            kind,
            retry_after,
        }
    }

    /// Rule 5: unknown, but transient where the server does not rotate.
    pub(super) fn lost(&self) -> Outcome {
        // Service: nothing was spent that could be lost.
        if self.rotates && self.convention != Convention::ClientCredentials {
            Outcome::Unknown
        } else {
            Outcome::Transient
        }
    }

    fn refusal(&self, refused: &Refused) -> (Outcome, RefreshErrorKind) {
        let status = self.effective(refused);
        match status {
            // Rule 5: code 402, `invalid_grant`, or the typed endpoint's statuses: dead.
            _ if self.rejects(refused, status) => (Outcome::Rejected, RefreshErrorKind::Server),
            // Rule 5: 429, 503, 3xx and any other 4xx leave the token unspent.
            429 => (Outcome::Refused, RefreshErrorKind::Throttled),
            503 => (Outcome::Refused, RefreshErrorKind::Server),
            // Rule 5: any other 5xx does not tell.
            500..=599 => (Outcome::Suspect, RefreshErrorKind::Server),
            300..=499 => (Outcome::Refused, RefreshErrorKind::Server),
            // An envelope's own code inside a success: an answer, and not of the kind that spends.
            _ if refused.code.is_some() => (Outcome::Refused, RefreshErrorKind::Server),
            _ => (self.lost(), RefreshErrorKind::Protocol),
        }
    }

    fn rejects(&self, refused: &Refused, status: i64) -> bool {
        // Service: no token was presented that could be dead.
        if self.convention == Convention::ClientCredentials {
            return false;
        }
        let typed = self.convention == Convention::Endpoint
            && self
                .rejected_statuses
                .iter()
                .any(|dead| i64::from(dead.as_u16()) == status);
        match refused.oauth_error.as_deref() {
            Some("invalid_grant") => true,
            // Rule 5: another OAuth error is about the client or the request, not about the token.
            // Words that RFC 6749 does not know are the back end's own, and say nothing here.
            Some(error) if OAUTH_ERRORS.contains(&error) => false,
            _ => status == 402 || typed,
        }
    }

    /// The envelope's code where it speaks of the same thing as an HTTP status would. A server
    /// error stays one whatever its body says.
    fn effective(&self, refused: &Refused) -> i64 {
        let status = i64::from(refused.status.as_u16());
        match refused.code {
            Some(402) => 402,
            Some(code) if !refused.status.is_server_error() && (400..600).contains(&code) => code,
            _ => status,
        }
    }
}
