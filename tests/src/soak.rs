//! Processes that share a session and are killed at random, against a server that revokes on reuse.

use crate::{
    hosts::{HOSTS, Links},
    peer::{Peer, say, session},
    place::{Place, handle},
    shop::{ShopClient, outcome},
};
use perennial::testing::{Backend, Record, Request, Verdict};
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
const WORKERS: usize = HOSTS;
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
    /// Hosts that were cut off for a while.
    pub cuts: usize,
    /// Calls that were served.
    pub served: usize,
    /// Families that died because a process was killed, or a host cut off, between the answer and
    /// its persist.
    pub revoked_by_a_kill: usize,
    /// Families that died for any other reason: there must be none.
    pub revoked_otherwise: usize,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} refreshes, {} presentations, {} calls served, {} processes killed, {} hosts cut \
             off; families revoked: {} (killed or cut off between an answer and its persist), {} (otherwise)",
            self.refreshes,
            self.presentations,
            self.served,
            self.kills,
            self.cuts,
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
    let mut soak = Soak::begin(Backend::start(), program, place, seed, None).await;
    let end = Instant::now() + time;
    while Instant::now() < end {
        soak.expire();
        soak.one_moment().await;
        if soak.chance(3) == 0 {
            soak.kill_one().await;
        }
        soak.listen().await;
    }
    soak.end().await
}

/// Lets a process on each of the hosts share `place`, and cuts one after the other off for a while.
/// Runs at the hub, on whose loopback the place's server is at `port`.
///
/// # Panics
/// When a process hangs that is not cut off, or the session is lost in another way than the
/// protocol admits.
pub async fn soak_hosts(
    hub: &str,
    program: &Path,
    (place, port): (&Place, u16),
    time: Duration,
    seed: u64,
) -> Report {
    let backend = Backend::start();
    let links = Links::new(hub, program, &[backend.port(), port]).await;
    let mut soak = Soak::begin(backend, program, place, seed, Some(links)).await;
    let end = Instant::now() + time;
    while Instant::now() < end {
        let host = soak.chance(HOSTS as u64) as usize;
        soak.cut(host, true).await;
        for _ in 0..8 {
            soak.expire();
            soak.one_moment().await;
            soak.listen().await;
        }
        soak.cut(host, false).await;
        for _ in 0..8 {
            soak.expire();
            soak.one_moment().await;
            soak.listen().await;
        }
    }
    soak.end().await
}

struct Soak<'a> {
    backend: Backend,
    place: &'a Place,
    program: &'a Path,
    workers: Vec<Worker>,
    links: Option<Links>,
    /// The host that is cut off.
    cut: Option<usize>,
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
    /// What it complained of last.
    said: String,
}

impl<'a> Soak<'a> {
    async fn begin(
        backend: Backend,
        program: &'a Path,
        place: &'a Place,
        seed: u64,
        links: Option<Links>,
    ) -> Self {
        let mut soak = Self {
            backend,
            links,
            cut: None,
            place,
            program,
            workers: Vec::new(),
            dice: seed | 1,
            lost: HashSet::new(),
            report: Report::default(),
            judged: 0,
        };
        soak.sign_in().await;
        for at in 0..WORKERS {
            let worker = soak.worker(at);
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

    fn worker(&self, at: usize) -> Worker {
        let mut command = match &self.links {
            Some(links) => links.inside(at, self.program),
            None => Command::new(self.program),
        };
        command.args(["work", &self.backend.url(), &self.place.address()]);
        Worker {
            peer: Peer::spawn(command),
            served: 0,
            last: Instant::now(),
            said: String::new(),
        }
    }

    /// xorshift: the same seed makes the same choices, though not the same moments.
    fn chance(&mut self, of: u64) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        self.dice % of
    }

    /// Lets the token expire that served last. One that served nobody is left alone: a session whose
    /// fresh token is refused asks for no other until that one is superseded.
    fn expire(&self) {
        let served = self.backend.ledger().look(|seen| {
            let ok = |request: &&Request| request.answer.is_some_and(|status| status == 200);
            let last = seen.requests.iter().rev().find(ok);
            last.and_then(|request| request.token.clone())
        });
        if let Some(token) = served {
            self.backend.expire(&token);
        }
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
        self.note_lost().await;
        self.workers[victim] = self.worker(victim);
    }

    /// What is stored was exchanged already: its successor may be lost with a process or a link.
    async fn note_lost(&mut self) {
        let content = self.place.content().await;
        let stored =
            content.and_then(|content| Some(content["refresh_token"].as_str()?.to_owned()));
        let spent = self.backend.ledger().look(|seen| {
            let spent = |token: &String| seen.rotations.iter().any(|one| one.spent == *token);
            stored.filter(spent)
        });
        self.lost.extend(spent);
    }

    /// Takes a host's link down, or brings it back.
    async fn cut(&mut self, host: usize, down: bool) {
        if let Some(links) = &self.links {
            links.link(host, !down);
        }
        self.cut = down.then_some(host);
        self.report.cuts += usize::from(down);
        self.workers[host].last = Instant::now();
        self.note_lost().await;
        // What was on its way when the link went down arrives when it is up again, however late:
        // nobody can call it back.
        let content = self.place.content().await;
        let stored =
            content.and_then(|content| Some(content["refresh_token"].as_str()?.to_owned()));
        self.lost.extend(stored.filter(|_| self.links.is_some()));
    }

    /// Hears what the processes say, and what the server thinks.
    async fn listen(&mut self) {
        let mut over = false;
        for (at, worker) in self.workers.iter_mut().enumerate() {
            for line in worker.peer.drain() {
                over |= line.starts_with("over");
                let served = line.strip_prefix("served ").and_then(|n| n.parse().ok());
                if let Some(served) = served.filter(|served| *served > worker.served) {
                    worker.served = served;
                    worker.last = Instant::now();
                } else if !line.starts_with("served") {
                    worker.said = line;
                }
            }
            let idle = worker.last.elapsed();
            assert!(
                idle < PATIENCE || self.cut == Some(at),
                "process {at} hangs: {} calls served, none for {idle:?}; it said {:?}",
                worker.served,
                worker.said
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
