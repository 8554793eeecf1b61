//! Processes that share a session and are killed at random, against a server that revokes on reuse.

use crate::{
    peer::{Peer, say, session},
    place::{Place, handle},
    shop::{ShopClient, outcome},
};
use perennial::testing::{Backend, Record, Verdict};
use perennial::{Reuse, Session};
use std::{
    collections::HashSet,
    fmt,
    path::Path,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};
use tokio::time::{sleep, timeout};

/// How many processes share the session.
const WORKERS: usize = 3;
/// No process may be without a served call for so long: far more than a dead one's lease and marker.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program: `peers work BACKEND STORE` calls on and on, four at a time.
///
/// # Panics
/// When there is no runtime to be had.
pub fn work(backend: &str, store: &str) {
    static SERVED: AtomicUsize = AtomicUsize::new(0);
    let runtime = crate::peer::runtime();
    let session = session(handle(store), Reuse::LastResort);
    let shop = ShopClient::builder()
        .base_url(backend)
        .session(session)
        .build()
        .expect("the client can be built");
    say("ready");
    for _ in 0..4 {
        let shop = shop.clone();
        runtime.spawn(async move {
            loop {
                let said = outcome(&shop.item(1).await);
                if said == "ok" {
                    SERVED.fetch_add(1, Ordering::Relaxed);
                    sleep(Duration::from_millis(5)).await;
                } else {
                    say(&said);
                    sleep(Duration::from_millis(50)).await;
                }
            }
        });
    }
    runtime.spawn(async {
        loop {
            sleep(Duration::from_millis(200)).await;
            say(&format!("served {}", SERVED.load(Ordering::Relaxed)));
        }
    });
    // It ends with whoever started it.
    std::io::stdin()
        .lines()
        .map_while(Result::ok)
        .for_each(drop);
    std::process::exit(0);
}

/// What a soak saw.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Refresh tokens that were exchanged.
    pub refreshes: usize,
    /// Refresh tokens that were presented, spent ones included.
    pub presentations: usize,
    /// Processes that were killed.
    pub kills: usize,
    /// Calls that were served.
    pub served: usize,
    /// Families that died because a process was killed between the answer and its persist.
    pub revoked_by_a_kill: usize,
    /// Families that died for any other reason: there must be none.
    pub revoked_otherwise: usize,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} refreshes, {} presentations, {} calls served, {} processes killed; families \
             revoked: {} (killed between an answer and its persist), {} (otherwise)",
            self.refreshes,
            self.presentations,
            self.served,
            self.kills,
            self.revoked_by_a_kill,
            self.revoked_otherwise
        )
    }
}

/// Lets processes of `program` share `place` for a time, and kills them at random moments.
///
/// # Panics
/// When a process hangs, or the session is lost in another way than the protocol admits.
pub async fn soak(program: &Path, place: &Place, time: Duration, seed: u64) -> Report {
    let mut soak = Soak::begin(program, place, seed).await;
    let end = Instant::now() + time;
    while Instant::now() < end {
        soak.backend.expire_all();
        soak.one_moment().await;
        if soak.chance(3) == 0 {
            soak.kill_one().await;
        }
        soak.listen().await;
    }
    soak.end().await
}

struct Soak<'a> {
    backend: Backend,
    place: &'a Place,
    program: &'a Path,
    workers: Vec<Worker>,
    dice: u64,
    /// Tokens whose successor was lost with a process that was killed.
    lost: HashSet<String>,
    report: Report,
    /// How many of the ledger's presentations were looked at.
    judged: usize,
}

struct Worker {
    peer: Peer,
    served: usize,
    last: Instant,
}

impl<'a> Soak<'a> {
    async fn begin(program: &'a Path, place: &'a Place, seed: u64) -> Self {
        let mut soak = Self {
            backend: Backend::start(),
            place,
            program,
            workers: Vec::new(),
            dice: seed | 1,
            lost: HashSet::new(),
            report: Report::default(),
            judged: 0,
        };
        soak.sign_in().await;
        for _ in 0..WORKERS {
            let worker = soak.worker();
            soak.workers.push(worker);
        }
        soak
    }

