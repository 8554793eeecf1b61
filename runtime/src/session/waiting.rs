//! The async side of a call: ask the machine, wait if it says so, ask again.
//!
//! Thousands may wait at once, so what each of them holds is kept small (`just bench-session`).
//! An `async fn` keeps every argument twice, as it came and in its body: what is large goes there by
//! reference, or is boxed where it is rare.

use super::{
    Admission, Ask, Denied, Refusal, Ticket,
    machine::{Carried, Machine, Then, Verdict},
    meter,
    race::{First, race},
    shell::{Answer, Parking, Shared},
};
use crate::error::{RefreshError, RefreshErrorKind};
use std::{pin::pin, sync::Arc, time::Duration};
use tokio::task::yield_now;

impl Shared {
    /// Rule 1, where the hot path does not do.
    pub(super) async fn admit(self: &Arc<Self>, ask: &Ask) -> Result<Admission, Denied> {
        let answer = self.asked(ask).await;
        self.follow(ask, answer).await
    }

    async fn asked(self: &Arc<Self>, ask: &Ask) -> Answer {
        self.watch();
        let decide = || {
            let now = self.now();
            self.decide(|machine| machine.admit(ask, &now))
        };
        let answer = decide();
        if answer.is_nobody() {
            // Rule 8: nobody is signed in here; someone may have signed in elsewhere.
            Box::pin(self.recheck()).await;
            return decide();
        }
        answer
    }

    /// Rules 2 and 3.
    pub(super) async fn refused(
        self: &Arc<Self>,
        ask: &Ask,
        ticket: &Ticket,
        what: Refusal,
        replayed: bool,
    ) -> Result<Ticket, Denied> {
        let answer = self.judge(ask, ticket, what, replayed);
        match self.follow(ask, answer).await? {
            Admission::Carry(ticket) => Ok(ticket),
            // Signed out while it waited, at an endpoint that does without: not the same request.
            Admission::Bare => Err(Denied::Changed),
        }
    }

    fn judge(
        self: &Arc<Self>,
        ask: &Ask,
        ticket: &Ticket,
        what: Refusal,
        replayed: bool,
    ) -> Answer {
        let carried = self.carried(ask, ticket);
        let now = self.now();
        self.decide(|machine| match what {
            Refusal::AccessExpired => machine.on_401(ask, carried, replayed, &now),
            Refusal::SessionDead => machine.on_402(ask, carried, replayed, &now),
            Refusal::Incurable => machine.on_incurable(ask),
        })
    }

    /// Any answer that is no refusal.
    pub(super) fn accepted(self: &Arc<Self>, ask: &Ask, ticket: &Ticket) {
        self.taken.note(ask.endpoint, ticket.generation);
        if self.is_curious() {
            let carried = self.carried(ask, ticket);
            self.step(|machine| machine.accepted(ask.endpoint, carried));
        }
    }

    fn carried(&self, ask: &Ask, ticket: &Ticket) -> Carried {
        Carried {
            epoch: ticket.epoch,
            generation: ticket.generation,
            taken: self.taken.holds(ask.endpoint, ticket.generation),
        }
    }

    /// Waits for a flight where the decision says so, and does what its end (or the end of
    /// patience) allows.
    fn follow(
        self: &Arc<Self>,
        ask: &Ask,
        answer: Answer,
    ) -> impl Future<Output = Result<Admission, Denied>> + Send {
        let parking = answer.settled();
        async move {
            let parking = match parking {
                Ok(settled) => return settled,
                Err(ref parking) => parking,
            };
            let verdict = {
                let _parked = Parked::new(self, ask);
                self.verdict(parking).await
            };
            let now = self.now();
            let (then, epoch) = (parking.then, parking.epoch);
            let answer = self.decide(|machine| machine.woken(ask, then, epoch, verdict, &now));
            let late = RefreshError::new(RefreshErrorKind::Deadline);
            answer.settled().unwrap_or(Err(Denied::Refresh(late)))
        }
    }

    /// The flight's end; none if the caller's own time ended first.
    async fn verdict(self: &Arc<Self>, parking: &Parking) -> Option<Verdict> {
        loop {
            let alarm = {
                let now = self.now();
                // Rules 4 and 7: whoever waits past the flight's deadline settles it.
                let look_again = self.step(|machine| machine.overdue(parking.flight, &now));
                if let Some(verdict) = parking.cell.verdict() {
                    return Some(verdict);
                }
                if now.monotonic >= parking.limit {
                    return None;
                }
                self.clock.sleep_until(look_again.min(parking.limit))
            };
            let settled = pin!(parking.cell.wait());
            if let First::Left(verdict) = race(settled, pin!(alarm)).await {
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
        let alarm = self.clock.sleep_until(limit);
        let place = pin!(places.clone().acquire_owned());
        match race(place, pin!(alarm)).await {
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
            // As in `no_chores`.
            yield_now().await;
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
