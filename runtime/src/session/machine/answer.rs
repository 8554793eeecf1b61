//! Rule 5: what a flight makes of the answer to its POST, or of there being none.

use super::{
    Chore, Machine, Moment, Pair,
    flight::{Doing, Flight, Phase, Reported, Step},
    outcome::{Meaning, Outcome, Reading},
};
use crate::{
    Secret, Tokens,
    error::RefreshErrorKind,
    session::{
        Convention, RefreshFailure, StoreError,
        store::{Doubt, Marker},
    },
};
use std::sync::Arc;

impl Machine {
    pub(super) fn answered(
        &mut self,
        flight: &mut Flight,
        answer: Result<Tokens, RefreshFailure>,
        now: &Moment,
    ) -> Step {
        match answer {
            // Rule 5: 2xx whose access token can be read.
            Ok(tokens) if !tokens.access().is_empty() => self.won(flight, &tokens, now),
            Ok(_) => {
                let nothing = RefreshFailure::unreadable("the access token is empty");
                self.unanswered(flight, nothing, now)
            }
            Err(failure) => self.unanswered(flight, failure, now),
        }
    }

    /// New tokens: into the store, then into use.
    fn won(&mut self, flight: &mut Flight, tokens: &Tokens, now: &Moment) -> Step {
        let (Some(marker), Some(old)) = (flight.marker, &self.pair) else {
            return Step::Done;
        };
        let spent = flight.token.as_ref();
        let (mut pair, warning) = Pair::arrived(tokens, old.sign_in, now);
        pair.serial = marker.serial.successor(marker.attempt);
        if let Some(held) = &mut pair.access {
            held.serial = pair.serial;
        }
        pair.rotates = is_new(tokens.refresh(), spent);
        // Rule 5: no new refresh token in the answer: keep the old one.
        pair.refresh = pair.refresh.or_else(|| spent.cloned());
        self.warn_once(warning);
        flight.phase = Phase::Persisting;
        self.load(flight, Doing::Persisting(Box::new(pair)), now)
    }

    fn unanswered(&mut self, flight: &mut Flight, failure: RefreshFailure, now: &Moment) -> Step {
        // The gate knows better than the transport what was sent.
        let failure = match failure {
            RefreshFailure::Unanswered(why) if !flight.passed => RefreshFailure::NotSent(why),
            failure => failure,
        };
        let meaning = self.reading(flight).of(&failure);
        let why = Reported {
            kind: meaning.kind,
            source: Some(Arc::new(failure)),
        };
        self.conclude(flight, meaning, why, now)
    }

    /// Tells the store what became of the presentation, and ends.
    fn conclude(
        &mut self,
        flight: &mut Flight,
        meaning: Meaning,
        why: Reported,
        now: &Moment,
    ) -> Step {
        self.remember(flight, meaning.outcome, now);
        // Rule "Grants": the gate was shut by the refresh token that another partition brought.
        let newest = self.pair.as_ref().map(|pair| pair.serial);
        let overtaken = !flight.passed && newest > Some(flight.spent());
        if overtaken && !flight.restarted && self.generation == flight.base_generation {
            self.discard(why);
            return self.start_over(flight, now);
        }
        match meaning.outcome {
            // Rule 5: reload before a rejection is believed, and when nobody knows.
            Outcome::Rejected | Outcome::Unknown => {
                self.load(flight, Doing::Doubting(meaning, why), now)
            }
            _ => self.fail(flight, meaning, why, now),
        }
    }

