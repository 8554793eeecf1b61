//! A token endpoint that answers with bytes from a list, and an API beside it that takes one
//! access token; both on one raw socket.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What came to the token endpoint: the head's lines as they were, and the form.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) form: Vec<(String, String)>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// All values of a parameter.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let named = self.form.iter().filter(|(found, _)| found == name);
        named.map(|(_, value)| value.as_str()).collect()
    }
}

/// A running endpoint; it ends with the value.
pub(crate) struct Endpoint {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    answers: VecDeque<String>,
    asked: Vec<Asked>,
    /// The access tokens that the API takes.
    live: Vec<String>,
    /// What it says of itself.
    metadata: String,
    /// What it tells a device.
    device: String,
}

impl Endpoint {
    /// Answers one refresh after the other with these bytes, and closes the connection after each.
    pub(crate) async fn answering<S: Into<String>>(answers: impl IntoIterator<Item = S>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket");
        let state = Arc::new(Mutex::new(State {
            answers: answers.into_iter().map(Into::into).collect(),
            ..State::default()
        }));
        let serves = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, serves.clone()));
            }
        });
        Self {
            url: format!("http://{address}"),
            state,
            task,
        }
    }

    pub(crate) fn token_url(&self) -> String {
        format!("{}/token", self.url)
    }

    /// The API takes this access token from now on.
    pub(crate) fn takes(&self, access: &str) {
        lock(&self.state).live.push(access.to_owned());
    }

    /// What it says of itself below `/.well-known/`.
    pub(crate) fn describes(&self, metadata: &str) {
        metadata.clone_into(&mut lock(&self.state).metadata);
    }

    /// What it answers at `/device`.
    pub(crate) fn authorizes(&self, device: &str) {
        device.clone_into(&mut lock(&self.state).device);
    }

    /// Every refresh so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        lock(&self.state).asked.clone()
    }

    /// The last refresh.
    pub(crate) fn last(&self) -> Asked {
        self.asked().pop().expect("the token endpoint was asked")
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let Some((head, body)) = read(&mut stream).await else {
        return;
    };
    let answer = if head.starts_with("POST /token") {
        let form = url::form_urlencoded::parse(body.as_bytes());
        let form = form.into_owned().collect();
        let mut state = lock(&state);
        state.asked.push(Asked { head, form });
        state.answers.pop_front().unwrap_or_default()
    } else if head.starts_with("GET /.well-known/") {
        json(200, &lock(&state).metadata)
    } else if head.starts_with("POST /device") {
        json(200, &lock(&state).device)
    } else {
        let live = lock(&state).live.clone();
        let carries = |token: &String| head.contains(&format!("authorization: Bearer {token}\r\n"));
        match live.iter().any(carries) {
            true => whole(200, "content-type: text/plain\r\n", "me"),
            false => json(401, "{}"),
        }
    };
    let _ = stream.write_all(answer.as_bytes()).await;
}

async fn read(stream: &mut TcpStream) -> Option<(String, String)> {
    let (mut all, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream
            .read(&mut buffer)
            .await
            .ok()
            .filter(|read| *read > 0)?;
        all.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&all);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.parse().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            return Some((format!("{head}\r\n"), body.to_owned()));
        }
    }
}

/// A whole answer with a JSON body.
pub(crate) fn json(status: u16, body: &str) -> String {
    whole(status, "content-type: application/json\r\n", body)
}

/// A whole answer with these headers.
pub(crate) fn whole(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}
