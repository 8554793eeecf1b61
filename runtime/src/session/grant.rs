//! What the partitions of one sign-in share: the store, what is to be written to it, the way to
//! renew tokens, and who they are.
//!
//! Each partition is a machine of its own over the grant's store, as another process would be:
//! the store's lock puts their refreshes in order. What another process would only see in the
//! store they are told at once: who signs in and out, and that the refresh token was spent.

use super::{
    Clock, Convention, Options, Refresher, Spawner, StoreError, TokenStore,
    machine::{Chore, Machine, News},
    race::{First, race},
    shell::Shared,
    store::SignIn,
};
use crate::Tokens;
use std::{
    collections::VecDeque,
    future::Future,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak},
    time::Duration,
};
use tokio::sync::{Notify, Semaphore};

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

/// What all partitions share.
pub(super) struct Grant {
    refresher: OnceLock<(Arc<dyn Refresher>, Convention)>,
    /// Whether the token is one that is never renewed.
    pub(super) fixed: bool,
    pub(super) options: Options,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) spawner: Arc<dyn Spawner>,
    pub(super) store: Arc<dyn TokenStore>,
    pub(super) store_is_shared: bool,
    pub(super) dice: Arc<dyn Fn() -> u64 + Send + Sync>,
    /// Places for replays in flight, where their number is limited.
    pub(super) places: Option<Arc<Semaphore>>,
    /// Told whenever a chore or a flight has ended.
    pub(super) calm: Notify,
    desk: Mutex<Desk>,
    /// Locked before a member's core and before the desk, never after.
    members: Mutex<Vec<Weak<Shared>>>,
}

/// What is to be written to the store, in order, whichever partition it comes from.
#[derive(Default)]
pub(super) struct Desk {
    pub(super) chores: VecDeque<Chore>,
    /// Whether someone is at the chores.
    pub(super) working: bool,
    /// Whether someone is signing in or out.
    turning: bool,
    /// Why the last attempt to write failed, if it did.
    pub(super) failure: Option<StoreError>,
    /// Grows with whatever makes an earlier look into the store worthless.
    edition: u64,
}

impl Desk {
    pub(super) fn push(&mut self, chore: Chore) {
        // Each partition that signs out asks for it.
        let known = |last: &Chore| match (last, &chore) {
            (
                Chore::Clear { sign_in, only },
                Chore::Clear {
                    sign_in: other,
                    only: part,
                },
            ) => sign_in == other && only == part,
            _ => false,
        };
        if !self.chores.back().is_some_and(known) {
            self.edition += 1;
            self.chores.push_back(chore);
        }
    }

    /// What [`Desk::edition`] is, unless what this process has yet to write is newer than what
    /// it would read.
    pub(super) fn idle(&self) -> Option<u64> {
        (self.chores.is_empty() && !self.turning).then_some(self.edition)
    }
}

impl Grant {
    /// The session itself: the partition without a name.
    pub(super) fn begin(parts: Parts) -> Arc<Shared> {
        let outlives = parts.store.outlives_process();
        let machine = Machine::new(parts.options.clone(), parts.renewable, outlives);
        let places = parts.options.max_replays;
        let grant = Arc::new(Self {
            refresher: OnceLock::new(),
            fixed: !parts.renewable,
            places: places.map(|places| Arc::new(Semaphore::new(places))),
            options: parts.options,
            clock: parts.clock,
            spawner: parts.spawner,
            store: parts.store,
            store_is_shared: parts.store_is_shared,
            dice: parts.dice,
            calm: Notify::new(),
            desk: Mutex::default(),
            members: Mutex::default(),
        });
        let session = Shared::new(grant.clone(), machine, None);
        grant.members().push(Arc::downgrade(&session));
        if let Some(refresher) = parts.refresher {
            grant.bind(refresher);
        }
        if let Some(tokens) = parts.tokens {
            session.sign_in(&tokens);
        }
        session
    }

