//! One of the processes that share the sessions.

use perennial::{Error, FileStore, OAuth2, Session};
use perennial_tests::oidc::{ApiClient, CLI};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    io::Read,
    iter::Sum,
    path::Path,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// What became of the calls.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) answered: usize,
    /// How often, by what was said.
    pub(crate) failed: BTreeMap<String, usize>,
}

impl Sum for Report {
    fn sum<I: Iterator<Item = Self>>(reports: I) -> Self {
        let mut all = Self::default();
        for report in reports {
            all.answered += report.answered;
            for (what, times) in report.failed {
                *all.failed.entry(what).or_default() += times;
            }
        }
        all
    }
}

/// `worker ISSUER FOLDER SESSIONS TASKS`; ends when its input does, and prints a report.
pub(crate) async fn run(words: &[String]) -> ExitCode {
    let [issuer, folder, sessions, tasks] = words else {
        return ExitCode::FAILURE;
    };
    let (Ok(sessions), Ok(tasks)) = (sessions.parse::<usize>(), tasks.parse::<usize>()) else {
        return ExitCode::FAILURE;
    };
    let stopped = until_the_input_ends();
    let mut working = Vec::new();
    let mut all = Vec::new();
    for number in 0..sessions {
        let session = session(issuer, &crate::path(Path::new(folder), number));
        let api = ApiClient::builder()
            .base_url(issuer)
            .session(session.clone());
        let api = api.build().expect("a client can be built");
        all.push(session);
        for task in 0..tasks {
            // Spread, so that the tasks of a session do not go in step.
            let pause = Duration::from_millis(500 + (number * 131 + task * 61) as u64 % 1000);
            working.push(tokio::spawn(work(api.clone(), pause, stopped.clone())));
        }
    }
    let mut reports = Vec::new();
    for work in working {
        reports.push(work.await.expect("no task panics"));
    }
    for session in all {
        session.close().await;
    }
    let report: Report = reports.into_iter().sum();
    println!(
        "{}",
        serde_json::to_string(&report).expect("a report is JSON")
    );
    ExitCode::SUCCESS
}

/// A session that waits for its tokens' end, so that every one of them expires; by default it would
/// renew them after half of their two seconds. The server counts whole seconds, so that it refuses
/// half of the tokens a little earlier than the clock says: that is no storm.
pub(crate) fn session(issuer: &str, path: &Path) -> Session {
    Session::builder()
        .store(FileStore::new(path))
        .refresh_with(OAuth2::new(format!("{issuer}/token"), CLI.id))
        .refresh_before(Duration::ZERO)
        .storm_window(100, Duration::from_secs(30))
        .build()
        .expect("the options fit together")
}

async fn work(api: ApiClient, pause: Duration, stopped: Arc<AtomicBool>) -> Report {
    let mut report = Report::default();
    while !stopped.load(Ordering::Relaxed) {
        match api.whose().await {
            Ok(_) => report.answered += 1,
            Err(why) => *report.failed.entry(words(&why)).or_default() += 1,
        }
        tokio::time::sleep(pause).await;
    }
    report
}

fn words(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

fn until_the_input_ends() -> Arc<AtomicBool> {
    let stopped = Arc::new(AtomicBool::new(false));
    let seen = stopped.clone();
    thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        seen.store(true, Ordering::Relaxed);
    });
    stopped
}
