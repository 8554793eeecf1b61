//! The shell under thousands of schedules: which task goes on next, who goes away, which answer is
//! lost is drawn from a seed, so that a failure can be seen again.
//!
//! ```sh
//! PERENNIAL_SEED=7 cargo test -p perennial --lib schedules -- --nocapture
//! ```
//!
//! Tasks change places where they wait, and the store and the server let others go first at will;
//! what happens between threads inside the critical section is loom's (`tests/schedules`).

mod caller;
mod executor;
mod server;
mod store;

use super::super::{
    Clock, Denied, MemoryStore, Session, SessionState,
    tests::schedules::{
        caller::{Ended, call},
        executor::{Executor, Kind, Odds},
        server::Server,
        store::Slow,
    },
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{Arc, Mutex},
    time::Duration,
};

/// What a run has in it.
#[derive(Clone, Copy, Default)]
struct Plan {
    sessions: usize,
    calls: usize,
    /// How many times all access tokens end.
    expiries: usize,
    sign_outs: usize,
    sign_ins: usize,
    /// Of a hundred answers to refreshes.
    lost: usize,
    /// Of a hundred operations of the store.
    failing: usize,
    odds: Odds,
}

struct Run {
    plan: Plan,
    executor: Executor,
    server: Server,
    store: Slow,
    sessions: Vec<Session>,
    ended: Arc<Mutex<Vec<(usize, Ended)>>>,
}

impl Run {
    fn new(executor: &Executor, plan: Plan) -> Self {
        let executor = executor.clone();
        let server = Server::new(&executor, plan.lost);
        let mut run = Self {
            plan,
            store: Slow {
                inner: MemoryStore::with_clock(executor.clone()),
                executor: executor.clone(),
                fails: plan.failing,
            },
            executor,
            server,
            sessions: Vec::new(),
            ended: Arc::default(),
        };
        let first = run.open(Some(run.server.sign_in(true)));
        run.sessions.push(first);
        run.executor.start(Kind::Person, {
            let session = run.sessions[0].clone();
            async move { session.close().await }
        });
        assert_eq!(run.executor.run(), 0, "the first sign-in is never written");
        for _ in 1..plan.sessions {
            let session = run.open(None);
            run.sessions.push(session);
        }
        run
    }

    fn open(&self, tokens: Option<crate::Tokens>) -> Session {
        let dice = self.executor.clone();
        let mut builder = Session::builder()
            .store(self.store.clone())
            .clock(self.executor.clone())
            .spawner(self.executor.clone())
            .randomness(move || dice.roll())
            .storm_window(1000, Duration::from_secs(1))
            .refresh_with(self.server.clone());
        if let Some(tokens) = tokens {
            builder = builder.tokens(tokens);
        }
        let session = builder.build().expect("a session");
        // I9: whoever is told of an event may use the session.
        let own = session.clone();
        let (executor, number) = (self.executor.clone(), self.sessions.len());
        session.on_event(move |event| {
            let held = own
                .tokens()
                .map(|tokens| tokens.access().expose().to_owned());
            let state = own.state();
            executor.note(|| format!("session {number}: {event:?}, {held:?}, {state:?}"));
        });
        session
    }

    /// Everybody at once, in whatever order.
    fn go(&self) {
        let some = |run: &Self| {
            let which = run.executor.below(run.sessions.len());
            (which, run.sessions[which].clone())
        };
        for _ in 0..self.plan.calls {
            self.calls(some(self).0, self.executor.below(3));
        }
        for _ in 0..self.plan.expiries {
            let server = self.server.clone();
            self.person(
                || "all access tokens end".to_owned(),
                move || server.expire(),
            );
        }
        for _ in 0..self.plan.sign_outs {
            let (which, session) = some(self);
            let what = move || format!("someone signs out of session {which}");
            self.person(what, move || session.sign_out());
        }
        for _ in 0..self.plan.sign_ins {
            let ((which, session), server) = (some(self), self.server.clone());
            let what = move || format!("someone else signs in to session {which}");
            self.person(what, move || session.sign_in(server.sign_in(false)));
        }
        let left = self.executor.run();
        assert_eq!(left, 0, "I3: calls wait for ever");
    }

    fn calls(&self, which: usize, endpoint: usize) {
        let session = self.sessions[which].clone();
        let (server, executor) = (self.server.clone(), self.executor.clone());
        let ended = self.ended.clone();
        self.executor.start(Kind::Caller, async move {
            later(&executor).await;
            let end = call(session, server, executor, endpoint).await;
            ended.lock().expect("a list").push((which, end));
        });
    }

    fn person(
        &self,
        what: impl FnOnce() -> String + Send + 'static,
        act: impl FnOnce() + Send + 'static,
    ) {
        let executor = self.executor.clone();
        self.executor.start(Kind::Person, async move {
            later(&executor).await;
            executor.note(what);
            act();
        });
    }

    /// Whether a token may have been spent for nothing, or presented too soon, in this run.
    fn doubtful(&self) -> bool {
        let lost = self.server.look().lost > 0;
        lost || self.executor.dropped() > 0 || self.plan.failing > 0 || self.plan.odds.pause > 0
    }

