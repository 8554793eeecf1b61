//! What a session costs, side by side with what people would write and with the crates that were
//! found for the job: injection, a storm of 401s, and the memory of those who wait.
//!
//! The storm runs in a process of its own per turn, so that each starts alike and its peak memory
//! is its own; the back end is in this process.

mod inject;
mod parked;
mod storm;

use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["storm", who, rest @ ..] => return storm::child(who, rest),
        ["parked", rest @ ..] if !rest.is_empty() => return parked::child(rest),
        ["injection"] => inject::report(),
        ["storm"] => storm::report(10_000, 5),
        ["parked"] => parked::report(10_000),
        [] => {
            inject::report();
            storm::report(10_000, 5);
            parked::report(10_000);
        }
        _ => {
            eprintln!("expected one of: injection, storm, parked; or nothing for all of them");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// The middle one of some figures.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
