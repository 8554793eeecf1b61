//! Rules 6 and 8: signing in and out, here and elsewhere.

use super::{Chore, Effect, Machine, Moment, Pair, RETIRED, State, Verdict};
use crate::{
    Tokens,
    error::ExpiredReason,
    session::{
        Denied, Event, StoreError,
        store::{Record, SignIn},
    },
};

impl Machine {
    /// Rule 6: a sign-in bumps the epoch first, wakes all, then writes.
    pub(crate) fn sign_in(&mut self, tokens: &Tokens, sign_in: SignIn, now: &Moment) {
        let (pair, warning) = Pair::arrived(tokens, sign_in, now);
        self.warn_once(warning);
        let record = pair.record(self.partition.as_ref(), None);
        self.leave(Denied::Changed);
        self.enter(pair);
        self.tell(Event::SignedIn);
        self.chore(Chore::Write(record));
    }

    /// Rule 6: a sign-out bumps the epoch first, wakes all, then clears.
    pub(crate) fn sign_out(&mut self) {
        if matches!(self.state, State::SignedOut { .. }) {
            return;
        }
        let sign_in = self.pair.as_ref().map(|pair| pair.sign_in);
        self.leave(Denied::Expired(ExpiredReason::SignedOut));
        self.tell(Event::SignedOut);
        if let Some(sign_in) = sign_in {
            self.chore(Chore::Clear {
                sign_in,
                only: None,
            });
        }
    }

    /// Rule 4: a flight found the record of another sign-in, or none.
    pub(super) fn supersede(&mut self, found: Option<Record>, now: &Moment) {
        let found = found.filter(|record| !self.retired.contains(&record.sign_in));
        match found {
            Some(record) => {
                self.leave(Denied::Changed);
                self.enter(Pair::found(&record, self.partition.as_deref(), now));
                self.tell(Event::Changed);
            }
            None => {
                self.leave(Denied::Expired(ExpiredReason::SignedOut));
                self.tell(Event::SignedOut);
            }
        }
    }

    /// Rule 8: what the store holds, as a reload or its watch says.
    pub(crate) fn seen(&mut self, found: Option<Record>, now: &Moment) {
        if let Some(error) = self.unread.take() {
            self.discard(error);
        }
        let sign_in = self.pair.as_ref().map(|pair| pair.sign_in);
        match (found, self.over()) {
            (None, None) if self.is_service() => {}
            // Rule 8: newer serial → adopt; it revives a session that was over, too.
            (Some(record), _) if Some(record.sign_in) == sign_in => {
                if !self.retired.contains(&record.sign_in) {
                    let newer = self.adopt(&record, now);
                    self.revive(newer);
                }
            }
            // Rule 8: a sign-in elsewhere is seen without a restart.
            (Some(record), Some(_)) => {
                if !self.retired.contains(&record.sign_in) {
                    self.leave(Denied::Changed);
                    self.enter(Pair::found(&record, self.partition.as_deref(), now));
                    self.tell(Event::SignedIn);
                }
            }
            // Rule 8: and so is a sign-out, or another account.
            (found, None) => self.supersede(found, now),
            // Rule 8: gone. Whose pair was rejected has cleared it, and knows why it ended.
            (None, Some(ExpiredReason::Uncertain)) => self.supersede(None, now),
            (None, Some(_)) => {}
        }
    }

    /// The store could not be asked what it holds; the next look that can ends that.
    pub(crate) fn unseen(&mut self, error: StoreError) {
        if let Some(older) = self.unread.replace(error) {
            self.discard(older);
        }
    }

    /// Ends the present epoch: whoever waits is woken with `denied`, and what the flight brings
    /// will find its epoch stale.
    pub(super) fn leave(&mut self, denied: Denied) {
        // Rule 6: bump the epoch first.
        self.epoch += 1;
        if let Some(flight) = self.current_flight() {
            self.effects
                .push(Effect::Wake(flight, Verdict::Failed(denied)));
        }
        if let Some(pair) = self.pair.take() {
            self.retired.push_back(pair.sign_in);
            if self.retired.len() > RETIRED {
                self.retired.pop_front();
            }
        }
        self.turn(State::SignedOut {
            reason: ExpiredReason::SignedOut,
        });
        self.marks.clear();
        self.storm.clear();
        self.effects.push(Effect::Publish);
    }

    pub(super) fn enter(&mut self, pair: Pair) {
        self.take_up(pair);
        self.turn(State::Active);
    }
}
