//! The example program `session`, as a person uses it in two terminals at once.

use perennial_tests::folder::Folder;
use perennial_tests::{backend::limit, keyring};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;

fn start(arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_session"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

/// A program that goes on, and what it says.
struct Running {
    child: Child,
    lines: mpsc::Receiver<String>,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = start(arguments);
        let output = child.stdout.take().expect("it was asked for");
        let (tell, lines) = mpsc::channel();
        thread::spawn(move || {
            let lines = BufReader::new(output).lines().map_while(Result::ok);
            // Until the test is over, or the program.
            lines.into_iter().all(|line| tell.send(line).is_ok());
        });
        Self { child, lines }
    }

    /// The next line that holds this.
    fn says(&self, part: &str) -> String {
        loop {
            match self.lines.recv_timeout(limit()) {
                Ok(line) if line.contains(part) => return line,
                Ok(_) => {}
                Err(end) => panic!("expected a line with {part:?}, found none: {end}"),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// One terminal: where the session is kept, and the server.
struct Terminal(Vec<String>);

impl Terminal {
    fn arguments<'a>(&'a self, words: &[&'a str]) -> Vec<&'a str> {
        let kept = self.0.iter().map(String::as_str);
        kept.chain(words.iter().copied()).collect()
    }

    fn types(&self, words: &[&str]) -> Child {
        start(&self.arguments(words))
    }

    fn succeeds(&self, words: &[&str]) -> String {
        succeeded(self.types(words))
    }

    /// What a command that fails says.
    fn fails(&self, words: &[&str]) -> String {
        let output = end(self.types(words));
        assert!(!output.status.success(), "{words:?} succeeded");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

fn end(child: Child) -> Output {
    child.wait_with_output().expect("the program ends")
}

/// What a command that succeeds says.
fn succeeded(child: Child) -> String {
    let output = end(child);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{failed}");
    said
}

fn two_terminals(kept: &[&str]) {
    let server = Running::start(&["serve", "--port", "0"]);
    let url = server.says("listening on ");
    let url = url.trim_start_matches("listening on ");
    let words = [kept, &["--server", url]].concat();
    let terminal = Terminal(words.into_iter().map(str::to_owned).collect());

    assert!(terminal.succeeds(&["show"]).contains("nobody is signed in"));
    let refused = terminal.fails(&["refresh"]);
    assert!(refused.contains("session sign-in"), "{refused}");

    let other = Running::start(&terminal.arguments(&["watch"]));
    other.says("watching");
    let said = terminal.succeeds(&["sign-in", "bob"]);
    assert!(said.contains("signed in as bob"), "{said}");
    other.says("someone has signed in");
    let said = terminal.succeeds(&["show"]);
    assert!(said.contains("signed in as bob"), "{said}");

    // Both at once: no spent refresh token is presented, or the server would end the sign-in.
    for _ in 0..3 {
        let both = [terminal.types(&["refresh"]), terminal.types(&["refresh"])];
        for said in both.map(succeeded) {
            assert!(said.contains("signed in as bob"), "{said}");
        }
    }
    other.says("new tokens are in use");

    assert!(terminal.succeeds(&["sign-out"]).contains("signed out"));
    other.says("signed out");
    assert!(terminal.succeeds(&["show"]).contains("nobody is signed in"));
}

#[test]
fn two_terminals_share_a_file() {
    let folder = Folder::new();
    let path = folder.path("state/session.json");
    let path = path.to_str().expect("the test's paths are text");
    two_terminals(&["--file", path]);
}

#[test]
fn two_terminals_share_the_keyring() {
    if keyring::here("program::two_terminals_share_the_keyring") {
        two_terminals(&["--keyring"]);
    }
}

#[test]
fn what_is_mistyped_or_out_of_reach_is_said() {
    let folder = Folder::new();
    let path = folder.path("session.json");
    let file = path.to_str().expect("the test's paths are text").to_owned();
    let terminal = Terminal(vec!["--file".to_owned(), file.clone()]);
    assert!(terminal.succeeds(&["--help"]).contains("usage: session"));
    for (words, expected) in [
        (&["sing-in"][..], "there is no command `sing-in`"),
        (&[], "expected a command"),
        (&["show", "--server"], "expected a value after `--server`"),
        (&["--quiet", "show"], "there is no option `--quiet`"),
        (
            &["serve", "--port", "http"],
            "expected a port, found `http`",
        ),
        (
            &["sign-in", "--server", "http://127.0.0.1:9"],
            "is there a server at http://127.0.0.1:9?",
        ),
    ] {
        let said = terminal.fails(words);
        assert!(said.contains(expected), "{said}");
    }
    std::fs::write(&path, "no session").expect("the test can write");
    for command in ["show", "sign-out", "watch", "refresh"] {
        let said = terminal.fails(&[command]);
        assert!(
            said.contains(&file) && said.contains("found no JSON"),
            "{said}"
        );
    }
}
