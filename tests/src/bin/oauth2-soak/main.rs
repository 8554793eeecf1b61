//! A thousand expiries: an authorization server that rotates refresh tokens and revokes on reuse,
//! access tokens of two seconds, and sessions in files that two processes share, with 16 tasks for
//! each session in each of them.
//!
//! ```text
//! oauth2-soak [--expiries 1000] [--sessions 50] [--tasks 16] [--processes 2] [--limit SECONDS]
//! oauth2-soak --one-session     all expiries in one session: 2,000 seconds
//! ```

mod plan;
mod worker;

use perennial::{FileStore, Session};
use perennial_tests::oidc::{ApiClient, CLI, Figures, Oidc};
use plan::Plan;
use std::{
    collections::BTreeMap,
    env, fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    time::{Duration, Instant},
};
use worker::Report;

/// How long an access token lives.
const LIFETIME: Duration = Duration::from_secs(2);

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "worker") {
        return worker::run(&words[1..]).await;
    }
    let plan = match Plan::parse(&words) {
        Ok(plan) => plan,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::FAILURE;
        }
    };
    if !Oidc::there("oauth2-soak") {
        return ExitCode::SUCCESS;
    }
    let folder = env::temp_dir().join(format!("perennial-oauth2-soak-{}", std::process::id()));
    let passed = soak(&plan, &folder).await;
    let _ = fs::remove_dir_all(&folder);
    if passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn soak(plan: &Plan, folder: &Path) -> bool {
    let server = Oidc::start(LIFETIME);
    for number in 0..plan.sessions {
        let session = Session::builder()
            .store(store(folder, number))
            .tokens(server.sign_in(CLI).await)
            .build()
            .expect("the defaults fit together");
        session.close().await;
    }
    println!(
        "{} sessions, each in {} processes with {} tasks; access tokens of {} s",
        plan.sessions,
        plan.processes,
        plan.tasks,
        LIFETIME.as_secs()
    );
    let started = Instant::now();
    let processes = (0..plan.processes).map(|_| start(plan, &server, folder));
    let processes: Vec<Child> = processes.collect();
    let mut told = 0;
    while server.figures().rotated < plan.expiries && started.elapsed() < plan.limit {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let rotated = server.figures().rotated;
        if rotated >= told + plan.expiries.div_ceil(10) {
            told = rotated;
            println!("{rotated} expiries after {} s", started.elapsed().as_secs());
        }
    }
    let elapsed = started.elapsed();
    let report = processes.into_iter().map(stop).sum::<Report>();
    let figures = server.figures();
    let spread = spread(&server);
    let lost = lost(plan, &server, folder).await;
    tell(elapsed, &report, figures, spread, lost);
    let whole = figures.rotated >= plan.expiries && report.answered > 0;
    let clean = figures.spent + figures.repeated + figures.revoked == 0;
    whole && clean && lost == 0 && report.failed.is_empty()
}

fn tell(elapsed: Duration, report: &Report, figures: Figures, spread: (usize, usize), lost: usize) {
    let Figures {
        presented,
        rotated,
        spent,
        repeated,
        revoked,
        ..
    } = figures;
    let (least, most) = spread;
    println!(
        "{rotated} expiries in {} s, {least} to {most} in a session",
        elapsed.as_secs()
    );
    println!(
        "the server's log: {presented} refresh tokens presented, {repeated} of them again, {spent} spent before, {revoked} families revoked"
    );
    println!(
        "{} calls answered, failed: {:?}",
        report.answered, report.failed
    );
    println!("{lost} sessions lost");
}

fn store(folder: &Path, number: usize) -> FileStore {
    FileStore::new(path(folder, number))
}

fn path(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("session-{number}.json"))
}

fn start(plan: &Plan, server: &Oidc, folder: &Path) -> Child {
    Command::new(env::current_exe().expect("this program has a path"))
        .args(["worker", server.issuer()])
        .arg(folder)
        .args([plan.sessions.to_string(), plan.tasks.to_string()])
        // The end of its input tells it to stop, so it goes with this process.
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program can be started again")
}

fn stop(mut process: Child) -> Report {
    drop(process.stdin.take());
    let mut said = String::new();
    let output = process.stdout.take().expect("it is piped");
    let read = { output }.read_to_string(&mut said);
    let ended = process.wait();
    serde_json::from_str(&said).unwrap_or_else(|why| {
        panic!("a process gave no report: {why}, {read:?}, {ended:?}: {said}")
    })
}

/// The fewest and the most expiries that one sign-in went through, by the server's log.
fn spread(server: &Oidc) -> (usize, usize) {
    let mut families = BTreeMap::<String, usize>::new();
    for entry in server.log() {
        if let (Some("refresh_token"), Some(family)) =
            (entry["grant"].as_str(), entry["family"].as_str())
        {
            *families.entry(family.to_owned()).or_default() += 1;
        }
    }
    let least = families.values().min().copied().unwrap_or_default();
    (least, families.values().max().copied().unwrap_or_default())
}

/// Sessions that a third process, which comes later, cannot go on with.
async fn lost(plan: &Plan, server: &Oidc, folder: &Path) -> usize {
    let mut lost = 0;
    for number in 0..plan.sessions {
        let session = worker::session(server.issuer(), &path(folder, number));
        let api = ApiClient::builder()
            .base_url(server.issuer())
            .session(session);
        let api = api.build().expect("a client can be built");
        if let Err(why) = api.whose().await {
            println!("session {number}: {why}");
            lost += 1;
        }
    }
    lost
}
