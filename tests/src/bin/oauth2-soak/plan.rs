//! What is to be done, as the command line says it.

use std::time::Duration;

#[derive(Debug, PartialEq)]
pub(crate) struct Plan {
    /// Over all sessions.
    pub(crate) expiries: usize,
    pub(crate) sessions: usize,
    /// For each session in each process.
    pub(crate) tasks: usize,
    pub(crate) processes: usize,
    /// When to give up.
    pub(crate) limit: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            expiries: 1000,
            sessions: 50,
            tasks: 16,
            processes: 2,
            limit: Duration::from_secs(600),
        }
    }
}

impl Plan {
    pub(crate) fn parse(words: &[String]) -> Result<Self, String> {
        let mut plan = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if word == "--one-session" {
                plan.sessions = 1;
                plan.limit = Duration::from_secs(3600);
                continue;
            }
            let number = words
                .next()
                .and_then(|number| number.parse().ok())
                .filter(|number| *number > 0)
                .ok_or_else(|| format!("expected a number above zero after `{word}`"))?;
            match word.as_str() {
                "--expiries" => plan.expiries = number,
                "--sessions" => plan.sessions = number,
                "--tasks" => plan.tasks = number,
                "--processes" => plan.processes = number,
                "--limit" => plan.limit = Duration::from_secs(number as u64),
                _ => {
                    return Err(format!(
                        "found `{word}`, expected --expiries, --sessions, --tasks, --processes, --limit or --one-session"
                    ));
                }
            }
        }
        Ok(plan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Plan, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Plan::parse(&words)
    }

    #[test]
    fn a_command_line_is_read() {
        assert_eq!(parse(""), Ok(Plan::default()));
        let plan = parse("--expiries 12 --sessions 3").expect("it is read");
        assert_eq!((plan.expiries, plan.sessions, plan.tasks), (12, 3, 16));
        assert_eq!(parse("--one-session").map(|plan| plan.sessions), Ok(1));
        for bad in ["--expiries", "--expiries none", "--sessions 0", "--hours 1"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
