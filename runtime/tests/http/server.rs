//! A server that says what a test tells it to, byte by byte.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| &**value)
    }

    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }
}

/// What to answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: String,
    body: Vec<u8>,
    /// Says in its head that this many bytes more would come.
    missing: usize,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Alive,
    Close,
    Hang,
    Mute,
}

impl Reply {
    pub(crate) fn new(status: u16) -> Self {
        Self {
            status,
            headers: String::new(),
            body: Vec::new(),
            missing: 0,
            end: End::Alive,
        }
    }

    pub(crate) fn json(body: &str) -> Self {
        Self::new(200)
            .header("content-type", "application/json")
            .body(body)
    }

    /// Reads the request and closes without a word.
    pub(crate) fn mute() -> Self {
        Self {
            end: End::Mute,
            ..Self::new(200)
        }
    }

    /// Never answers.
    pub(crate) fn never() -> Self {
        Self {
            end: End::Hang,
            status: 0,
            ..Self::new(0)
        }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Breaks off before this many bytes.
    pub(crate) fn torn(self, missing: usize) -> Self {
        Self {
            missing,
            end: End::Close,
            ..self
        }
    }

    /// Falls silent before this many bytes.
    pub(crate) fn stalled(self, missing: usize) -> Self {
        Self {
            missing,
            end: End::Hang,
            ..self
        }
    }

    /// Sends these bytes in place of an answer, then closes.
    pub(crate) fn raw(bytes: &[u8]) -> Self {
        let reply = Self::new(0).body(bytes);
        Self {
            end: End::Close,
            ..reply
        }
    }

    fn bytes(&self) -> Vec<u8> {
        if self.status == 0 {
            return self.body.clone();
        }
        let length = self.body.len() + self.missing;
        let mut bytes = format!(
            "HTTP/1.1 {} X\r\ncontent-length: {length}\r\n{}\r\n",
            self.status, self.headers
        )
        .into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// A server on loopback; ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
}

type Answer = dyn Fn(&Seen) -> Reply + Send + Sync;

impl Server {
    /// Answers each request with what `answer` says.
    pub(crate) async fn start(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            seen: Arc::default(),
            connections: Arc::default(),
        };
        let (shared, answer): (_, Arc<Answer>) = (server.clone(), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(shared.clone().talk(stream, answer.clone()));
            }
        });
        server
    }

    /// The same answer to everything.
    pub(crate) async fn always(reply: Reply) -> Self {
        Self::start(move |_| reply.clone()).await
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The last request.
    pub(crate) fn last(&self) -> Seen {
        self.seen().pop().expect("a request has arrived")
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    async fn talk(self, stream: TcpStream, answer: Arc<Answer>) {
        let mut stream = BufReader::new(stream);
        while let Some(seen) = read(&mut stream).await {
            self.seen.lock().unwrap().push(seen.clone());
            let reply = answer(&seen);
            if reply.end == End::Mute {
                return;
            }
            if stream.write_all(&reply.bytes()).await.is_err() {
                return;
            }
            match reply.end {
                End::Alive => {}
                End::Hang => {
                    // Until the client goes away.
                    let _ = stream.read_u8().await;
                    return;
                }
                End::Close | End::Mute => return,
            }
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Seen> {
    let mut line = String::new();
    stream
        .read_line(&mut line)
        .await
        .ok()
        .filter(|read| *read > 0)?;
    let mut words = line.split(' ');
    let mut seen = Seen {
        method: words.next()?.to_owned(),
        target: words.next()?.to_owned(),
        ..Seen::default()
    };
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        seen.headers.push((name.to_owned(), value.to_owned()));
    }
    let mut body = Vec::new();
    if seen.header("transfer-encoding").is_some() {
        loop {
            let mut size = String::new();
            stream
                .read_line(&mut size)
                .await
                .ok()
                .filter(|read| *read > 0)?;
            let size = usize::from_str_radix(size.trim(), 16).ok()?;
            let mut chunk = vec![0; size + 2];
            stream.read_exact(&mut chunk).await.ok()?;
            body.extend_from_slice(&chunk[..size]);
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = seen.header("content-length") {
        body.resize(length.parse().ok()?, 0);
        stream.read_exact(&mut body).await.ok()?;
    }
    seen.body = String::from_utf8(body).ok()?;
    Some(seen)
}
