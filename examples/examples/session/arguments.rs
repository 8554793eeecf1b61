//! The command line.

use std::env;
use std::path::PathBuf;

pub(crate) const HELP: &str = "\
Keeps a sign-in between runs. Try it in two terminals at once.

usage: session [OPTIONS] COMMAND

  serve            starts a server on loopback to try it with
  sign-in [USER]   signs in; USER is `ada` if it is left out
  show             who is signed in, as the store and the server have it
  refresh          makes the access token expire and calls the server: the session renews it
  watch            prints what happens to the session, also in other terminals
  sign-out         signs out, here and in other terminals

  --keyring        keep the session in the operating system's keyring
  --file PATH      keep it in this file; default: ~/.local/state/perennial-example/session.json
  --server URL     the server; default: http://127.0.0.1:8765
  --port PORT      the port that `serve` listens on; default: 8765, 0 takes a free one
";

const PORT: u16 = 8765;

/// What to do, with which session.
#[derive(Debug, PartialEq)]
pub(crate) struct Arguments {
    pub(crate) command: Command,
    pub(crate) kept: Kept,
    pub(crate) server: String,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Help,
    Serve { port: u16 },
    SignIn { user: String },
    Show,
    Refresh,
    Watch,
    SignOut,
}

/// Where the session is kept.
#[derive(Debug, PartialEq)]
pub(crate) enum Kept {
    File(PathBuf),
    Keyring,
}

impl Arguments {
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut command, mut kept, mut server, mut port) = (Vec::new(), None, None, PORT);
        while let Some(word) = words.next() {
            let mut value = || {
                words
                    .next()
                    .ok_or(format!("expected a value after `{word}`"))
            };
            match word.as_str() {
                "-h" | "--help" => command = vec!["help".to_owned()],
                "--keyring" => kept = Some(Kept::Keyring),
                "--file" => kept = Some(Kept::File(value()?.into())),
                "--server" => server = Some(value()?),
                "--port" => {
                    let found = value()?;
                    let number = found.parse();
                    port = number.map_err(|_| format!("expected a port, found `{found}`"))?;
                }
                option if option.starts_with('-') => {
                    return Err(format!("there is no option `{option}`"));
                }
                _ => command.push(word),
            }
        }
        let command: Vec<_> = command.iter().map(String::as_str).collect();
        Ok(Self {
            command: match command[..] {
                ["help"] => Command::Help,
                ["serve"] => Command::Serve { port },
                ["sign-in"] => Command::SignIn {
                    user: "ada".to_owned(),
                },
                ["sign-in", user] => Command::SignIn {
                    user: user.to_owned(),
                },
                ["show"] => Command::Show,
                ["refresh"] => Command::Refresh,
                ["watch"] => Command::Watch,
                ["sign-out"] => Command::SignOut,
                [] => return Err("expected a command".to_owned()),
                _ => return Err(format!("there is no command `{}`", command.join(" "))),
            },
            kept: match kept {
                Some(kept) => kept,
                None => Kept::File(default_file()?),
            },
            server: server.unwrap_or_else(|| format!("http://127.0.0.1:{PORT}")),
        })
    }
}

fn default_file() -> Result<PathBuf, String> {
    let home = env::home_dir().ok_or("there is no home directory: name a file with `--file`")?;
    Ok(home.join(".local/state/perennial-example/session.json"))
}
