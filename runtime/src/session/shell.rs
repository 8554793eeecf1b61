//! Drives the machine: brings it time and chance, and carries out what it decides.

use super::{
    Admission, Ask, Clock, Credential, Denied, Event, Events, Power, SessionState, Snapshot,
    Ticket,
    board::Board,
    cell::Cell,
    events::HubOwner,
    flight,
    grant::Grant,
    machine::{Decision, Effect, FlightId, Machine, Moment, News, Then},
    meter,
    sync::Published,
    taken::Taken,
    trace::{Moved, Ring, SessionTrace},
};
use crate::Tokens;
use std::{
    any::Any,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
    time::Duration,
};

const ENDPOINT: u8 = 1;
const OAUTH2: u8 = 2;

/// What all clones of a session share. Each partition of a grant is one.
pub(super) struct Shared {
    snapshot: Published<Snapshot>,
    core: Mutex<Core>,
    /// Whether acceptances are of interest; mirrors [`Machine::curious`].
    curious: AtomicBool,
    /// Which endpoints have taken which pair.
    pub(super) taken: Taken,
    /// Mirrors [`Machine::power`].
    power: AtomicU8,
    /// The grant's, at hand for the hot path.
    pub(super) clock: Arc<dyn Clock>,
    pub(super) grant: Arc<Grant>,
    /// Its name among the grant's partitions; none for the session itself.
    pub(super) partition: Option<Arc<str>>,
    hub: HubOwner,
    ring: Ring,
    /// When the store was last asked while nobody was signed in (rule 8).
    pub(super) rechecked: tokio::sync::Mutex<Option<Duration>>,
    /// Whether the store is watched, or there is nothing to watch.
    pub(super) watched: AtomicBool,
}

/// What the critical section guards. It is short, synchronous, and runs no foreign code.
pub(super) struct Core {
    machine: Machine,
    board: Board<Snapshot>,
    /// How many transitions there were.
    moves: u64,
}

/// A decision with what it takes to follow it.
pub(super) enum Answer {
    Carry(Ticket),
    Bare,
    Deny(Denied),
    Park(Parking),
}

impl Answer {
    /// What is known at once; else what to wait for.
    pub(super) fn settled(self) -> Result<Result<Admission, Denied>, Parking> {
        match self {
            Self::Carry(ticket) => Ok(Ok(Admission::Carry(ticket))),
            Self::Bare => Ok(Ok(Admission::Bare)),
            Self::Deny(denied) => Ok(Err(denied)),
            Self::Park(parking) => Err(parking),
        }
    }
}

pub(super) struct Parking {
    pub(super) flight: FlightId,
    pub(super) cell: Arc<Cell>,
    pub(super) then: Then,
    pub(super) limit: Duration,
    pub(super) epoch: u64,
}

/// What is left to do once the critical section is over.
#[derive(Default)]
pub(super) struct Aftermath {
    news: Vec<News>,
    wake: Vec<Arc<Cell>>,
    start: Vec<FlightId>,
    told: Vec<Event>,
    moved: Vec<(u64, Moved)>,
    warn: Vec<&'static str>,
    discard: Vec<Box<dyn Any + Send>>,
    work: bool,
}

impl Shared {
    pub(super) fn new(
        grant: Arc<Grant>,
        machine: Machine,
        partition: Option<Arc<str>>,
    ) -> Arc<Self> {
        Arc::new(Self {
            snapshot: Published::empty(),
            core: Mutex::new(Core {
                machine,
                board: Board::new(),
                moves: 0,
            }),
            curious: AtomicBool::new(false),
            taken: Taken::default(),
            power: AtomicU8::new(0),
            clock: grant.clock.clone(),
            partition,
            hub: HubOwner(Arc::default()),
            ring: Ring::default(),
            rechecked: tokio::sync::Mutex::new(None),
            watched: AtomicBool::new(!grant.store_is_shared),
            grant,
        })
    }

    /// Now. Taken before the critical section: clocks and dice are foreign code.
    pub(super) fn now(&self) -> Moment {
        Moment {
            wall: self.clock.wall(),
            monotonic: self.clock.monotonic(),
            chance: (self.grant.dice)(),
        }
    }

    /// Runs `act` in the critical section, and what follows from it outside.
    pub(super) fn step<T>(self: &Arc<Self>, act: impl FnOnce(&mut Machine) -> T) -> T {
        self.through(act, |_, result| result)
    }

    /// A decision, with the cell and the ticket that belong to the same instant.
    pub(super) fn decide(self: &Arc<Self>, act: impl FnOnce(&mut Machine) -> Decision) -> Answer {
        self.through(act, Core::equip)
    }

    /// A look at the machine, or a change that nobody has to hear of yet.
    pub(super) fn quietly<T>(&self, look: impl FnOnce(&mut Machine) -> T) -> T {
        look(&mut self.core().machine)
    }

    fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn through<A, B>(
        self: &Arc<Self>,
        act: impl FnOnce(&mut Machine) -> A,
        complete: impl FnOnce(&mut Core, A) -> B,
    ) -> B {
        let (result, aftermath) = self.enter(act, complete);
        self.follow_up(aftermath);
        result
    }

    /// The one critical section: act, apply the effects, and complete the result by them.
    pub(super) fn enter<A, B>(
        &self,
        act: impl FnOnce(&mut Machine) -> A,
        complete: impl FnOnce(&mut Core, A) -> B,
    ) -> (B, Aftermath) {
        let mut core = self.core();
        let result = act(&mut core.machine);
        let aftermath = self.apply(&mut core);
        (complete(&mut core, result), aftermath)
    }

