//! The async side of a call: ask the machine, wait if it says so, ask again.

use super::{
    Admission, Ask, Denied, Refusal, Ticket,
    machine::{Carried, Machine, Then, Verdict},
    meter,
    race::{First, race},
    shell::{Answer, Parking, Shared},
};
use crate::error::{RefreshError, RefreshErrorKind};
use std::{sync::Arc, time::Duration};

impl Shared {
    /// Rule 1, where the hot path does not do.
    pub(super) async fn admit(self: &Arc<Self>, ask: &Ask) -> Result<Admission, Denied> {
        self.watch();
        let now = self.now();
        let mut answer = self.decide(|machine| machine.admit(ask, &now));
        // Rule 8: nobody is signed in here; someone may have signed in elsewhere.
        if matches!(answer, Answer::Bare | Answer::Deny(Denied::Expired(_))) {
            self.recheck().await;
            let now = self.now();
            answer = self.decide(|machine| machine.admit(ask, &now));
        }
        self.follow(ask, answer).await
    }

    /// Rules 2 and 3.
    pub(super) async fn refused(
        self: &Arc<Self>,
        ask: &Ask,
        ticket: &Ticket,
        what: Refusal,
        replayed: bool,
    ) -> Result<Ticket, Denied> {
        let ticket = self.renewed(ask, ticket, what, replayed).await?;
        let ticket = self.place(ask, ticket).await?;
        meter::replayed();
        Ok(ticket)
    }

    /// The same without a place among the replays in flight.
    pub(super) async fn renewed(
        self: &Arc<Self>,
        ask: &Ask,
        ticket: &Ticket,
        what: Refusal,
        replayed: bool,
    ) -> Result<Ticket, Denied> {
        let carried = Carried {
            epoch: ticket.epoch,
            generation: ticket.generation,
        };
        let now = self.now();
        let answer = self.decide(|machine| match what {
            Refusal::AccessExpired => machine.on_401(ask, carried, replayed, &now),
            Refusal::SessionDead => machine.on_402(ask, carried, replayed, &now),
            Refusal::Incurable => machine.on_incurable(ask),
        });
        match self.follow(ask, answer).await? {
            Admission::Carry(ticket) => Ok(ticket),
            // Signed out while it waited, at an endpoint that does without: not the same request.
            Admission::Bare => Err(Denied::Changed),
        }
    }

    /// Any answer that is no refusal.
    pub(super) fn accepted(self: &Arc<Self>, ask: &Ask, ticket: &Ticket) {
        if self.is_curious() {
            let carried = Carried {
                epoch: ticket.epoch,
                generation: ticket.generation,
            };
            self.step(|machine| machine.accepted(ask.endpoint, carried));
        }
    }

    async fn follow(self: &Arc<Self>, ask: &Ask, answer: Answer) -> Result<Admission, Denied> {
        match answer {
            Answer::Carry(ticket) => Ok(Admission::Carry(ticket)),
            Answer::Bare => Ok(Admission::Bare),
            Answer::Deny(denied) => Err(denied),
            Answer::Park(parking) => self.wait(ask, parking).await,
        }
    }

    /// Waits for a flight, and does what its end (or the end of patience) allows.
    async fn wait(self: &Arc<Self>, ask: &Ask, parking: Parking) -> Result<Admission, Denied> {
        let verdict = {
            let _parked = Parked::new(self, ask);
            self.verdict(&parking).await
        };
        let now = self.now();
        let (then, epoch) = (parking.then, parking.epoch);
        match self.decide(|machine| machine.woken(ask, then, epoch, verdict, &now)) {
            Answer::Carry(ticket) => Ok(Admission::Carry(ticket)),
            Answer::Bare => Ok(Admission::Bare),
            Answer::Deny(denied) => Err(denied),
            Answer::Park(_) => Err(Denied::Refresh(RefreshError::new(
                RefreshErrorKind::Deadline,
            ))),
        }
    }

    /// The flight's end; none if the caller's own time ended first.
    async fn verdict(self: &Arc<Self>, parking: &Parking) -> Option<Verdict> {
        loop {
            let now = self.now();
            // Rules 4 and 7: whoever waits past the flight's deadline settles it.
            let look_again = self.step(|machine| machine.overdue(parking.flight, &now));
            if let Some(verdict) = parking.cell.verdict() {
                return Some(verdict);
            }
            if now.monotonic >= parking.limit {
                return None;
            }
            let alarm = self.clock.sleep_until(look_again.min(parking.limit));
            if let First::Left(verdict) = race(parking.cell.wait(), alarm).await {
                return Some(verdict);
            }
        }
    }

    /// Waits for a place among the replays in flight, first come, first served.
    pub(super) async fn place(
        self: &Arc<Self>,
        ask: &Ask,
        mut ticket: Ticket,
    ) -> Result<Ticket, Denied> {
        let Some(places) = &self.grant.places else {
            return Ok(ticket);
        };
        let limit = self
            .clock
            .monotonic()
            .saturating_add(self.grant.options.waiter_timeout);
        let limit = ask.deadline.map_or(limit, |deadline| deadline.min(limit));
        let alarm = self.clock.sleep_until(limit);
        match race(places.clone().acquire_owned(), alarm).await {
            First::Left(Ok(place)) => ticket.place = Some(Arc::new(place)),
            // Nobody closes the semaphore.
            First::Left(Err(_)) => {}
            First::Right(()) => {
                return Err(Denied::Refresh(RefreshError::new(
                    RefreshErrorKind::Deadline,
                )));
            }
        }
        // The wait may have been long: it is the same identity, with its newest pair.
        let (epoch, now) = (ticket.epoch, self.now());
        let verdict = Some(Verdict::Committed);
        match self.decide(|machine| machine.woken(ask, Then::Replay, epoch, verdict, &now)) {
            Answer::Carry(newest) => Ok(Ticket {
                place: ticket.place,
                ..newest
            }),
            Answer::Deny(denied) => Err(denied),
            Answer::Bare | Answer::Park(_) => Err(Denied::Changed),
        }
    }

    /// Rule 9: no flight, and nothing left to write.
    pub(super) async fn idle(self: &Arc<Self>) {
        loop {
            let calm = self.grant.calm.notified();
            self.grant.work();
            let now = self.now();
            let flight =
                self.step(|machine| machine.busy().map(|flight| machine.overdue(flight, &now)));
            let chores = self.grant.desk(|desk| !desk.chores.is_empty());
            let busy = flight.or(chores.then_some(Duration::MAX));
            let Some(look_again) = busy else { return };
            self.grant.by(look_again, calm).await;
        }
    }
}

/// Counts a waiting call, until it waits no longer or is dropped.
struct Parked<'a> {
    shared: &'a Arc<Shared>,
    ask: &'a Ask,
}

impl<'a> Parked<'a> {
    fn new(shared: &'a Arc<Shared>, ask: &'a Ask) -> Self {
        meter::waiting(1.0);
        Self { shared, ask }
    }
}

impl Drop for Parked<'_> {
    fn drop(&mut self) {
        meter::waiting(-1.0);
        // Rule I8: a caller that goes away leaves the flight alone.
        self.shared
            .step(|machine: &mut Machine| machine.unpark(self.ask));
    }
}
