//! A real Redis for the tests: on loopback, on a free port of its own, over with the test.

use crate::needs;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Runs its arguments, and kills them when its own input ends: so the server goes with the test,
/// also when the test is killed.
const WRAPPER: &str = r#""$@" </dev/null & server=$!
echo "pid $server"
exec >&-
cat >/dev/null
kill -KILL "$server" 2>/dev/null
wait "$server" 2>/dev/null"#;

/// Another process may take a port between the moment it is found and the moment it is used.
const PORTS_TO_TRY: usize = 20;

/// A running `redis-server`, which can be killed, stopped and started again on its port.
pub struct Redis {
    port: u16,
    password: Option<String>,
    /// Where an append-only file keeps what it holds; without it the content goes with the server.
    folder: Option<PathBuf>,
    running: Mutex<Option<Running>>,
}

struct Running {
    wrapper: Child,
    input: Option<ChildStdin>,
    pid: u32,
}

impl Redis {
    /// Whether there is a `redis-server` to be started; says so if not.
    #[must_use]
    pub fn there(test: &str) -> bool {
        needs(test, "redis-server", "apt-get install redis-server")
    }

    /// A server that keeps nothing on disk.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start() -> Self {
        Self::with(None, None)
    }

    /// A server that asks for a password.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn with_password(password: &str) -> Self {
        Self::with(Some(password.to_owned()), None)
    }

    /// A server that has everything it was told on disk before it answers, in a folder that is
    /// removed with it.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn durable() -> Self {
        static FOLDERS: AtomicUsize = AtomicUsize::new(0);
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let name = format!("perennial-redis-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        Self::with(None, Some(folder))
    }

    /// The one server that the tests of this binary share; each has keys of its own.
    ///
    /// # Panics
    /// When it does not start.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Redis> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    fn with(password: Option<String>, folder: Option<PathBuf>) -> Self {
        let mut redis = Self {
            port: 0,
            password,
            folder,
            running: Mutex::new(None),
        };
        let started = (0..PORTS_TO_TRY).any(|_| {
            redis.port = free_port();
            redis.launch()
        });
        assert!(started, "redis-server did not start");
        redis
    }

    /// Its URL, with the password if it asks for one.
    #[must_use]
    pub fn url(&self) -> String {
        let user = self
            .password
            .as_ref()
            .map(|password| format!(":{password}@"));
        format!(
            "redis://{}127.0.0.1:{}/",
            user.unwrap_or_default(),
            self.port
        )
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Kills it, as a crash would; returns when it is gone.
    pub fn kill(&self) {
        self.running().take();
    }

    /// Starts it again after [`kill`](Self::kill), on the same port.
    ///
    /// # Panics
    /// When it does not start.
    pub fn restart(&self) {
        assert!(self.launch(), "redis-server did not start again");
    }

    /// Stops it from answering, its connections open, until [`wake`](Self::wake).
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub fn wake(&self) {
        self.signal("CONT");
    }

    /// Sends one command, and gives the first line of the answer.
    ///
    /// # Panics
    /// When the server does not answer.
    pub fn tell(&self, words: &[&str]) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("it listens");
        if let Some(password) = &self.password {
            say(&mut stream, &["AUTH", password]);
        }
        say(&mut stream, words)
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn launch(&self) -> bool {
        let mut command = Command::new("sh");
        command.args(["-c", WRAPPER, "sh", "redis-server"]);
        command.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"]);
        command.args(["--save", "", "--daemonize", "no"]);
        match &self.folder {
            Some(folder) => command
                .args(["--appendonly", "yes", "--appendfsync", "always", "--dir"])
                .arg(folder),
            None => command.args(["--appendonly", "no", "--dir", "/"]),
        };
        if let Some(password) = &self.password {
            command.args(["--requirepass", password]);
        }
        let mut wrapper = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("there is a shell");
        let output = wrapper.stdout.take().expect("it is piped");
        let mut running = Running {
            input: wrapper.stdin.take(),
            wrapper,
            pid: 0,
        };
        let mut lines = BufReader::new(output).lines();
        let ready = lines.by_ref().map_while(Result::ok).any(|line| {
            if let Some(pid) = line.strip_prefix("pid ") {
                running.pid = pid.parse().unwrap_or_default();
            }
            line.contains("Ready to accept connections")
        });
        // What it says later is of no interest, but a full pipe would stop it.
        thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let up = ready && TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() && {
            // Someone else's server on that port is not ours.
            let id = format!("process_id:{}", running.pid);
            *self.running() = Some(running);
            self.answers_with(&id)
        };
        if !up {
            self.kill();
        }
        up
    }

    fn answers_with(&self, text: &str) -> bool {
        let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)) else {
            return false;
        };
        if let Some(password) = &self.password {
            say(&mut stream, &["AUTH", password]);
        }
        let _ = stream.write_all(&encode(&["INFO", "server"]));
        let _ = stream.write_all(&encode(&["QUIT"]));
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer.contains(text)
    }

    fn signal(&self, name: &str) {
        let running = self.running();
        let pid = running.as_ref().expect("it runs").pid;
        signal(pid, name);
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The end of its input is what the wrapper waits for.
        drop(self.input.take());
        let _ = self.wrapper.wait();
    }
}

/// Sends a signal to one process, by its id.
///
/// # Panics
/// When there is no `kill` program.
pub fn signal(pid: u32, name: &str) {
    let status = Command::new("sh")
        .args(["-c", "kill -\"$1\" \"$2\"", "sh", name, &pid.to_string()])
        .status();
    assert!(
        status.expect("there is a shell").success(),
        "process {pid} cannot be sent {name}"
    );
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("it is bound").port()
}

fn encode(words: &[&str]) -> Vec<u8> {
    let mut command = format!("*{}\r\n", words.len());
    for word in words {
        command.push_str(&format!("${}\r\n{word}\r\n", word.len()));
    }
    command.into_bytes()
}

fn say(stream: &mut TcpStream, words: &[&str]) -> String {
    stream.write_all(&encode(words)).expect("it listens");
    let mut line = String::new();
    let mut byte = [0];
    while stream.read_exact(&mut byte).is_ok() && byte[0] != b'\n' {
        line.push(char::from(byte[0]));
    }
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_what_it_was_told_only_on_disk() {
        if !Redis::there("it_keeps_what_it_was_told_only_on_disk") {
            return;
        }
        for (redis, kept) in [(Redis::start(), "$-1"), (Redis::durable(), "$5")] {
            assert_eq!(redis.tell(&["SET", "a", "hello"]), "+OK");
            redis.kill();
            redis.restart();
            assert_eq!(redis.tell(&["GET", "a"]), kept);
        }
    }

    #[test]
    fn it_asks_for_its_password() {
        if !Redis::there("it_asks_for_its_password") {
            return;
        }
        let redis = Redis::with_password("open-sesame");
        assert_eq!(redis.tell(&["PING"]), "+PONG");
        assert!(redis.url().contains(":open-sesame@"));
    }
}