    fn check_calls(&self) {
        let changes = self.plan.sign_ins + self.plan.sign_outs > 0;
        for (_, end) in self.ended.lock().expect("a list").iter() {
            assert!(end.sends <= 2, "I4: {end:?}");
            assert!(!end.mixed, "I6: {end:?}");
            let right = match &end.result {
                Ok(()) => true,
                Err(Denied::Refresh(_)) => self.doubtful(),
                Err(Denied::Changed) => changes,
                Err(Denied::Expired(_)) => changes || self.doubtful(),
                // A token that ended between the replay's sending and its arrival.
                Err(Denied::Unauthorized { .. }) => {
                    self.plan.expiries > 0 || changes || self.doubtful()
                }
            };
            assert!(right, "I7: {end:?}");
            let text = format!("{end:?}");
            assert!(
                !text.contains("A0-") && !text.contains("R0-"),
                "I10: {text}"
            );
        }
        if !self.doubtful() {
            let server = self.server.look();
            assert_eq!(server.collisions, 0, "I1: two refreshes at once");
            let dead = server.users.iter().any(|user| user.dead);
            assert!(!dead, "I2: a spent token was presented");
        }
    }

    /// Once all is quiet: the sessions agree with the store and with each other, and go on.
    fn check_rest(&self) {
        self.executor.calm_down();
        for session in &self.sessions {
            let session = session.clone();
            let executor = self.executor.clone();
            self.executor.start(Kind::Person, async move {
                // Past every backoff, and every lease of someone who is gone.
                let then = executor.monotonic() + Duration::from_secs(120);
                executor.sleep_until(then).await;
                session.close().await;
            });
        }
        assert_eq!(self.executor.run(), 0, "`close` waits for ever");
        // The first call may find that another account is signed in by now.
        let mut before = 0;
        for _ in 0..2 {
            before = self.ended.lock().expect("a list").len();
            for which in 0..self.sessions.len() {
                // An endpoint that has refused nothing yet.
                self.calls(which, 9);
            }
            assert_eq!(self.executor.run(), 0, "I3: calls wait for ever");
        }
        let held = self.sessions.iter().map(|session| {
            let tokens = session.tokens();
            tokens.map(|tokens| tokens.access().expose().to_owned())
        });
        let held: Vec<_> = held.collect();
        let same = held.iter().all(|token| *token == held[0]);
        assert!(
            same || self.doubtful(),
            "rule 8: the sessions differ: {held:?}"
        );
        let ended = self.ended.lock().expect("a list");
        let dead = self.server.look().users.iter().any(|user| user.dead);
        for (which, end) in &ended[before..] {
            let session = &self.sessions[*which];
            let out = matches!(
                session.state(),
                SessionState::SignedOut | SessionState::Expired { .. }
            );
            let right = end.result.is_ok() || out || dead;
            assert!(right, "the session does not recover: {end:?}, {session:?}");
            let someone = self.plan.sign_outs > 0 || dead;
            assert!(!out || someone, "I7: nobody ended {session:?}");
        }
    }
}

/// Some seconds, or none.
async fn later(executor: &Executor) {
    let span = Duration::from_millis(executor.below(6000) as u64);
    let then = executor.monotonic() + span;
    if executor.below(3) > 0 {
        executor.sleep_until(then).await;
    }
}

fn run(executor: &Executor, plan: Plan) -> usize {
    let run = Run::new(executor, plan);
    run.go();
    run.check_calls();
    run.check_rest();
    run.server.look().posts
}

/// So many schedules of `plan`, or the one whose seed is wanted.
fn schedules(name: &str, plan: Plan) {
    let number = |name| {
        std::env::var(name)
            .ok()
            .and_then(|value| value.parse::<u64>().ok())
    };
    let seeds = match number("PERENNIAL_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("PERENNIAL_SCHEDULES").unwrap_or(150),
    };
    let count = seeds.end - seeds.start;
    let mut posts = 0;
    for seed in seeds {
        let executor = Executor::new(seed, plan.odds);
        match catch_unwind(AssertUnwindSafe(|| run(&executor, plan))) {
            Ok(its) => posts += its,
            Err(panic) => {
                for line in executor.story() {
                    eprintln!("{line}");
                }
                eprintln!("schedule {seed} of `{name}` fails; see it again:");
                eprintln!("PERENNIAL_SEED={seed} cargo test -p perennial --lib schedules::{name}");
                resume_unwind(panic);
            }
        }
    }
    println!("{count:>8} schedules, {posts:>8} refreshes: {name}");
}

const PLAIN: Plan = Plan {
    sessions: 1,
    calls: 12,
    expiries: 2,
    sign_outs: 0,
    sign_ins: 0,
    lost: 0,
    failing: 0,
    odds: Odds {
        cancelled: 0,
        shut_down: 0,
        pause: 0,
    },
};

#[test]
fn many_callers_of_one_session() {
    schedules("many_callers_of_one_session", PLAIN);
}

#[test]
fn callers_that_go_away() {
    let odds = Odds {
        cancelled: 20,
        ..PLAIN.odds
    };
    schedules("callers_that_go_away", Plan { odds, ..PLAIN });
}

#[test]
fn two_sessions_over_one_store() {
    schedules(
        "two_sessions_over_one_store",
        Plan {
            sessions: 2,
            ..PLAIN
        },
    );
}

#[test]
fn people_who_sign_out_and_in() {
    let plan = Plan {
        sessions: 2,
        sign_outs: 1,
        sign_ins: 2,
        ..PLAIN
    };
    schedules("people_who_sign_out_and_in", plan);
}

#[test]
fn everything_that_goes_wrong() {
    let plan = Plan {
        sessions: 2,
        sign_outs: 1,
        sign_ins: 1,
        lost: 20,
        failing: 5,
        odds: Odds {
            cancelled: 10,
            shut_down: 5,
            pause: 20,
        },
        ..PLAIN
    };
    schedules("everything_that_goes_wrong", plan);
}