    fn reading(&self, flight: &Flight) -> Reading<'_> {
        Reading {
            sent: flight.passed,
            rotates: self.pair.as_ref().is_none_or(|pair| pair.rotates),
            convention: self.convention.unwrap_or(Convention::OAuth2),
            rejected_statuses: &self.options.rejected_statuses,
        }
    }

    /// What the store is told of a presentation that brought nothing.
    fn remember(&mut self, flight: &mut Flight, outcome: Outcome, now: &Moment) {
        let (Some(marker), Some(pair)) = (&mut flight.marker, &self.pair) else {
            return;
        };
        let left = match outcome {
            // Rule 4: erased by its own flight when the token is proven unspent. What an earlier
            // presentation may have spent stays in doubt.
            Outcome::Refused | Outcome::Transient => flight.before,
            Outcome::Suspect => Some(Marker {
                doubt: Doubt::Suspect,
                deadline: now.wall,
                ..*marker
            }),
            // Its connection is closed: the answer cannot come any more.
            Outcome::Unknown => Some(Marker {
                deadline: now.wall,
                ..*marker
            }),
            Outcome::Rejected => return,
        };
        let chore = Chore::Mark {
            sign_in: pair.sign_in,
            serial: marker.serial,
            attempt: marker.attempt,
            marker: left,
        };
        if let Some(left) = left {
            *marker = left;
        }
        self.chore(chore);
    }

    /// A step took too long.
    pub(super) fn late(&mut self, flight: &mut Flight, now: &Moment) -> Step {
        match std::mem::replace(&mut flight.doing, Doing::Judging) {
            // Rule 4: the lock's deadline passed: reload, and never refresh without it.
            Doing::Locking => self.load(flight, Doing::Unguarded, now),
            Doing::Posting => {
                let outcome = match flight.passed {
                    true => self.reading(flight).lost(),
                    false => Outcome::Transient,
                };
                let kind = RefreshErrorKind::Deadline;
                let why = Reported { kind, source: None };
                self.conclude(
                    flight,
                    Meaning {
                        outcome,
                        kind,
                        retry_after: None,
                    },
                    why,
                    now,
                )
            }
            Doing::Persisting(won) => self.publish_anyway(flight, *won, now),
            Doing::Doubting(meaning, why) => self.undecided(flight, meaning, why, now),
            Doing::Settling => self.fail_unsent(flight, RefreshErrorKind::Deadline, None, now),
            Doing::Unguarded | Doing::Judging | Doing::Marking => {
                let silent = StoreError::silent(self.options.persist_timeout);
                self.without_store(flight, silent, now)
            }
        }
    }

    /// The store failed.
    pub(super) fn broken(&mut self, flight: &mut Flight, error: StoreError, now: &Moment) -> Step {
        match std::mem::replace(&mut flight.doing, Doing::Judging) {
            Doing::Persisting(won) => {
                self.discard(error);
                self.publish_anyway(flight, *won, now)
            }
            Doing::Doubting(meaning, why) => {
                self.discard(error);
                self.undecided(flight, meaning, why, now)
            }
            _ => self.without_store(flight, error, now),
        }
    }

    /// Nothing is sent without the store.
    fn without_store(&mut self, flight: &mut Flight, error: StoreError, now: &Moment) -> Step {
        let kind = RefreshErrorKind::Store;
        self.fail_unsent(flight, kind, Some(Arc::new(error)), now)
    }

    /// Rule 4: if persisting fails or hangs, publish anyway and retry the persist alone.
    pub(super) fn publish_anyway(&mut self, flight: &mut Flight, won: Pair, now: &Moment) -> Step {
        self.chore(Chore::Persist {
            won: won.record(self.partition.as_ref(), None),
            spent: flight.spent(),
        });
        self.commit(flight, won, true, now)
    }

    /// A rejection that could not be checked against the store is not believed yet.
    fn undecided(
        &mut self,
        flight: &mut Flight,
        mut meaning: Meaning,
        why: Reported,
        now: &Moment,
    ) -> Step {
        if meaning.outcome == Outcome::Rejected {
            meaning.outcome = Outcome::Suspect;
            self.remember(flight, Outcome::Suspect, now);
        }
        self.fail(flight, meaning, why, now)
    }

    /// The flight ends before its token was sent.
    pub(super) fn fail_unsent(
        &mut self,
        flight: &mut Flight,
        kind: RefreshErrorKind,
        source: Option<Arc<dyn std::error::Error + Send + Sync>>,
        now: &Moment,
    ) -> Step {
        self.remember(flight, Outcome::Transient, now);
        let meaning = Meaning {
            outcome: Outcome::Transient,
            kind,
            retry_after: None,
        };
        self.fail(flight, meaning, Reported { kind, source }, now)
    }
}

/// Whether an answer brought another refresh token than the one that was spent.
fn is_new(brought: Option<&Secret>, spent: Option<&Secret>) -> bool {
    brought.is_some_and(|brought| spent.is_none_or(|spent| brought.expose() != spent.expose()))
}
