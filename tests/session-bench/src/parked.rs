//! The memory of those who wait for a refresh.

use crate::storm;
use perennial::testing::{Backend, Convention, Gate, REFRESH};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::{
    alloc::System,
    env,
    io::{Read, Write},
    process::{Command, ExitCode, Stdio},
    time::Duration,
};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Lets `callers` wait for one refresh that does not come, and counts what each of them costs
/// beside the same call before it was sent.
pub(crate) fn report(callers: usize) {
    let backend = Backend::plan(Convention::Status).http2().start();
    let old = backend.sign_in("ada");
    backend.expire(&old.access);
    let gate = Gate::closed();
    backend.on(REFRESH).hold(&gate);
    let program = env::current_exe().expect("this program has a path");
    let mut child = Command::new(program)
        .args([
            "parked",
            &backend.url(),
            &callers.to_string(),
            &old.access,
            &old.refresh,
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program can be started again");
    // All have had their 401, and the one refresh is under way.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime can be built").block_on(async {
        let done = |record: &perennial::testing::Record| {
            record
                .requests
                .iter()
                .filter(|request| request.answer.is_some())
                .count()
                >= callers
        };
        backend.ledger().wait_for("all 401s", done).await;
    });
    std::thread::sleep(Duration::from_secs(2));
    let mut stdin = child.stdin.take().expect("it was piped");
    stdin.write_all(b".").expect("the child waits");
    let mut text = String::new();
    let mut stdout = child.stdout.take().expect("it was piped");
    stdout
        .read_to_string(&mut text)
        .expect("the child prints figures");
    gate.open();
    child.wait().expect("the child ends");
    let mut figures = text
        .split_whitespace()
        .map(|word| word.parse::<f64>().expect("a number"));
    let (built, parked) = (figures.next().expect("two"), figures.next().expect("two"));
    println!("\n{callers} requests wait for one refresh, bytes a request");
    println!(
        "built and not sent {built:.0}, waiting {parked:.0}: {:.0} more (mark: 1024)",
        parked - built
    );
}

pub(crate) fn child(words: &[&str]) -> ExitCode {
    let [url, callers, access, refresh] = words else {
        return ExitCode::FAILURE;
    };
    let callers: usize = callers.parse().expect("a number of callers");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime can be built");
    runtime.block_on(async {
        let shop = storm::shop(url, access, refresh);
        let mut calls = Vec::with_capacity(callers);
        let region = Region::new(ALLOCATOR);
        calls.extend((0..callers).map(|id| shop.item(id)));
        let built = live(&region);
        let tasks: Vec<_> = calls.into_iter().map(tokio::spawn).collect();
        tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0]))
            .await
            .expect("it runs")
            .expect("a byte");
        let parked = live(&region);
        println!("{} {}", built / callers as f64, parked / callers as f64);
        tasks.iter().for_each(tokio::task::JoinHandle::abort);
    });
    // The backend still holds the refresh; nobody waits for it here.
    std::process::exit(0)
}

fn live(region: &Region<'_, System>) -> f64 {
    let change = region.change();
    change.bytes_allocated as f64 - change.bytes_deallocated as f64
        + change.bytes_reallocated as f64
}
