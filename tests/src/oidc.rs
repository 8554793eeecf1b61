//! A real authorization server for the tests: npm's oidc-provider on a free port of 127.0.0.1, with
//! rotating refresh tokens, over with the test.

mod api;

pub use api::{Api, ApiClient, Whose};

use crate::{needs, needs_that};
use perennial::Tokens;
use serde_json::Value;
use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/oidc/server.mjs");

/// A client that the server knows, with what it says to be believed.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// Its name.
    pub id: &'static str,
    /// Its secret; empty if it has none.
    pub secret: &'static str,
}

/// A confidential client that authenticates by a header; neither its id nor its secret survives
/// without the form encoding of RFC 6749, section 2.3.1.
pub const WEB: Client = Client {
    id: "web app",
    secret: "its/secret:1",
};

/// A public client, with a browser or without.
pub const CLI: Client = Client {
    id: "cli",
    secret: "",
};

/// A service that acts for itself, and authenticates in the form.
pub const SERVICE: Client = Client {
    id: "service",
    secret: "its/secret:2",
};

/// A running server.
pub struct Oidc {
    issuer: String,
    log: PathBuf,
    node: Child,
    input: Option<ChildStdin>,
    http: reqwest::Client,
}

/// What the server's own log says of the token endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Presentations of refresh tokens.
    pub presented: usize,
    /// Those that were answered with a new pair.
    pub rotated: usize,
    /// Presentations of a token that had been spent.
    pub spent: usize,
    /// Presentations of a token that had been presented, whatever came of it.
    pub repeated: usize,
    /// Families revoked because of that.
    pub revoked: usize,
    /// Tokens given to services.
    pub services: usize,
}

impl Oidc {
    /// Whether a server can be started; says so if not.
    #[must_use]
    pub fn there(test: &str) -> bool {
        let entry = modules().join("oidc-provider/package.json");
        let how = "npm install --prefix ~/.cache/perennial/npm oidc-provider@9";
        needs(test, "node", "apt-get install nodejs")
            && needs_that(test, "npm's oidc-provider", how, entry.exists())
    }

    /// A server whose access tokens live that long, in whole seconds.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(access_ttl: Duration) -> Self {
        static LOGS: AtomicUsize = AtomicUsize::new(0);
        let number = LOGS.fetch_add(1, Ordering::Relaxed);
        let name = format!("perennial-oidc-{}-{number}.log", std::process::id());
        let log = env::temp_dir().join(name);
        fs::write(&log, "").expect("a log can be written");
        let mut node = Command::new("node")
            .arg(SCRIPT)
            .arg("--modules")
            .arg(modules())
            .args(["--access-ttl", &access_ttl.as_secs().to_string(), "--log"])
            .arg(&log)
            // The end of its input is what it waits for, so it goes with whoever started it.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Words about node's age and about signing keys.
            .stderr(Stdio::null())
            .spawn()
            .expect("node can be started");
        let output = node.stdout.take().expect("it is piped");
        let mut line = String::new();
        let mut output = BufReader::new(output);
        let read = output.read_line(&mut line);
        // What it says later is of no interest, but node ends if nobody listens.
        thread::spawn(move || output.lines().map_while(Result::ok).for_each(drop));
        let started: Value = serde_json::from_str(&line)
            .unwrap_or_else(|why| panic!("the server did not start: {read:?}, {why}: {line}"));
        Self {
            issuer: text(&started, "issuer"),
            log,
            input: node.stdin.take(),
            node,
            http: http(),
        }
    }

    /// Where it is, and where its metadata starts.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Its token endpoint.
    #[must_use]
    pub fn token_url(&self) -> String {
        format!("{}/token", self.issuer)
    }

    /// Signs a user in at a client, without a browser.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn sign_in(&self, client: Client) -> Tokens {
        let answer = self.ask("sign-in", &[("client_id", client.id)]).await;
        let lifetime = answer["expires_in"].as_f64().expect("a lifetime");
        Tokens::new(text(&answer, "access_token"))
            .refresh_token(text(&answer, "refresh_token"))
            .expires_in_seconds(lifetime)
    }

    /// Opens a page in the user's browser, who signs in and agrees; gives the URL of the last page.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn browse(&self, url: &str) -> String {
        text(&self.ask("browse", &[("url", url)]).await, "url")
    }

    /// What the server wrote down so far, one entry for each presentation.
    ///
    /// # Panics
    /// When its log cannot be read.
    #[must_use]
    pub fn log(&self) -> Vec<Value> {
        let log = fs::read_to_string(&self.log).expect("the server's log is there");
        log.lines()
            .map(|line| serde_json::from_str(line).expect("a line of the server's log"))
            .collect()
    }

    /// The log in figures.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let mut figures = Figures::default();
        for entry in self.log() {
            if entry["event"] == "family_revoked" {
                figures.revoked += 1;
            }
            match entry["grant"].as_str() {
                Some("refresh_token") => {
                    figures.presented += 1;
                    figures.rotated += usize::from(entry["status"] == 200);
                    figures.spent += usize::from(entry["spent_before"] == true);
                    figures.repeated += usize::from(entry["times"] != 1);
                }
                Some("client_credentials") => {
                    figures.services += usize::from(entry["status"] == 200);
                }
                _ => {}
            }
        }
        figures
    }

    async fn ask(&self, what: &str, query: &[(&str, &str)]) -> Value {
        let url = url::Url::parse_with_params(&format!("{}/test/{what}", self.issuer), query);
        let answer = self.http.get(url.expect("a URL")).send().await;
        let body = answer.expect("the server answers").bytes().await;
        serde_json::from_slice(&body.expect("a whole answer")).expect("JSON")
    }
}

impl Drop for Oidc {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.node.wait();
        let _ = fs::remove_file(&self.log);
    }
}

fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .build()
        .expect("a client for plain HTTP can be built")
}

fn text(answer: &Value, member: &str) -> String {
    let text = answer[member].as_str();
    text.unwrap_or_else(|| panic!("no `{member}` in {answer}"))
        .to_owned()
}

/// Where npm's packages are.
fn modules() -> PathBuf {
    match env::var_os("PERENNIAL_NPM") {
        Some(modules) => modules.into(),
        None => Path::new(&env::var_os("HOME").unwrap_or_default())
            .join(".cache/perennial/npm/node_modules"),
    }
}
