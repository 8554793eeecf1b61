//! Drives the machine: brings it time and chance, and carries out what it decides.

use super::{
    Ask, Clock, Credential, Denied, Event, Events, Options, Power, Refresher, SessionState,
    Snapshot, Spawner, Ticket, TokenStore,
    cell::Cell,
    events::HubOwner,
    flight,
    machine::{Chore, Decision, Effect, FlightId, Machine, Moment, Then},
    store::SignIn,
};
use crate::Tokens;
use arc_swap::ArcSwapOption;
use std::{
    any::Any,
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
    time::Duration,
};
use tokio::sync::{Notify, Semaphore};

const ENDPOINT: u8 = 1;
const OAUTH2: u8 = 2;

/// What a session is made of.
pub(super) struct Parts {
    pub(super) options: Options,
    pub(super) tokens: Option<Tokens>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) spawner: Arc<dyn Spawner>,
    pub(super) store: Arc<dyn TokenStore>,
    /// Whether others may write to the store.
    pub(super) store_is_shared: bool,
    pub(super) refresher: Option<Arc<dyn Refresher>>,
    pub(super) dice: Arc<dyn Fn() -> u64 + Send + Sync>,
    pub(super) renewable: bool,
}

/// What all clones of a session share.
pub(super) struct Shared {
    snapshot: ArcSwapOption<Snapshot>,
    core: Mutex<Core>,
    /// Whether acceptances are of interest; mirrors [`Machine::curious`].
    curious: AtomicBool,
    /// Mirrors [`Machine::power`].
    power: AtomicU8,
    pub(super) refresher: OnceLock<Arc<dyn Refresher>>,
    /// Whether the token is one that is never renewed.
    pub(super) fixed: bool,
    pub(super) options: Options,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) spawner: Arc<dyn Spawner>,
    pub(super) store: Arc<dyn TokenStore>,
    pub(super) store_is_shared: bool,
    dice: Arc<dyn Fn() -> u64 + Send + Sync>,
    hub: HubOwner,
    /// Places for replays in flight, where their number is limited.
    pub(super) places: Option<Arc<Semaphore>>,
    /// Told whenever a chore or a flight has ended.
    pub(super) calm: Notify,
    /// When the store was last asked while nobody was signed in (rule 8).
    pub(super) rechecked: tokio::sync::Mutex<Option<Duration>>,
    /// Whether the store is watched, or there is nothing to watch.
    pub(super) watched: AtomicBool,
}

/// What the critical section guards. It is short, synchronous, and runs no foreign code.
pub(super) struct Core {
    machine: Machine,
    /// The last snapshot that was published.
    current: Option<Arc<Snapshot>>,
    /// Where those who wait for a flight find its end.
    cells: HashMap<FlightId, Arc<Cell>>,
    pub(super) chores: VecDeque<Chore>,
    /// Whether someone is at the chores.
    pub(super) working: bool,
}

/// A decision with what it takes to follow it.
pub(super) enum Answer {
    Carry(Ticket),
    Bare,
    Deny(Denied),
    Park(Parking),
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
struct Aftermath {
    wake: Vec<Arc<Cell>>,
    start: Vec<FlightId>,
    told: Vec<Event>,
    warn: Vec<&'static str>,
    discard: Vec<Box<dyn Any + Send>>,
    work: bool,
}

impl Shared {
    pub(super) fn new(parts: Parts) -> Arc<Self> {
        let outlives = parts.store.outlives_process();
        let machine = Machine::new(parts.options.clone(), parts.renewable, outlives);
        let core = Core {
            machine,
            current: None,
            cells: HashMap::new(),
            chores: VecDeque::new(),
            working: false,
        };
        let shared = Arc::new(Self {
            snapshot: ArcSwapOption::empty(),
            core: Mutex::new(core),
            curious: AtomicBool::new(false),
            power: AtomicU8::new(0),
            refresher: OnceLock::new(),
            fixed: !parts.renewable,
            places: parts
                .options
                .max_replays
                .map(|places| Arc::new(Semaphore::new(places))),
            options: parts.options,
            clock: parts.clock,
            spawner: parts.spawner,
            store: parts.store,
            store_is_shared: parts.store_is_shared,
            dice: parts.dice,
            hub: HubOwner(Arc::default()),
            calm: Notify::new(),
            rechecked: tokio::sync::Mutex::new(None),
            watched: AtomicBool::new(!parts.store_is_shared),
        });
        if let Some(refresher) = parts.refresher {
            shared.bind(refresher);
        }
        if let Some(tokens) = parts.tokens {
            shared.sign_in(tokens);
        }
        shared
    }