    async fn sign_in(&self) {
        let session = Session::builder()
            .store(self.place.handle())
            .tokens(self.backend.sign_in("ada"))
            .build();
        session.expect("the options fit together").close().await;
    }

    fn worker(&self) -> Worker {
        let mut command = Command::new(self.program);
        command.args(["work", &self.backend.url(), &self.place.address()]);
        Worker {
            peer: Peer::spawn(command),
            served: 0,
            last: Instant::now(),
        }
    }

    /// xorshift: the same seed makes the same choices, though not the same moments.
    fn chance(&mut self, of: u64) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        self.dice % of
    }

    /// A while, or until a token has just been exchanged.
    async fn one_moment(&mut self) {
        let a_while = Duration::from_millis(50 + self.chance(300));
        let before = self.backend.ledger().look(|seen| seen.rotations.len());
        if self.chance(2) == 0 {
            let exchanged = |seen: &Record| seen.rotations.len() > before;
            let ledger = self.backend.ledger();
            drop(timeout(a_while, ledger.wait_for("an exchange", exchanged)).await);
        } else {
            sleep(a_while).await;
        }
    }

    async fn kill_one(&mut self) {
        let victim = self.chance(WORKERS as u64) as usize;
        self.workers[victim].peer.kill();
        self.report.kills += 1;
        self.report.served += self.workers[victim].served;
        // What is stored was exchanged already: its successor may have died with the process.
        let content = self.place.content().await;
        let stored =
            content.and_then(|content| Some(content["refresh_token"].as_str()?.to_owned()));
        let spent = self.backend.ledger().look(|seen| {
            let spent = |token: &String| seen.rotations.iter().any(|one| one.spent == *token);
            stored.filter(spent)
        });
        self.lost.extend(spent);
        self.workers[victim] = self.worker();
    }

    /// Hears what the processes say, and what the server thinks.
    async fn listen(&mut self) {
        let mut over = false;
        for worker in &mut self.workers {
            for line in worker.peer.drain() {
                over |= line.starts_with("over");
                let served = line.strip_prefix("served ").and_then(|n| n.parse().ok());
                if let Some(served) = served.filter(|served| *served > worker.served) {
                    worker.served = served;
                    worker.last = Instant::now();
                }
            }
            let idle = worker.last.elapsed();
            assert!(
                idle < PATIENCE,
                "a process hangs: nothing served for {idle:?}"
            );
        }
        let died = self.judge();
        // A family that is dead is signed in anew, as a person would; all processes see it.
        if died {
            self.sign_in().await;
            self.workers
                .iter_mut()
                .for_each(|worker| worker.last = Instant::now());
        } else if over {
            let stored = self.place.content().await;
            assert!(stored.is_some(), "a sign-in is lost whose family is alive");
        }
    }

    /// Whether a family died since the last look, and why.
    fn judge(&mut self) -> bool {
        let seen = self.backend.ledger().read();
        let new = &seen.presentations[self.judged..];
        self.judged = seen.presentations.len();
        let mut died = false;
        for one in new.iter().filter(|one| one.verdict == Verdict::Reused) {
            died = true;
            match self.lost.contains(&one.token) {
                true => self.report.revoked_by_a_kill += 1,
                false => self.report.revoked_otherwise += 1,
            }
        }
        died
    }

    async fn end(mut self) -> Report {
        // Whatever was killed last: each process is served once more.
        self.listen().await;
        let before: Vec<_> = self.workers.iter().map(|worker| worker.served).collect();
        while self
            .workers
            .iter()
            .zip(&before)
            .any(|(worker, before)| worker.served <= *before)
        {
            sleep(Duration::from_millis(50)).await;
            self.listen().await;
        }
        let seen = self.backend.ledger().read();
        let mut report = self.report;
        report.refreshes = seen.rotations.len();
        report.presentations = seen.presentations.len();
        report.served += self
            .workers
            .iter()
            .map(|worker| worker.served)
            .sum::<usize>();
        assert_eq!(report.revoked_otherwise, 0, "{report}");
        report
    }
}
