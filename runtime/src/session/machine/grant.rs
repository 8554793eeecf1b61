//! What a partition and its grant learn from each other.
//!
//! The refresh token is the grant's, the access token the partition's. Each partition knows of the
//! grant what the store said last, or what another partition of this process said since.

use super::{Effect, Machine, Moment, Pair, State, Verdict};
use crate::{
    Tokens,
    error::ExpiredReason,
    session::{
        Denied, Event,
        store::{Record, Serial, SignIn},
    },
};
use std::{sync::Arc, time::Duration};

/// What one partition tells the others. It speaks of one sign-in, and they ignore it under any
/// other.
#[derive(Clone, Debug)]
pub(crate) enum News {
    /// There is a newer refresh token; it comes without an access token.
    Renewed(Pair),
    /// The refresh token is dead.
    Over {
        sign_in: SignIn,
        serial: Serial,
        reason: ExpiredReason,
    },
}

/// What of a pair was newer than what was at hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Newer {
    /// Without the access token: another partition spent the one before.
    pub(super) refresh: bool,
    pub(super) access: bool,
}

impl Newer {
    pub(super) fn any(self) -> bool {
        self.refresh || self.access
    }
}

impl Machine {
    /// Another partition of the same grant, with what this one knows of it.
    pub(crate) fn split(&self, partition: Arc<str>) -> Self {
        let mut other = Self::new(self.options.clone(), self.renewable, self.outlives);
        other.partition = Some(partition);
        other.convention = self.convention;
        other.retired.clone_from(&self.retired);
        other.state = match self.over() {
            Some(reason) if self.pair.is_some() => State::Expired { reason },
            Some(reason) => State::SignedOut { reason },
            None => State::Active,
        };
        if let Some(pair) = &self.pair {
            other.epoch += 1;
            other.take_up(pair.without_access());
        }
        other
    }

    /// Rule 6: someone signed in through another partition.
    pub(crate) fn follow_sign_in(&mut self, tokens: &Tokens, sign_in: SignIn, now: &Moment) {
        let (pair, _) = Pair::arrived(tokens, sign_in, now);
        self.leave(Denied::Changed);
        self.enter(pair.without_access());
        self.tell(Event::SignedIn);
    }

    /// What another partition has learned of the grant.
    pub(crate) fn hear(&mut self, news: &News) {
        match news {
            News::Renewed(pair) if self.is_of(pair.sign_in) => {
                let newer = self.take_newer(pair.clone());
                self.revive(newer);
            }
            // Rule "Grants": a dead refresh token is the end of all partitions.
            News::Over {
                sign_in,
                serial,
                reason,
            } if self.is_of(*sign_in) && self.over().is_none() => {
                let older = |pair: &Pair| pair.serial <= *serial;
                if self.pair.as_ref().is_some_and(older) {
                    self.end(*reason);
                }
            }
            News::Renewed(_) | News::Over { .. } => {}
        }
    }

    fn is_of(&self, sign_in: SignIn) -> bool {
        self.pair
            .as_ref()
            .is_some_and(|pair| pair.sign_in == sign_in)
    }

    /// The grant is over, as another partition found. A flight under way ends, unless it waits
    /// for an answer.
    fn end(&mut self, reason: ExpiredReason) {
        let current = self.current_flight();
        if let Some(flight) = self
            .flights
            .iter_mut()
            .find(|flight| Some(flight.id) == current)
        {
            flight.abandoned = true;
        }
        self.turn(State::Expired { reason });
        self.effects.push(Effect::Publish);
        if let Some(flight) = current {
            let verdict = Verdict::Failed(Denied::Expired(reason));
            self.effects.push(Effect::Wake(flight, verdict));
        }
        self.tell(Event::Expired { reason });
    }

    /// Whether the access token came with the refresh token that is in use.
    pub(super) fn is_whole(&self) -> bool {
        self.pair.as_ref().is_none_or(|pair| {
            let serial = pair.access.as_ref().map(|held| held.serial);
            serial == Some(pair.serial)
        })
    }

    /// Takes over what is newer in the record of this sign-in.
    pub(super) fn adopt(&mut self, record: &Record, now: &Moment) -> Newer {
        let found = Pair::found(record, self.partition.as_deref(), now);
        let newer = self.take_newer(found);
        self.share(newer);
        newer
    }

    /// Takes over what is newer in a pair of this sign-in.
    pub(super) fn take_newer(&mut self, found: Pair) -> Newer {
        let mut newer = Newer::default();
        let Some(pair) = &mut self.pair else {
            return newer;
        };
        // Rule I5: an older attempt never displaces a newer one.
        if pair.serial < found.serial {
            pair.serial = found.serial;
            pair.refresh = found.refresh;
            pair.rotates = found.rotates;
            newer.refresh = true;
        }
        let held = pair.access.as_ref().map(|held| held.serial);
        if found.access.as_ref().map(|held| held.serial) > held {
            pair.access = found.access;
            // Rule I5: generations only grow.
            self.generation += 1;
            self.failures = 0;
            self.refused = false;
            newer.access = true;
        }
        if newer.any() {
            // Whatever was in doubt was the older refresh token.
            self.quiet_until = Duration::ZERO;
            self.effects.push(Effect::Publish);
        }
        newer
    }

    /// What came by another way than a flight of one's own ends a backoff, and the end of the
    /// session.
    pub(super) fn revive(&mut self, newer: Newer) {
        let over = self.over().is_some();
        if newer.any() && self.current_flight().is_none() {
            self.turn(State::Active);
        }
        if newer.access || (over && newer.any()) {
            self.tell(Event::Refreshed);
        }
    }

    /// Tells the other partitions of a newer refresh token.
    pub(super) fn share(&mut self, newer: Newer) {
        // Rule "Grants": no partition spends what another has spent, whatever the store says.
        if let Some(pair) = self.pair.as_ref().filter(|_| newer.refresh) {
            let news = News::Renewed(pair.without_access());
            self.effects.push(Effect::Share(news));
        }
    }
}
