//! A process that shares a session with others: the program's side, and the test's.
//!
//! The test gives orders on the program's input, one a line, and reads what came of them on its
//! output. The program ends with its input, so that none outlives its test.

use crate::{
    place::handle,
    redis::signal,
    shop::{ShopClient, outcome},
    valve::{Op, Valve},
};
use fork::Fork;
use perennial::testing::{Gate, limit};
use perennial::{Reuse, Session, TokenStore, Tokens};
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    time::Duration,
};
use tokio::runtime::{Builder, Runtime};

/// How long a process waits for the answer to a refresh: what others wait for when it dies.
pub const REFRESH_TIMEOUT: Duration = Duration::from_millis(1500);
const PERSIST_TIMEOUT: Duration = Duration::from_millis(1000);
const LEASE: Duration = Duration::from_millis(3000);

/// The program: `peers act BACKEND STORE…`.
///
/// # Panics
/// On orders that make no sense.
pub fn act(backend: &str, store: &str, reuse: Reuse) {
    let runtime = runtime();
    let valve = Valve::new(handle(store));
    let session = session(Arc::new(valve.clone()), reuse);
    let shop = ShopClient::builder()
        .base_url(backend)
        .session(session.clone())
        .build()
        .expect("the client can be built");
    let gate = Gate::closed();
    say("ready");
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["sign-in", access, refresh, lifetime] => {
                let lifetime = Duration::from_secs(lifetime.parse().expect("seconds"));
                let tokens = Tokens::new(access).refresh_token(refresh);
                let _inside = runtime.enter();
                session.sign_in(tokens.expires_in(lifetime));
                runtime.block_on(session.close());
                say("signed in");
            }
            ["sign-out"] => {
                let _inside = runtime.enter();
                session.sign_out();
                runtime.block_on(session.close());
                say("signed out");
            }
            ["call"] => {
                let call = shop.item(1);
                drop(
                    runtime.spawn(async move { say(&format!("called {}", outcome(&call.await))) }),
                );
            }
            ["tokens"] => say(&tokens(&session)),
            ["hold", op, when] => {
                let op = match op {
                    "lock" => Op::Lock,
                    "mark" => Op::Mark,
                    "persist" => Op::Persist,
                    other => panic!("cannot hold {other}"),
                };
                match when {
                    "before" => valve.hold(op, &gate),
                    _ => valve.hold_after(op, &gate),
                }
                let (valve, times) = (valve.clone(), valve.count(op) + 1);
                drop(runtime.spawn(async move {
                    valve.reached(op, times).await;
                    say("held");
                }));
            }
            ["free"] => gate.open(),
            ["close"] => {
                runtime.block_on(session.close());
                say("closed");
            }
            ["exit"] => std::process::exit(0),
            ["fork"] => forked(backend, &session),
            _ => panic!("no order: {line}"),
        }
    }
}

/// A session of a process that does not wait long for others.
pub(crate) fn session(store: Arc<dyn TokenStore>, reuse: Reuse) -> Session {
    Session::builder()
        .store(store)
        .refresh_timeout(REFRESH_TIMEOUT)
        .persist_timeout(PERSIST_TIMEOUT)
        .lease(LEASE)
        .recheck(Duration::from_nanos(1))
        .backoff(Duration::from_millis(10), Duration::from_millis(50))
        .storm_window(1_000_000, Duration::from_secs(1))
        .reuse(reuse)
        .build()
        .expect("the options fit together")
}

/// A child that has everything its parent had, except for the threads that were at it.
fn forked(backend: &str, session: &Session) {
    match fork::fork().expect("a process can be forked") {
        Fork::Parent(_) => {}
        Fork::Child => {
            let runtime = runtime();
            // The parent's connections are the parent's.
            let shop = ShopClient::builder()
                .base_url(backend)
                .session(session.clone())
                .build()
                .expect("the client can be built");
            say("child here");
            let first = runtime.block_on(shop.item(2));
            say(&format!("child called {}", outcome(&first)));
            // Whatever came of it: once the parent is done, so is the child.
            let mut again = String::new();
            while again != "ok" {
                again = outcome(&runtime.block_on(shop.item(3)));
            }
            say("child called again ok");
            std::process::exit(0);
        }
    }
}

fn tokens(session: &Session) -> String {
    let tokens = session.tokens();
    let access = tokens
        .as_ref()
        .map_or("-", |tokens| tokens.access().expose());
    let refresh = tokens.as_ref().and_then(Tokens::refresh);
    format!(
        "tokens {access} {}",
        refresh.map_or("-", |token| token.expose())
    )
}

pub(crate) fn say(line: &str) {
    println!("{line}");
}

pub(crate) fn runtime() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all();
    builder.build().expect("a runtime can be built")
}

/// The test's side of such a process; it is killed when this is dropped.
pub struct Peer {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
    /// What was said and not asked for yet.
    said: Vec<String>,
}

impl Peer {
    /// Starts `program` (the binary `peers`) and waits until it is ready.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(program: &Path, backend: &str, store: &str) -> Self {
        let mut command = Command::new(program);
        command.args(["act", backend, store]);
        Self::spawn(command)
    }

    /// The same for any program that keeps to the rules.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn spawn(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let input = child.stdin.take().expect("it is piped");
        let output = child.stdout.take().expect("it is piped");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let mut peer = Self {
            child,
            input,
            lines,
            said: Vec::new(),
        };
        peer.hears("ready");
        peer
    }

    /// Gives an order.
    ///
    /// # Panics
    /// When the process is gone.
    pub fn order(&mut self, order: &str) {
        writeln!(self.input, "{order}").expect("it reads its orders");
    }

    /// Waits for a line that begins like this, and gives the rest of it.
    ///
    /// # Panics
    /// When it does not come.
    pub fn hears(&mut self, start: &str) -> String {
        loop {
            let said = self.said.iter().position(|line| line.starts_with(start));
            if let Some(at) = said {
                let line = self.said.remove(at);
                return line[start.len()..].trim().to_owned();
            }
            match self.lines.recv_timeout(limit()) {
                Ok(line) => self.said.push(line),
                Err(error) => panic!("never heard {start:?} ({error}), but {:?}", self.said),
            }
        }
    }

    /// What it has said since, without waiting.
    pub(crate) fn drain(&mut self) -> Vec<String> {
        let mut lines = std::mem::take(&mut self.said);
        lines.extend(self.lines.try_iter());
        lines
    }

    /// Gives an order and waits for a line that begins like this.
    pub fn ask(&mut self, order: &str, start: &str) -> String {
        self.order(order);
        self.hears(start)
    }

    /// Signs in with this pair, whose access token lives for an hour.
    pub fn sign_in(&mut self, pair: &perennial::testing::Pair) {
        let order = format!("sign-in {} {} 3600", pair.access, pair.refresh);
        self.ask(&order, "signed in");
    }

    /// Calls, and says how it went.
    pub fn call(&mut self) -> String {
        self.ask("call", "called")
    }

    /// Kills it, as a crash would; returns when it is gone.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it is gone");
    }

    /// Waits until it has ended by itself.
    ///
    /// # Panics
    /// When it cannot be waited for.
    pub fn ended(&mut self) {
        self.child.wait().expect("it is gone");
    }

    /// Stops it, everything it has left open, until [`wake`](Self::wake).
    pub fn stop(&self) {
        signal(self.child.id(), "STOP");
    }

    /// Lets it go on.
    pub fn wake(&self) {
        signal(self.child.id(), "CONT");
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
