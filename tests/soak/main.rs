//! Processes that share a session: what the tests order about.

use perennial::Reuse;
use perennial_tests::peer;
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["act", backend, store] => peer::act(backend, store, Reuse::LastResort),
        ["act", backend, store, "never"] => peer::act(backend, store, Reuse::Never),
        _ => {
            eprintln!("usage: peers act BACKEND STORE [never]");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