    fn members(&self) -> MutexGuard<'_, Vec<Weak<Shared>>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A look at the chores. May be taken with a member's core locked.
    pub(super) fn desk<T>(&self, look: impl FnOnce(&mut Desk) -> T) -> T {
        look(&mut self.desk.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// All members that someone holds still.
    fn present(&self) -> Vec<Arc<Shared>> {
        self.members().iter().filter_map(Weak::upgrade).collect()
    }

    /// Gives the grant its way to renew tokens; the first one given stays.
    pub(super) fn bind(&self, refresher: Arc<dyn Refresher>) {
        let convention = refresher.convention();
        if self.refresher.set((refresher, convention)).is_ok() {
            for member in self.present() {
                member.step(|machine| machine.bind(convention));
            }
        }
    }

    pub(super) fn refresher(&self) -> Option<&Arc<dyn Refresher>> {
        self.refresher.get().map(|(refresher, _)| refresher)
    }

    /// What `future` gives by then, if it does.
    pub(super) async fn by<T>(
        &self,
        until: Duration,
        future: impl Future<Output = T>,
    ) -> Option<T> {
        let alarm = pin!(self.clock.sleep_until(until));
        match race(pin!(future), alarm).await {
            First::Left(output) => Some(output),
            First::Right(()) => None,
        }
    }

    /// What the store answers by then, or that it does not.
    pub(super) async fn answer<T>(
        &self,
        until: Duration,
        answer: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let silent = || Err(StoreError::silent(self.options.persist_timeout));
        self.by(until, answer).await.unwrap_or_else(silent)
    }
}

impl Shared {
    /// The partition of that name: the one that is there, or a new one that starts with what
    /// this one knows of the grant.
    pub(super) fn partition(self: &Arc<Self>, name: Arc<str>) -> Arc<Self> {
        let grant = &self.grant;
        // Dropped after the guard: whoever drops the last handle of a session wakes its receivers.
        let present: Vec<Arc<Self>>;
        let mut members = grant.members();
        members.retain(|member| member.strong_count() > 0);
        present = members.iter().filter_map(Weak::upgrade).collect();
        let known = |member: &&Arc<Self>| member.partition.as_ref() == Some(&name);
        if let Some(known) = present.iter().find(known) {
            return known.clone();
        }
        let machine = self.quietly(|machine| machine.split(name.clone()));
        let member = Self::new(grant.clone(), machine, Some(name));
        members.push(Arc::downgrade(&member));
        // Whoever binds a refresher from now on finds the new member among the others.
        if let Some((_, convention)) = grant.refresher.get() {
            member.quietly(|machine| machine.bind(*convention));
        }
        drop(members);
        member.step(|_| ());
        member
    }

    /// Rule 6, for all partitions: everyone's epoch ends before anything is written or told.
    pub(super) fn sign_in(self: &Arc<Self>, tokens: &Tokens) {
        let dice = || u128::from((self.grant.dice)());
        let (id, now) = (SignIn(dice() << 64 | dice()), self.now());
        self.together(|machine, mine| match mine {
            true => machine.sign_in(tokens, id, &now),
            false => machine.follow_sign_in(tokens, id, &now),
        });
    }

    pub(super) fn sign_out(self: &Arc<Self>) {
        self.together(|machine, _| machine.sign_out());
    }

    /// What concerns all partitions at once, this one marked. It is done in one go, so that two
    /// who sign in at the same moment leave all partitions with the same account.
    fn together(self: &Arc<Self>, act: impl Fn(&mut Machine, bool)) {
        let acted: Vec<_> = {
            let members = self.grant.members();
            self.grant.desk(|desk| desk.turning = true);
            let present = members.iter().filter_map(Weak::upgrade);
            let acted = present
                .map(|member| {
                    let mine = Arc::ptr_eq(&member, self);
                    let (_, aftermath) = member.enter(|machine| act(machine, mine), |_, ()| ());
                    (member, aftermath)
                })
                .collect();
            self.grant.desk(|desk| {
                desk.turning = false;
                desk.edition += 1;
            });
            acted
        };
        // Rule I9: what follows runs foreign code.
        for (member, aftermath) in acted {
            member.follow_up(aftermath);
        }
    }

    /// Tells the other partitions what this one has learned of the grant.
    pub(super) fn spread(self: &Arc<Self>, news: &[News]) {
        let others = self.grant.present();
        for other in others.iter().filter(|other| !Arc::ptr_eq(other, self)) {
            other.step(|machine| news.iter().for_each(|news| machine.hear(news)));
        }
    }

    /// Rule 9: no flight in any partition, nothing left to write, and no lock left to give back.
    pub(super) async fn close(self: &Arc<Self>) {
        for member in self.grant.present() {
            member.idle().await;
        }
        self.grant.finish().await;
    }
}
