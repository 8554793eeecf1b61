//! One thread, a clock of its own, and chance: which task goes on next is drawn from a seed.

use crate::session::{BoxFuture, Clock, Spawner};
use std::{
    collections::{BTreeMap, BTreeSet},
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Wake, Waker},
    time::{Duration, SystemTime},
};

/// Runs tasks in an order that its seed decides. Clones are one executor.
#[derive(Clone)]
pub(super) struct Executor(Arc<Mutex<Inner>>);

struct Inner {
    dice: Dice,
    now: Duration,
    tasks: BTreeMap<usize, Task>,
    begun: usize,
    ready: BTreeSet<usize>,
    sleepers: Vec<(Duration, Waker)>,
    odds: Odds,
    dropped: usize,
    calm: bool,
    story: Vec<String>,
}

/// No schedule here has a hundredth of these steps.
const ENDLESS: usize = 100_000;

struct Task {
    /// None while it runs.
    future: Option<BoxFuture<'static, ()>>,
    kind: Kind,
}

/// What may happen to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It runs to its end.
    Person,
    /// Someone may lose interest.
    Caller,
    /// A session's own task: its runtime may be shut down.
    Own,
}

/// How often, in a thousand steps, something happens that is nobody's turn.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Odds {
    pub(super) cancelled: u64,
    pub(super) shut_down: u64,
    /// Time passes, up to the next alarm, though there is something to do.
    pub(super) pause: u64,
}

/// Splitmix64: small, seeded, and good enough to shuffle by.
#[derive(Clone, Copy)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.roll() % bound.max(1) as u64) as usize
    }

    fn hits(&mut self, in_a_thousand: u64) -> bool {
        in_a_thousand > 0 && self.roll() % 1000 < in_a_thousand
    }
}