    /// Now. Taken before the critical section: clocks and dice are foreign code.
    pub(super) fn now(&self) -> Moment {
        Moment {
            wall: self.clock.wall(),
            monotonic: self.clock.monotonic(),
            chance: (self.dice)(),
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

    /// A look at what the critical section guards, the machine aside.
    pub(super) fn with_quietly<T>(&self, look: impl FnOnce(&mut Core) -> T) -> T {
        look(&mut self.core.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The one critical section: act, apply the effects, and complete the result by them.
    fn through<A, B>(
        self: &Arc<Self>,
        act: impl FnOnce(&mut Machine) -> A,
        complete: impl FnOnce(&mut Core, A) -> B,
    ) -> B {
        let (result, aftermath) = {
            let mut core = self.core.lock().unwrap_or_else(PoisonError::into_inner);
            let result = act(&mut core.machine);
            let aftermath = self.apply(&mut core);
            (complete(&mut core, result), aftermath)
        };
        self.follow_up(aftermath);
        result
    }

    /// The part of the effects that belongs into the critical section.
    fn apply(&self, core: &mut Core) -> Aftermath {
        let mut aftermath = Aftermath::default();
        for effect in core.machine.take_effects() {
            match effect {
                Effect::Publish => {
                    core.current = core.machine.snapshot().map(Arc::new);
                    self.snapshot.store(core.current.clone());
                }
                Effect::Start(flight) => {
                    core.cells.entry(flight).or_default();
                    aftermath.start.push(flight);
                }
                Effect::Wake(flight, verdict) => {
                    if let Some(cell) = core.cells.remove(&flight) {
                        cell.settle(verdict);
                        aftermath.wake.push(cell);
                    }
                }
                Effect::Tell(event) => {
                    self.hub.0.note(event.clone());
                    aftermath.told.push(event);
                }
                Effect::Chore(chore) => core.chores.push_back(chore),
                Effect::Warn(what) => aftermath.warn.push(what),
                Effect::Discard(what) => aftermath.discard.push(what),
            }
        }
        aftermath.work = !core.chores.is_empty() && !core.working;
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
    fn follow_up(self: &Arc<Self>, aftermath: Aftermath) {
        aftermath.wake.iter().for_each(|cell| cell.wake());
        for id in aftermath.start {
            tracing::debug!(flight = id.0, "session: refresh started");
            self.spawner
                .spawn(Box::pin(flight::fly(flight::Guard::new(self.clone(), id))));
        }
        if aftermath.work {
            self.work();
        }
        aftermath
            .warn
            .iter()
            .for_each(|what| tracing::warn!("session: {what}"));
        aftermath
            .told
            .iter()
            .for_each(|event| tracing::debug!(?event, "session"));
        if !aftermath.told.is_empty() {
            self.hub.0.deliver();
        }
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
                let now = self.clock.monotonic();
                let look = || fresh.wall.is_none_or(|until| self.clock.wall() < until);
                now < fresh.monotonic && snapshot.calendar.says(now, look)
            }
        };
        let ready = fresh && self.watched.load(Ordering::Relaxed);
        ready.then(|| carry(&snapshot.credential).map(|()| Ticket::spent(snapshot)))
    }

    pub(super) fn is_curious(&self) -> bool {
        self.curious.load(Ordering::Relaxed)
    }

    pub(super) fn sign_in(self: &Arc<Self>, tokens: Tokens) {
        let id = u128::from((self.dice)()) << 64 | u128::from((self.dice)());
        let now = self.now();
        self.step(|machine| machine.sign_in(&tokens, SignIn(id), &now));
    }

    pub(super) fn sign_out(self: &Arc<Self>) {
        self.step(Machine::sign_out);
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

    pub(super) fn bind(self: &Arc<Self>, refresher: Arc<dyn Refresher>) {
        let convention = refresher.convention();
        if self.refresher.set(refresher).is_ok() {
            self.step(|machine| machine.bind(convention));
        }
    }
}

impl Core {
    /// Adds what it takes to follow the decision.
    fn equip(&mut self, decision: Decision) -> Answer {
        match decision {
            Decision::Bare => Answer::Bare,
            Decision::Deny(denied) => Answer::Deny(denied),
            Decision::Carry => match &self.current {
                Some(snapshot) => Answer::Carry(Ticket::new(snapshot.clone())),
                None => Answer::Deny(Denied::Changed),
            },
            Decision::Park {
                flight,
                then,
                limit,
                epoch,
            } => {
                let cell = self.cells.entry(flight).or_default().clone();
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
