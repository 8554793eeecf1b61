//! Ten thousand callers whose access token has just expired, all at once.

use crate::median;
use perennial::{
    Call, OAuth2Tokens, Session, Tokens, api_client,
    testing::{Backend, Convention, Gate, REFRESH},
};
use serde::Deserialize;
use std::{
    env, fs,
    process::{Command, ExitCode},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

/// Where the callers go, each with a number of its own at the end.
pub(crate) const ITEMS: &str = "/items?id=";

/// Who takes part, and what it is.
const WHO: [(&str, &str); 3] = [
    ("none", "no session: the same requests, sent by hand"),
    ("perennial", "perennial"),
    ("mutex", "tokio::sync::Mutex<Tokens> around reqwest"),
];

#[derive(Debug, Deserialize)]
pub(crate) struct Echo {
    pub(crate) path: String,
}

#[api_client(auth = bearer)]
pub(crate) trait Shop: Send + Sync {
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    #[get("/items")]
    fn item(&self, #[query] id: usize) -> Call<Echo>;
}

/// Runs all of them in turn, `turns` times, and prints the medians.
pub(crate) fn report(callers: usize, turns: usize) {
    println!("\n{callers} callers meet a 401 at once (median of {turns} turns)");
    println!(
        "{:<52}{:>10}{:>9}{:>11}{:>11}",
        "", "last, ms", "sends", "refreshes", "peak, MiB"
    );
    let mut turns_of = WHO.map(|_| Vec::new());
    for _ in 0..turns {
        for (at, (who, _)) in WHO.iter().enumerate() {
            turns_of[at].push(turn(who, callers));
        }
    }
    let middle = |at: usize, of: fn(&Turn) -> f64| median(turns_of[at].iter().map(of).collect());
    for (at, (_, what)) in WHO.iter().enumerate() {
        println!(
            "{what:<52}{:>10.0}{:>9.0}{:>11.0}{:>11.1}",
            middle(at, |turn| turn.millis),
            middle(at, |turn| turn.sends),
            middle(at, |turn| turn.refreshes),
            middle(at, |turn| turn.peak),
        );
    }
    let plain = middle(0, |turn| turn.millis);
    println!(
        "last answer: perennial takes {:.2} times what the requests take alone, the mutex {:.2} times",
        middle(1, |turn| turn.millis) / plain,
        middle(2, |turn| turn.millis) / plain,
    );
    println!("(the crates of the injection table do not refresh on a 401)");
}

struct Turn {
    millis: f64,
    sends: f64,
    refreshes: f64,
    peak: f64,
}

fn turn(who: &str, callers: usize) -> Turn {
    let backend = Backend::plan(Convention::Status).http2().start();
    let (old, new) = (backend.sign_in("ada"), backend.sign_in("bob"));
    backend.expire(&old.access);
    // Nobody is answered before all have asked: whoever asks late would not meet a 401.
    let (asked, all) = (AtomicUsize::new(0), Gate::closed());
    let open = all.clone();
    backend
        .on("/items")
        .token(&old.access)
        .when(move |_| {
            if asked.fetch_add(1, Ordering::Relaxed) + 1 == callers {
                open.open();
            }
            true
        })
        .hold(&all);
    let program = env::current_exe().expect("this program has a path");
    let output = Command::new(program)
        .args(["storm", who, &backend.url(), &callers.to_string()])
        .args([&old.access, &old.refresh, &new.access])
        .output()
        .expect("this program can be started again");
    assert!(
        output.status.success(),
        "{who}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8_lossy(&output.stdout);
    let mut figures = text
        .split_whitespace()
        .map(|word| word.parse().expect("a number"));
    let mut next = || figures.next().expect("two figures");
    let (millis, peak) = (next(), next());
    let refreshes = backend.ledger().look(|record| record.refreshes()) as f64;
    let sends = backend.ledger().look(|record| record.requests.len()) as f64 - refreshes;
    Turn {
        millis,
        sends,
        refreshes,
        peak,
    }
}

/// One turn of one of them, in a process of its own.
pub(crate) fn child(who: &str, words: &[&str]) -> ExitCode {
    let [url, callers, access, refresh, other] = words else {
        return ExitCode::FAILURE;
    };
    let callers = callers.parse().expect("a number of callers");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built");
    let millis = runtime.block_on(async {
        match who {
            "perennial" => {
                let tokens = Tokens::new(*access).refresh_token(*refresh);
                let shop = shop(url, Session::new(tokens));
                race(callers, move |id| {
                    let call = shop.item(id);
                    async move { drop(call.await.expect("an answer")) }
                })
                .await
            }
            "none" => {
                let (http, urls) = (http(), format!("{url}{ITEMS}"));
                let (old, new) = (bearer(access), bearer(other));
                race(callers, move |id| {
                    let (http, url) = (http.clone(), format!("{urls}{id}"));
                    let (old, new) = (old.clone(), new.clone());
                    async move {
                        assert_eq!(get(&http, &url, &old).await.0, 401);
                        assert_eq!(get(&http, &url, &new).await.0, 200);
                    }
                })
                .await
            }
            _ => {
                let hand = Arc::new(ByHand {
                    http: http(),
                    url: (*url).to_owned(),
                    tokens: tokio::sync::Mutex::new(((*access).to_owned(), (*refresh).to_owned())),
                });
                race(callers, move |id| {
                    let hand = hand.clone();
                    async move { hand.item(id).await }
                })
                .await
            }
        }
    });
    println!("{millis} {}", peak());
    ExitCode::SUCCESS
}

pub(crate) fn shop(url: &str, session: Session) -> ShopClient {
    ShopClient::builder()
        .base_url(url)
        .http(|http| http.http2_prior_knowledge())
        .session(session)
        .build()
        .expect("a client can be built")
}

/// Milliseconds from the first start to the last answer.
async fn race<F, R>(callers: usize, call: F) -> f64
where
    F: Fn(usize) -> R,
    R: Future<Output = ()> + Send + 'static,
{
    let begin = Instant::now();
    let tasks: Vec<_> = (0..callers).map(|id| tokio::spawn(call(id))).collect();
    for task in tasks {
        task.await.expect("no caller fails");
    }
    begin.elapsed().as_secs_f64() * 1e3
}

pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .http2_prior_knowledge()
        .build()
        .expect("a client can be built")
}

pub(crate) fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

async fn get(http: &reqwest::Client, url: &str, token: &str) -> (u16, Option<Echo>) {
    let request = http.get(url).header("authorization", token);
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let body = response.bytes().await.expect("a body");
    (status, serde_json::from_slice(&body).ok())
}

/// What people write: the token behind a lock, refreshed by whoever finds it unchanged.
struct ByHand {
    http: reqwest::Client,
    url: String,
    tokens: tokio::sync::Mutex<(String, String)>,
}

impl ByHand {
    async fn item(&self, id: usize) {
        let url = format!("{}{ITEMS}{id}", self.url);
        let used = self.tokens.lock().await.0.clone();
        let (status, echo) = get(&self.http, &url, &bearer(&used)).await;
        if status != 401 {
            assert!(echo.is_some(), "{status}");
            return;
        }
        let fresh = {
            let mut tokens = self.tokens.lock().await;
            if tokens.0 == used {
                *tokens = self.refresh(&tokens.1).await;
            }
            tokens.0.clone()
        };
        let (status, echo) = get(&self.http, &url, &bearer(&fresh)).await;
        assert!(status == 200 && echo.is_some_and(|echo| echo.path == "/items"));
    }

    async fn refresh(&self, token: &str) -> (String, String) {
        #[derive(Deserialize)]
        struct Answer {
            access_token: String,
            refresh_token: String,
        }
        let request = self.http.post(format!("{}{REFRESH}", self.url));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let response = request.body(format!("refresh_token={token}")).send().await;
        let body = response.expect("an answer").bytes().await.expect("a body");
        let answer: Answer = serde_json::from_slice(&body).expect("a pair");
        (answer.access_token, answer.refresh_token)
    }
}

/// The most memory that this process has had, in MiB.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}
