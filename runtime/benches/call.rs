//! What a call costs beside hand-written reqwest and serde_json doing the same, and what the
//! token costs alone.
//!
//! Both send the same request over one kept-alive connection to a server on loopback. They take
//! turns, so that what else the machine does falls on both.

use perennial::{
    __v1::{self, Api, Auth, Choice, Endpoint, Json, Request},
    BoxFuture, Call, Client, Clock, HeaderMap, HeaderValue, RefreshEndpoint, Session, SystemClock,
    Tokens, Url,
};
use serde::Deserialize;
use std::{
    hint::black_box,
    thread,
    time::{Duration, Instant, SystemTime},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

/// Turns of each, and calls in a turn.
const TURNS: usize = 1_000;
const CALLS: u32 = 50;
/// Rounds, and injections in a round; short, so that some are not interrupted.
const ROUNDS: usize = 20_000;
const INJECTIONS: usize = 100;

#[derive(Debug, Deserialize, PartialEq)]
struct User {
    id: u64,
    name: String,
    email: Option<String>,
}

const BODY: &str = r#"{"id":7,"name":"Ada Lovelace","email":"ada@example.com"}"#;

static API: Api = Api {
    auth: Auth::Bearer,
    ..Api::new("BenchApi")
};
static USER: Endpoint = Endpoint::new(&API, "BenchApi::user", "GET", "/users/{id}");

static TOKEN: Endpoint = Endpoint {
    refresh: true,
    ..Endpoint::new(&API, "BenchApi::token", "POST", "/token")
};
const REFRESH: RefreshEndpoint =
    RefreshEndpoint::new(&TOKEN, |_, _| {}, |reply| Ok(reply.text().into()));

/// What `#[api_client]` writes for `#[get("/users/{id}")] fn user(&self, id: u64, #[query] full: bool)`.
fn method(client: &Client, id: u64, full: bool) -> Call<User> {
    let mut request = Request::new(client, &USER);
    request.path(&id);
    request.query("full", &full);
    Call::__new(request, Choice::<Json>::NEW)
}

/// What a person would write.
async fn by_hand(client: &reqwest::Client, base: &str, token: &str, id: u64, full: bool) -> User {
    let url = Url::parse(&format!("{base}/users/{id}?full={full}")).unwrap();
    let request = client
        .get(url)
        .bearer_auth(token)
        .header("accept", "application/json");
    let response = request.send().await.unwrap().error_for_status().unwrap();
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

fn main() {
    let base = serve();
    let runtime = runtime();
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl";
    let hour = Duration::from_secs(3600);
    let pair = Tokens::new(token).refresh_token("R1").expires_in(hour);
    let builder = Client::builder().base_url(&base).refresh(REFRESH);
    let client = builder.session(Session::new(pair)).build().unwrap();
    #[expect(clippy::disallowed_methods, reason = "a person would write it so")]
    let plain = reqwest::Client::new();

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    runtime.block_on(async {
        for _ in 0..TURNS {
            let start = Instant::now();
            for id in 0..CALLS {
                black_box(by_hand(&plain, &base, token, id.into(), true).await);
            }
            theirs.push(start.elapsed() / CALLS);
            let start = Instant::now();
            for id in 0..CALLS {
                black_box(method(&client, id.into(), true).await.unwrap());
            }
            ours.push(start.elapsed() / CALLS);
        }
    });
    let extra = median(
        ours.iter()
            .zip(&theirs)
            .map(|(o, t)| o.as_secs_f64() - t.as_secs_f64()),
    );
    let hand = median(theirs.iter().map(Duration::as_secs_f64));
    let call = median(ours.iter().map(Duration::as_secs_f64));
    let mark = 3e-6 + hand / 100.0;
    println!("by hand          {:8.2} µs a call", hand * 1e6);
    println!("a method         {:8.2} µs a call", call * 1e6);
    println!(
        "more             {:8.2} µs a call, mark {:.2} µs: {}",
        extra * 1e6,
        mark * 1e6,
        said(extra <= mark)
    );

    let fixed = inject(&Session::fixed(token));
    let expiring = inject(client.session().unwrap());
    let precise = inject(&precise(
        Tokens::new(token).refresh_token("R1").expires_in(hour),
    ));
    let all = [
        ("fixed", fixed),
        ("expiring", expiring),
        ("expiring, by a precise look at the clock", precise),
    ];
    for (what, cost) in all {
        let (cost, kept) = (cost * 1e9, said(cost < 50e-9));
        println!("token injection  {cost:8.2} ns, mark 50 ns: {kept} ({what})");
    }
    println!("a precise look   {:8.2} ns", clock() * 1e9);
}

fn said(kept: bool) -> &'static str {
    if kept { "kept" } else { "MISSED" }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Each token goes into headers that hold none yet, as a call's do.
fn inject(session: &Session) -> f64 {
    let blank = || {
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert("accept", HeaderValue::from_static("application/json"));
        headers
    };
    best(|| {
        let mut all: Vec<HeaderMap> = (0..INJECTIONS).map(|_| blank()).collect();
        let start = Instant::now();
        for headers in &mut all {
            assert!(__v1::inject(black_box(session), headers));
        }
        start.elapsed()
    })
}

/// The system's clocks without the kernel's ticks.
struct Precise(SystemClock);

impl Clock for Precise {
    fn wall(&self) -> SystemTime {
        self.0.wall()
    }

    fn monotonic(&self) -> Duration {
        self.0.monotonic()
    }

    fn sleep_until(&self, moment: Duration) -> BoxFuture<'static, ()> {
        self.0.sleep_until(moment)
    }
}

fn precise(tokens: Tokens) -> Session {
    let builder = Session::builder().clock(Precise(SystemClock::new()));
    let renew = |_| async { Ok(Tokens::new("A2").refresh_token("R2")) };
    builder.tokens(tokens).refresh_by(renew).build().unwrap()
}

/// What a look at the clock costs by itself.
fn clock() -> f64 {
    let origin = Instant::now();
    best(|| {
        let start = Instant::now();
        for _ in 0..INJECTIONS {
            black_box(black_box(&origin).elapsed());
        }
        start.elapsed()
    })
}

/// The best of many rounds: nothing can make it look faster than it is.
fn best(round: impl FnMut() -> Duration) -> f64 {
    let rounds = std::iter::repeat_with(round).take(ROUNDS);
    rounds.min().unwrap_or_default().as_secs_f64() / INJECTIONS as f64
}

/// Answers every request on every connection with the same user.
///
/// One thread for all connections: with one each, where the machine happens to put them decides.
fn serve() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        runtime().block_on(async {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream));
            }
        });
    });
    base
}

async fn talk(mut stream: TcpStream) -> std::io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ";
    let answer = format!("{head}{}\r\n\r\n{BODY}", BODY.len());
    stream.set_nodelay(true)?;
    let (mut read, mut filled) = ([0; 4096], 0);
    loop {
        match stream.read(&mut read[filled..]).await? {
            0 => return Ok(()),
            more => filled += more,
        }
        if read[..filled].ends_with(b"\r\n\r\n") {
            stream.write_all(answer.as_bytes()).await?;
            filled = 0;
        }
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
