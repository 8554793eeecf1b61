//! `retry(max = 2, on = [connect, 503])`: sending one hop again before anyone is asked what its
//! answer means.
//!
//! A connection that was never made has sent nothing, so every method may try another. What was
//! answered was sent: the trait's rule holds for idempotent methods alone (RFC 9110,
//! section 9.2.2), a method's own rule for that method.

use crate::{
    TransportError, TransportKind,
    endpoint::{Endpoint, Retry, RetryRule},
    session::RetryAfter,
};
use http::{Method, StatusCode, header::RETRY_AFTER};
use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    time::{Duration, SystemTime},
};
use tokio::time::Instant;

/// The pause before the second try; it doubles with each.
const FIRST: Duration = Duration::from_millis(500);
/// The longest pause, and the longest that a server may ask for.
const LONGEST: Duration = Duration::from_secs(30);

/// What is left of a call's tries.
pub(super) struct Retries {
    rule: Option<&'static RetryRule>,
    /// Whether the method says so itself, for whatever it does.
    own: bool,
    made: u32,
    /// When the caller gives up.
    until: Option<Instant>,
}

impl Retries {
    pub(super) fn of(endpoint: &'static Endpoint, limit: Option<Duration>) -> Self {
        let (rule, own) = match &endpoint.retry {
            // A refresh token is spent by being sent, and a stream is gone.
            _ if endpoint.refresh || !endpoint.replay => (None, false),
            Retry::Never => (None, false),
            Retry::On(rule) => (Some(rule), true),
            Retry::Inherit => (endpoint.api.retry.as_ref(), false),
        };
        Self {
            rule,
            own,
            made: 0,
            until: limit.and_then(|limit| Instant::now().checked_add(limit)),
        }
    }

    /// How long to wait before the hop is sent again; none if this is how it ended.
    pub(super) fn pause(
        &mut self,
        method: &Method,
        sent: &Result<reqwest::Response, TransportError>,
    ) -> Option<Duration> {
        let rule = self.rule.filter(|rule| self.made < rule.max)?;
        let asked = match sent {
            Err(error) if rule.connect && error.kind() == TransportKind::Connect => Duration::ZERO,
            Ok(response)
                if rule.names(response.status()) && (self.own || is_idempotent(method)) =>
            {
                asked(response)
            }
            _ => return None,
        };
        let pause = asked.max(self.backoff());
        // An answer now is worth more than a timeout later.
        let in_time = |until: Instant| Instant::now() + pause < until;
        if asked > LONGEST || !self.until.is_none_or(in_time) {
            return None;
        }
        self.made += 1;
        Some(pause)
    }

    /// Between half and all of a time that doubles, so that callers do not come back as one.
    fn backoff(&self) -> Duration {
        let full = FIRST.saturating_mul(1 << self.made.min(10)).min(LONGEST);
        let chance = RandomState::new().build_hasher().finish();
        let half = full / 2;
        let spread = u64::try_from(half.as_millis()).unwrap_or(u64::MAX);
        half + Duration::from_millis(chance % spread.max(1))
    }
}

impl RetryRule {
    fn names(&self, status: StatusCode) -> bool {
        let status = status.as_u16();
        let mut ranges = self.statuses.iter();
        ranges.any(|(from, to)| (*from..=*to).contains(&status))
    }
}

/// How long the server wants to be left alone.
fn asked(response: &reqwest::Response) -> Duration {
    let header = response.headers().get(RETRY_AFTER);
    let text = header.and_then(|value| value.to_str().ok());
    let asked = text.and_then(RetryAfter::parse);
    asked.map_or(Duration::ZERO, |asked| asked.from(SystemTime::now()))
}

fn is_idempotent(method: &Method) -> bool {
    matches!(
        *method,
        Method::GET | Method::HEAD | Method::PUT | Method::DELETE | Method::OPTIONS | Method::TRACE
    )
}

/// Waits before the next try, with nothing held.
pub(super) async fn wait(pause: Duration, sent: Result<reqwest::Response, TransportError>) {
    match sent {
        Ok(response) => {
            tracing::debug!(
                status = response.status().as_u16(),
                ?pause,
                "call: tried again"
            );
            // Its connection is free for the next try.
            super::drain(response).await;
        }
        Err(error) => tracing::debug!(%error, ?pause, "call: tried again"),
    }
    tokio::time::sleep(pause).await;
}