    /// The part of the effects that belongs into the critical section.
    fn apply(&self, core: &mut Core) -> Aftermath {
        let mut aftermath = Aftermath::default();
        for effect in core.machine.take_effects() {
            match effect {
                Effect::Publish => {
                    let snapshot = core.machine.snapshot();
                    core.board.publish(&self.snapshot, snapshot);
                }
                Effect::Start(flight) => {
                    core.board.join(flight);
                    aftermath.start.push(flight);
                }
                Effect::Wake(flight, verdict) => {
                    aftermath.wake.extend(core.board.end(flight, verdict));
                }
                Effect::Tell(event) => {
                    self.hub.0.note(event.clone());
                    aftermath.told.push(event);
                }
                Effect::Moved(moved) => {
                    core.moves += 1;
                    aftermath.moved.push((core.moves, moved));
                }
                Effect::Chore(chore) => self.grant.desk(|desk| desk.push(chore)),
                Effect::Share(news) => aftermath.news.push(news),
                Effect::Warn(what) => aftermath.warn.push(what),
                Effect::Discard(what) => aftermath.discard.push(what),
            }
        }
        aftermath.work = self
            .grant
            .desk(|desk| !desk.chores.is_empty() && !desk.working);
        let (curious, power) = (core.machine.curious(), core.machine.power());
        self.curious.store(curious, Ordering::Relaxed);
        let power = match power {
            Power::None => 0,
            Power::Endpoint => ENDPOINT,
            Power::OAuth2 => OAUTH2,
        };
        self.power.store(power, Ordering::Relaxed);
        aftermath
    }

    /// Rule I9: wakers, callbacks, spawners and subscribers run with no lock held.
    pub(super) fn follow_up(self: &Arc<Self>, aftermath: Aftermath) {
        if !aftermath.news.is_empty() {
            self.spread(&aftermath.news);
        }
        aftermath.wake.iter().for_each(|cell| cell.wake());
        for id in aftermath.start {
            let task = flight::fly(flight::Guard::new(self.clone(), id));
            self.grant.spawner.spawn(Box::pin(task));
        }
        if aftermath.work {
            self.grant.work();
        }
        aftermath
            .warn
            .iter()
            .for_each(|what| tracing::warn!("session: {what}"));
        self.trace(&aftermath.moved);
        if !aftermath.told.is_empty() {
            self.hub.0.deliver();
        }
    }

    /// One entry and one event for each transition, once nothing is locked.
    fn trace(&self, moved: &[(u64, Moved)]) {
        for (number, moved) in moved {
            let transition = moved.at(self.clock.wall());
            self.ring.push(*number, transition);
            let took = self.ring.lap(&transition, self.clock.monotonic());
            meter::refreshed(&transition, took);
            tracing::debug!(
                target: "perennial::session",
                from = moved.from.as_str(),
                to = moved.to.as_str(),
                why = moved.why,
                flight = moved.flight,
                epoch = moved.epoch,
                generation = moved.generation,
                "transition"
            );
        }
    }

    pub(super) fn read_trace(&self) -> SessionTrace {
        self.ring.read()
    }

    /// The hot path: the token in one load, without a lock, unless something is to be decided.
    ///
    /// `carry` puts it on the request while it is borrowed: counting who holds the snapshot, and
    /// counting back, would cost a fifth of an injection.
    #[inline]
    pub(super) fn serve<E>(
        &self,
        ask: &Ask,
        carry: impl FnOnce(&Credential) -> Result<(), E>,
    ) -> Option<Result<Ticket, E>> {
        let snapshot = self.snapshot.load();
        let snapshot = snapshot.as_ref()?;
        let fresh = match &snapshot.fresh {
            None => true,
            Some(_) if ask.one_shot => false,
            Some(fresh) => {
                let glance = self.clock.glance();
                let now = glance.unwrap_or_else(|| self.clock.monotonic());
                let look = || fresh.wall.is_none_or(|until| self.clock.wall() < until);
                now < fresh.monotonic && snapshot.calendar.says(now, glance.is_some(), look)
            }
        };
        let ready = fresh && self.watched.load(Ordering::Relaxed);
        ready.then(|| carry(&snapshot.credential).map(|()| Ticket::spent(snapshot)))
    }

    pub(super) fn is_curious(&self) -> bool {
        self.curious.load(Ordering::Relaxed)
    }

    pub(super) fn tokens(self: &Arc<Self>) -> Option<Tokens> {
        self.step(|machine| machine.pair().and_then(|pair| pair.tokens()))
    }

    pub(super) fn state(self: &Arc<Self>) -> SessionState {
        let now = self.now();
        self.step(|machine| machine.look(&now))
    }

    /// Asked for each answer, so without a lock.
    pub(super) fn power(&self) -> Power {
        match self.power.load(Ordering::Relaxed) {
            ENDPOINT => Power::Endpoint,
            OAUTH2 => Power::OAuth2,
            _ => Power::None,
        }
    }

    pub(super) fn subscribe(&self) -> Events {
        self.hub.0.subscribe()
    }

    pub(super) fn on_event(&self, callback: impl Fn(&Event) + Send + Sync + 'static) {
        self.hub.0.on_event(callback);
    }
}

impl Core {
    /// Adds what it takes to follow the decision.
    fn equip(&mut self, decision: Decision) -> Answer {
        match decision {
            Decision::Bare => Answer::Bare,
            Decision::Deny(denied) => Answer::Deny(denied),
            Decision::Carry => match self.board.current() {
                Some(snapshot) => Answer::Carry(Ticket::new(snapshot.clone())),
                None => Answer::Deny(Denied::Changed),
            },
            Decision::Park {
                flight,
                then,
                limit,
                epoch,
            } => {
                let cell = self.board.join(flight);
                Answer::Park(Parking {
                    flight,
                    cell,
                    then,
                    limit,
                    epoch,
                })
            }
        }
    }
}
