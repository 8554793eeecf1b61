//! What people see: progress on a terminal, the report, errors.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use gen_client::{Error, Generator, Report, Severity, Stage};
use indicatif::ProgressBar;

use super::excerpt;

/// How many findings are shown with an excerpt; the report lists them all.
const EXCERPTS: usize = 8;

pub(super) struct Terminal {
    json: bool,
    /// Only where somebody watches.
    progress: Option<ProgressBar>,
}

impl Terminal {
    pub(super) fn new(json: bool) -> Self {
        let watched = io::stderr().is_terminal() && !json;
        Self {
            json,
            progress: watched.then(ProgressBar::new_spinner),
        }
    }

    /// Shows the run's steps.
    pub(super) fn watch(&self, generator: Generator) -> Generator {
        let Some(progress) = self.progress.clone() else {
            return generator;
        };
        progress.enable_steady_tick(Duration::from_millis(80));
        generator.on_stage(move |stage| progress.set_message(words(stage)))
    }

    /// Clears the progress.
    pub(super) fn finish(&self) {
        if let Some(progress) = &self.progress {
            progress.finish_and_clear();
        }
    }

    /// A run that came to its end.
    pub(super) fn report(&self, report: &Report) {
        if self.json {
            return out(&format!("{}\n", report.to_json()));
        }
        if self.progress.is_some() {
            self.excerpts(report, Severity::Warning);
        }
        out(&report.to_string());
    }

    /// A run that did not.
    pub(super) fn error(&self, error: &Error) {
        if let (true, Some(report)) = (self.json, error.report()) {
            return out(&format!("{}\n", report.to_json()));
        }
        match (error, error.report()) {
            (Error::Strict(_), Some(report)) => {
                self.excerpts(report, Severity::Warning);
                err(
                    "error: there are warnings, and --strict makes them failures; nothing was written\n",
                );
            }
            (_, Some(report)) => {
                self.excerpts(report, Severity::Error);
                err("nothing was written\n");
            }
            _ => err(&format!("error: {}{}\n", causes(error), hint(error))),
        }
    }

    fn excerpts(&self, report: &Report, least: Severity) {
        let findings = report.findings.iter().filter(|one| one.severity <= least);
        let styled = io::stderr().is_terminal();
        let mut shown = 0;
        for finding in findings.clone().take(EXCERPTS) {
            err(&excerpt::render(finding, styled));
            shown += 1;
        }
        let more = findings.count() - shown;
        if more > 0 {
            err(&format!("and {more} more\n\n"));
        }
    }
}

fn words(stage: Stage) -> &'static str {
    match stage {
        Stage::Read => "reading the document",
        Stage::Understand => "finding out what it says",
        Stage::Lower => "deciding names and types",
        Stage::Print => "printing",
        Stage::Write => "comparing and writing files",
        _ => "working",
    }
}

/// An error and everything behind it.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(one) = cause {
        text.push_str(": ");
        text.push_str(&one.to_string());
        cause = one.source();
    }
    text
}

fn hint(error: &Error) -> &'static str {
    match error {
        Error::Write(gen_client::WriteError::Foreign(_)) => {
            "\nhelp: name another folder with -o, or remove the file"
        }
        Error::Bug(_) => "\nhelp: please report it, with the document; nothing was written",
        _ => "",
    }
}

/// A reader that has gone away is no reason to fail.
fn out(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
}

fn err(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
