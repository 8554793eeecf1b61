//! The command line: arguments, progress, and words for people.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
