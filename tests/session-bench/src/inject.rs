//! What it costs to put a token that expires onto a request: alone, and from 16 tasks on all cores.

use aliri_tokens::{
    TokenWatcher, backoff::ErrorBackoffConfig, jitter::NullJitter, sources::ConstTokenSource,
};
use middle::{Authorizer, BasicClientCredentialAuthorizer};
use perennial::{
    __v1, HeaderMap, HeaderValue, Session, Tokens,
    testing::{Backend, Canned},
};
use serde_json::json;
use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl";
const HOUR: Duration = Duration::from_secs(3600);
/// Requests in a batch, batches of one contender in a turn, and turns.
const BATCH: usize = 100;
const BATCHES: usize = 2_000;
const TURNS: usize = 5;
const TASKS: usize = 16;

/// Puts the token on one request.
trait Inject: Clone + Send + Sync + 'static {
    fn inject(&self, headers: &mut HeaderMap) -> impl Future<Output = ()> + Send;
}

pub(crate) fn report() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built");
    let backend = Backend::start();
    runtime.block_on(async {
        let session = Perennial(session());
        let mutex = Mutex(Arc::new(tokio::sync::Mutex::new((
            TOKEN.to_owned(),
            Instant::now() + HOUR,
        ))));
        let aliri = Aliri(aliri().await);
        let middle = Middle(authorizer(&backend).await);
        let mut rows: [(&str, Vec<f64>, Vec<f64>); 4] = [
            ("perennial", vec![], vec![]),
            ("tokio::sync::Mutex<Tokens>", vec![], vec![]),
            (
                "aliri_tokens 0.3 (as aliri_reqwest injects)",
                vec![],
                vec![],
            ),
            ("middle 0.5", vec![], vec![]),
        ];
        for _ in 0..TURNS {
            rows[0].1.extend(alone(&session).await);
            rows[1].1.extend(alone(&mutex).await);
            rows[2].1.extend(alone(&aliri).await);
            rows[3].1.extend(alone(&middle).await);
            rows[0].2.push(together(&session).await);
            rows[1].2.push(together(&mutex).await);
            rows[2].2.push(together(&aliri).await);
            rows[3].2.push(together(&middle).await);
        }
        println!("injection of a token that expires, ns a request");
        println!(
            "{:<48}{:>10}{:>10}{:>18}",
            "", "p50", "p99", "16 tasks, a core"
        );
        for (what, alone, together) in &mut rows {
            alone.sort_by(f64::total_cmp);
            let at = |part: f64| alone[((alone.len() - 1) as f64 * part) as usize];
            let together = crate::median(together.clone());
            println!(
                "{what:<48}{:>10.1}{:>10.1}{together:>18.1}",
                at(0.5),
                at(0.99)
            );
        }
        println!("mark: p50 of perennial at most 50 ns");
    });
}

/// Nanoseconds a request, for each batch.
async fn alone<I: Inject>(contender: &I) -> Vec<f64> {
    let mut figures = Vec::with_capacity(BATCHES);
    for _ in 0..BATCHES {
        let mut requests = blank();
        let begin = Instant::now();
        for headers in &mut requests {
            black_box(contender).inject(headers).await;
        }
        figures.push(begin.elapsed().as_secs_f64() * 1e9 / BATCH as f64);
        assert!(
            requests
                .iter()
                .all(|headers| headers.contains_key("authorization"))
        );
    }
    figures
}

/// Nanoseconds of one core a request, while 16 tasks do nothing else. The empty requests are made
/// outside of what is measured.
async fn together<I: Inject>(contender: &I) -> f64 {
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let contender = contender.clone();
            tokio::spawn(async move {
                let mut spent = Duration::ZERO;
                for _ in 0..BATCHES / 4 {
                    let mut requests = blank();
                    let begin = Instant::now();
                    for headers in &mut requests {
                        black_box(&contender).inject(headers).await;
                    }
                    spent += begin.elapsed();
                    tokio::task::yield_now().await;
                }
                spent.as_secs_f64() * 1e9 / (BATCH * (BATCHES / 4)) as f64
            })
        })
        .collect();
    let mut sum = 0.0;
    for task in tasks {
        sum += task.await.expect("no task fails");
    }
    sum / TASKS as f64
}

fn blank() -> Vec<HeaderMap> {
    let blank = || {
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert("accept", HeaderValue::from_static("application/json"));
        headers
    };
    std::iter::repeat_with(blank).take(BATCH).collect()
}

#[derive(Clone)]
struct Perennial(Session);

fn session() -> Session {
    let pair = Tokens::new(TOKEN).refresh_token("R1").expires_in(HOUR);
    let refresh = |_| async { Err(perennial::RefreshFailure::not_sent("nobody asks")) };
    let session = Session::builder().tokens(pair).refresh_by(refresh).build();
    session.expect("the defaults fit together")
}

impl Inject for Perennial {
    async fn inject(&self, headers: &mut HeaderMap) {
        assert!(__v1::inject(&self.0, headers));
    }
}

/// What people write: a token and its expiry behind a lock.
#[derive(Clone)]
struct Mutex(Arc<tokio::sync::Mutex<(String, Instant)>>);

impl Inject for Mutex {
    async fn inject(&self, headers: &mut HeaderMap) {
        let token = {
            let held = self.0.lock().await;
            assert!(Instant::now() < held.1);
            held.0.clone()
        };
        let value = HeaderValue::try_from(format!("Bearer {token}")).expect("plain text");
        headers.insert("authorization", value);
    }
}

#[derive(Clone)]
struct Aliri(TokenWatcher);

async fn aliri() -> TokenWatcher {
    let source = ConstTokenSource::new(TOKEN).with_token_valid_for(aliri_clock::DurationSecs(3600));
    let backoff = ErrorBackoffConfig::default();
    let watcher = TokenWatcher::spawn_from_token_source(source, NullJitter, backoff).await;
    watcher.expect("the source cannot fail")
}

impl Inject for Aliri {
    async fn inject(&self, headers: &mut HeaderMap) {
        let token = self.0.token();
        let text = ["Bearer ", token.access_token().as_str()].concat();
        let mut value = HeaderValue::try_from(text).expect("plain text");
        value.set_sensitive(true);
        headers.insert("authorization", value);
    }
}

#[derive(Clone)]
struct Middle(BasicClientCredentialAuthorizer);

async fn authorizer(backend: &Backend) -> BasicClientCredentialAuthorizer {
    let answer = json!({ "access_token": TOKEN, "token_type": "bearer", "expires_in": 3600 });
    backend
        .on("/oauth/token")
        .answer(Canned::json(200, &answer));
    let url = format!("{}/oauth/token", backend.url());
    let url = url.parse().expect("a URL");
    let builder = BasicClientCredentialAuthorizer::basic_builder("id", "secret", url);
    builder.build().await.expect("the token endpoint answers")
}

impl Inject for Middle {
    async fn inject(&self, headers: &mut HeaderMap) {
        let value = self.0.authorization_header().expect("the token is fresh");
        headers.insert("authorization", (*value).clone());
    }
}