impl Executor {
    pub(super) fn new(seed: u64, odds: Odds) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            dice: Dice::new(seed),
            now: Duration::from_secs(1),
            tasks: BTreeMap::new(),
            begun: 0,
            ready: BTreeSet::new(),
            sleepers: Vec::new(),
            odds,
            dropped: 0,
            calm: false,
            story: Vec::new(),
        })))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn start(&self, kind: Kind, task: impl Future<Output = ()> + Send + 'static) {
        self.adopt(kind, Box::pin(task));
    }

    fn adopt(&self, kind: Kind, task: BoxFuture<'static, ()>) {
        let mut inner = self.lock();
        let id = inner.begun;
        inner.begun += 1;
        let future = Some(task);
        inner.tasks.insert(id, Task { future, kind });
        inner.ready.insert(id);
    }

    pub(super) fn roll(&self) -> u64 {
        self.lock().dice.roll()
    }

    pub(super) fn below(&self, bound: usize) -> usize {
        self.lock().dice.below(bound)
    }

    /// A line for whoever looks at one schedule.
    pub(super) fn note(&self, what: impl FnOnce() -> String) {
        let mut inner = self.lock();
        let now = inner.now;
        inner
            .story
            .push(format!("{:>8.3} s: {}", now.as_secs_f64(), what()));
    }

    pub(super) fn story(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().story)
    }

    /// Whether something that happens so often in a hundred times happens now.
    pub(super) fn bad_luck(&self, in_a_hundred: usize) -> bool {
        self.below(100) < in_a_hundred && !self.lock().calm
    }

    /// How many of the sessions' own tasks were dropped.
    pub(super) fn dropped(&self) -> usize {
        self.lock().dropped
    }

    /// From now on everybody does what they should.
    pub(super) fn calm_down(&self) {
        let mut inner = self.lock();
        inner.odds = Odds::default();
        inner.calm = true;
    }

    /// Lets others go first, some times or none.
    pub(super) async fn dawdle(&self) {
        let mut times = self.below(3);
        poll_fn(|context| {
            if times == 0 {
                return Poll::Ready(());
            }
            times -= 1;
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    /// Runs until all tasks have ended but those that wait for each other or for an event that
    /// will not come; answers how many callers and persons are left. Time passes when nothing
    /// else can happen.
    pub(super) fn run(&self) -> usize {
        let mut steps = 0;
        loop {
            steps += 1;
            assert!(steps < ENDLESS, "the tasks go round in circles");
            let Some(next) = self.next() else {
                let alarms = self.advance();
                if alarms {
                    continue;
                }
                let left = |task: &&Task| task.kind != Kind::Own;
                return self.lock().tasks.values().filter(left).count();
            };
            self.poll(next);
        }
    }

    /// Whose turn it is, after whatever was nobody's.
    fn next(&self) -> Option<usize> {
        let (pause, doomed) = {
            let mut inner = self.lock();
            let odds = inner.odds;
            (inner.dice.hits(odds.pause), inner.doomed(odds))
        };
        // What a task owns may call back as it goes: not under the lock.
        drop(doomed);
        if pause {
            self.advance();
        }
        let mut inner = self.lock();
        let ready = inner.ready.len();
        let which = inner.dice.below(ready);
        inner.ready.iter().nth(which).copied()
    }

    fn poll(&self, id: usize) {
        let future = {
            let mut inner = self.lock();
            inner.ready.remove(&id);
            inner.tasks.get_mut(&id).and_then(|task| task.future.take())
        };
        let Some(mut future) = future else { return };
        let waker = Waker::from(Arc::new(Alarm {
            executor: self.clone(),
            task: id,
        }));
        let mut context = Context::from_waker(&waker);
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut context)));
        let pending = matches!(polled, Ok(Poll::Pending));
        {
            let mut inner = self.lock();
            if !pending {
                inner.tasks.remove(&id);
                inner.ready.remove(&id);
            } else if let Some(task) = inner.tasks.get_mut(&id) {
                task.future = Some(future);
                return;
            }
        }
        drop(future);
        if let Err(panic) = polled {
            std::panic::resume_unwind(panic);
        }
    }

    /// Time passes up to the next alarm; false if there is none.
    fn advance(&self) -> bool {
        let due = {
            let mut inner = self.lock();
            let Some(next) = inner.sleepers.iter().map(|(at, _)| *at).min() else {
                return false;
            };
            inner.now = inner.now.max(next);
            let now = inner.now;
            let (due, later) = std::mem::take(&mut inner.sleepers)
                .into_iter()
                .partition::<Vec<_>, _>(|(at, _)| *at <= now);
            inner.sleepers = later;
            due
        };
        due.into_iter().for_each(|(_, waker)| waker.wake());
        true
    }
}

impl Inner {
    /// A task whose time has come before its end.
    fn doomed(&mut self, odds: Odds) -> Option<Task> {
        let kind = if self.dice.hits(odds.cancelled) {
            Kind::Caller
        } else if self.dice.hits(odds.shut_down) {
            Kind::Own
        } else {
            return None;
        };
        let of_kind: Vec<usize> = self
            .tasks
            .iter()
            .filter(|(_, task)| task.kind == kind && task.future.is_some())
            .map(|(id, _)| *id)
            .collect();
        let which = self.dice.below(of_kind.len());
        let id = *of_kind.get(which)?;
        self.ready.remove(&id);
        self.dropped += usize::from(kind == Kind::Own);
        self.tasks.remove(&id)
    }
}

struct Alarm {
    executor: Executor,
    task: usize,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        let mut inner = self.executor.lock();
        if inner.tasks.contains_key(&self.task) {
            inner.ready.insert(self.task);
        }
    }
}

impl Spawner for Executor {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        self.adopt(Kind::Own, task);
    }
}

impl Clock for Executor {
    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000) + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        self.lock().now
    }

    fn sleep_until(&self, moment: Duration) -> BoxFuture<'static, ()> {
        let executor = self.clone();
        Box::pin(poll_fn(move |context| {
            let mut inner = executor.lock();
            if inner.now >= moment {
                return Poll::Ready(());
            }
            // An alarm for never is none.
            if moment < Duration::from_secs(1 << 40) {
                inner.sleepers.push((moment, context.waker().clone()));
            }
            Poll::Pending
        }))
    }
}
