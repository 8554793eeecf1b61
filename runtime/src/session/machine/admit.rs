//! Rule 1: before a call is sent. And what a call does after it waited.

use super::{Cause, Decision, Machine, Moment, State, Then, Verdict};
use crate::{
    error::{ExpiredReason, RefreshError, RefreshErrorKind},
    session::{Ask, Denied},
};
use std::{error::Error, sync::Arc, time::Duration};

/// A partition without an access token, whose grant has no refresh token, or no refresher.
fn unfed() -> RefreshError {
    let why = "the partition has no access token, and nothing to get one with: sign in with a \
               refresh token, and give the session a refresher";
    let source: Box<dyn Error + Send + Sync> = why.into();
    RefreshError::with(RefreshErrorKind::Transport, None, Some(source.into()))
}

impl Machine {
    /// Rule 1: whether the call is sent now, and with what.
    pub(crate) fn admit(&mut self, ask: &Ask, now: &Moment) -> Decision {
        // Rule 1: signed out or expired fails at once, without a request.
        if let Some(reason) = self.over() {
            let bare = ask.optional;
            return match self.unheard(reason) {
                Some(error) => Decision::Deny(Denied::Refresh(error)),
                None if bare => Decision::Bare,
                None => Decision::Deny(Denied::Expired(reason)),
            };
        }
        // Rule 1: a session that cannot refresh only injects, if it has what to inject.
        if !self.can_refresh() {
            return match &self.pair {
                Some(pair) if pair.access.is_none() => Decision::Deny(Denied::Refresh(unfed())),
                _ => Decision::Carry,
            };
        }
        // Rule 1: a one-shot body is not sent with a token that is about to end.
        let margin = if ask.one_shot {
            self.options.clock_skew
        } else {
            Duration::ZERO
        };
        let over = self.is_over(margin, now);
        match &self.state {
            State::Refreshing { flight } if over => self.park(*flight, Then::Send, ask, now),
            State::Refreshing { .. } => Decision::Carry,
            // Rule 1: backing off without a usable token fails at once.
            State::Backoff { until, .. } if now.monotonic < *until => {
                match self.is_over(Duration::ZERO, now) {
                    true => Decision::Deny(Denied::Refresh(self.throttled(now))),
                    false => Decision::Carry,
                }
            }
            // Rule 1: expired by the clock waits for a flight.
            _ if over => {
                let flight = self.start(Cause::Expired, now);
                self.park(flight, Then::Send, ask, now)
            }
            // Rule 1: past `refresh_after` a flight starts and the token keeps serving.
            _ if self.is_due(now) => {
                let flight = self.start(Cause::Proactive, now);
                if self.outlives {
                    self.linger(flight, ask, now)
                } else {
                    Decision::Carry
                }
            }
            _ => Decision::Carry,
        }
    }

    /// Rule 1: with a store that outlives the process the one that starts a flight waits for it a
    /// little, so that a short-lived program does not end in the middle of a rotation.
    fn linger(&mut self, flight: super::FlightId, ask: &Ask, now: &Moment) -> Decision {
        let bound = now.monotonic.saturating_add(self.options.persist_timeout);
        match self.park(flight, Then::Send, ask, now) {
            Decision::Park {
                flight,
                then,
                limit,
                epoch,
            } => Decision::Park {
                flight,
                then,
                limit: limit.min(bound),
                epoch,
            },
            // No room to wait, but a token that serves.
            _ => Decision::Carry,
        }
    }

    /// After a wait: the flight's verdict, or none if the caller's own time is over.
    pub(crate) fn woken(
        &mut self,
        ask: &Ask,
        then: Then,
        epoch: u64,
        verdict: Option<Verdict>,
        now: &Moment,
    ) -> Decision {
        if let Some(reason) = self.over() {
            let bare = ask.optional && then == Then::Send;
            return if bare {
                Decision::Bare
            } else {
                Decision::Deny(Denied::Expired(reason))
            };
        }
        // Rule I6: whatever happened meanwhile, it is the same identity or nothing.
        if epoch != self.epoch {
            return Decision::Deny(Denied::Changed);
        }
        let failed = match verdict {
            // Rule 2: a body that cannot be sent again ends here, refreshed or not.
            _ if then == Then::Unauthorized => Denied::Unauthorized {
                replayable: !ask.one_shot,
            },
            // Rule 1: whoever is woken by a commit sends without a second look at the expiry.
            Some(Verdict::Committed) => return Decision::Carry,
            Some(Verdict::Failed(denied)) => denied,
            None => Denied::Refresh(RefreshError::new(RefreshErrorKind::Deadline)),
        };
        // Rule I7: an error does not displace a token that is valid still.
        if then == Then::Send && !self.is_over(Duration::ZERO, now) {
            return Decision::Carry;
        }
        Decision::Deny(failed)
    }

    /// Why it is not known whether anybody has signed in, if that is so. Who has signed out, or was
    /// refused, knows it without the store.
    fn unheard(&self, reason: ExpiredReason) -> Option<RefreshError> {
        // Rule 8: a store that cannot be asked has not said that nobody is signed in.
        let never = reason == ExpiredReason::NeverSignedIn;
        let error = self.unread.clone().filter(|_| never)?;
        let kind = RefreshErrorKind::Store;
        Some(RefreshError::with(kind, None, Some(Arc::new(error))))
    }

    /// Whether the access token is over, or will be within `margin`.
    pub(super) fn is_over(&self, margin: Duration, now: &Moment) -> bool {
        self.pair
            .as_ref()
            .is_some_and(|pair| pair.over(margin, now))
    }

    fn is_due(&self, now: &Moment) -> bool {
        let due = |pair: &super::Pair| pair.due(self.options.refresh_before, now);
        now.monotonic >= self.quiet_until && self.pair.as_ref().is_some_and(due)
    }
}
