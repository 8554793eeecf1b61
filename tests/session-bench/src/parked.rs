//! The memory of those who wait for a refresh.

use crate::{median, storm};
use perennial::{
    Bytes, HeaderMap, Session, Tokens,
    testing::{Backend, Convention, Gate, Pair, REFRESH},
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::{
    alloc::System,
    env,
    future::pending,
    io::{Read, Write},
    iter,
    process::{Command, ExitCode, Stdio},
    thread,
    time::Duration,
};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Lets `callers` wait for one refresh that does not come, and prints what each of them costs
/// beside its own request.
pub(crate) fn report(callers: usize) {
    println!("\n{callers} requests wait for one refresh");
    println!(
        "{:<52}{:>10}{:>10}{:>10}",
        "bytes a request", "waiting", "its own", "beside"
    );
    for (how, own, what) in [
        ("unsent", "request", "unsent, the token known to be over"),
        ("refused", "answered", "sent, and refused with a 401"),
    ] {
        // What the transport keeps of a connection's busiest moment differs from run to run.
        let several = |how| median(iter::repeat_with(|| figure(how, callers)).take(5).collect());
        let (all, own) = (several(how), several(own));
        println!("{what:<52}{all:>10.0}{own:>10.0}{:>10.0}", all - own);
    }
    println!("its own: a task by hand that holds the request, and the answer that it had");
    println!("mark: at most 1024 beside it");
}

/// What a process of its own has to hold for each of them.
#[expect(
    clippy::disallowed_methods,
    reason = "nothing tells that the last one waits"
)]
fn figure(how: &str, callers: usize) -> f64 {
    let backend = Backend::plan(Convention::Status).http2().start();
    let old = backend.sign_in("ada");
    backend.expire(&old.access);
    let gate = Gate::closed();
    backend.on(REFRESH).hold(&gate);
    let mut child = start(how, &backend, callers, &old);
    let (mut stdin, mut stdout) = (
        child.stdin.take().expect("it was piped"),
        child.stdout.take().expect("it was piped"),
    );
    // Many times what it takes.
    thread::sleep(Duration::from_secs(1));
    stdin.write_all(b".").expect("the child waits");
    let mut text = String::new();
    stdout
        .read_to_string(&mut text)
        .expect("the child prints a figure");
    gate.open();
    child.wait().expect("the child ends");
    let seen = backend.ledger().look(|record| record.requests.len());
    let expected = match how {
        "request" => 0,
        "unsent" => 1,
        "answered" => callers,
        _ => callers + 1,
    };
    assert_eq!(seen, expected, "{how}");
    text.trim().parse().expect("a number")
}

fn start(how: &str, backend: &Backend, callers: usize, pair: &Pair) -> std::process::Child {
    let program = env::current_exe().expect("this program has a path");
    Command::new(program)
        .args(["parked", how, &backend.url(), &callers.to_string()])
        .args([&pair.access, &pair.refresh])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program can be started again")
}

pub(crate) fn child(words: &[&str]) -> ExitCode {
    let [how, url, callers, access, refresh] = words else {
        return ExitCode::FAILURE;
    };
    let callers: usize = callers.parse().expect("a number of callers");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime can be built");
    let bytes = runtime.block_on(async {
        let mut tokens = Tokens::new(*access).refresh_token(*refresh);
        match *how {
            "request" => return requests(callers, url, access, false).await,
            "answered" => return requests(callers, url, access, true).await,
            "unsent" => tokens = tokens.expires_in(Duration::from_millis(1)),
            _ => {}
        }
        let shop = storm::shop(url, Session::new(tokens));
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut tasks = Vec::with_capacity(callers);
        let region = Region::new(ALLOCATOR);
        tasks.extend((0..callers).map(|id| tokio::spawn(shop.item(id))));
        asked().await;
        live(&region)
    });
    println!("{}", bytes / callers as f64);
    // The back end still holds the refresh; nobody waits for it here.
    std::process::exit(0)
}

/// The same requests as a person has them, each held by a task that waits for nothing.
async fn requests(callers: usize, url: &str, access: &str, send: bool) -> f64 {
    let http = storm::http();
    let mut tasks = Vec::with_capacity(callers);
    let region = Region::new(ALLOCATOR);
    tasks.extend((0..callers).map(|id| {
        let request = http.get(format!("{url}{}{id}", storm::ITEMS));
        let request = request.header("accept", "application/json");
        let request = request.header("authorization", storm::bearer(access));
        let request = request.build().expect("a request can be built");
        if !send {
            return tokio::spawn(async move {
                pending::<()>().await;
                drop(request);
            });
        }
        let http = http.clone();
        tokio::spawn(async move {
            let answer = Box::pin(answer(&http, &request)).await;
            pending::<()>().await;
            drop((request, answer));
        })
    }));
    asked().await;
    live(&region)
}

/// The answer to a request that is kept.
async fn answer(http: &reqwest::Client, request: &reqwest::Request) -> Box<(HeaderMap, Bytes)> {
    let again = request.try_clone().expect("it has no body");
    let mut response = http.execute(again).await.expect("an answer");
    let headers = std::mem::take(response.headers_mut());
    Box::new((headers, response.bytes().await.expect("a body")))
}

/// Ends when the other process has said a word.
async fn asked() {
    let read = tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0]));
    read.await.expect("it runs").expect("a byte");
}

/// Growing and shrinking in place is counted among the two.
fn live(region: &Region<'_, System>) -> f64 {
    let change = region.change();
    change.bytes_allocated as f64 - change.bytes_deallocated as f64
}
