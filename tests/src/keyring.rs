//! A real keyring for the tests: GNOME's, on a session bus of its own, over with the test.
//!
//! Which bus a process has, its environment says, and that can be changed safely only before it
//! starts. So a test that wants a keyring runs once more, as a process that has one:
//!
//! ```no_run
//! use perennial::KeyringStore;
//! use perennial_tests::keyring;
//!
//! // The name that the test runner knows the test by.
//! fn a_session_is_kept() {
//!     if !keyring::here("stores::a_session_is_kept") {
//!         return;
//!     }
//!     let store = KeyringStore::new("perennial-tests", "stores::a_session_is_kept");
//! }
//! ```
//!
//! Tests that use [`here`] share one keyring for each test binary, so each takes an entry of its
//! own; one that locks the keyring takes [`here_alone`].

use crate::folder::Folder;
use crate::needs;
use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use zbus::blocking::Connection;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};

/// In the environment of processes that have a keyring of the tests'.
const INSIDE: &str = "PERENNIAL_TEST_KEYRING";

const PASSWORD: &str = "of the keyring";

/// Starts the keyring's daemon on a new bus, says the bus's address, and ends both when its own
/// input ends: so they go with the test, also when the test is killed.
///
/// The bus itself knows no folder: it would make its own there again while that is removed.
const WRAPPER: &str = r#"
export XDG_RUNTIME_DIR="$FOLDER"
printf %s "$PASSWORD" | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 & daemon=$!
owned() { dbus-send --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets; }
until owned 2>/dev/null | grep -q 'boolean true'; do
    kill -0 "$daemon" 2>/dev/null || exit 1
    sleep 0.02
done
echo "$DBUS_SESSION_BUS_ADDRESS"
exec >&-
cat >/dev/null
kill -KILL "$daemon" 2>/dev/null
rm -rf -- "$FOLDER"
"#;

/// Whether this process has a keyring.
///
/// If not, the test of that name is run again, in a process that has one, and false is answered
/// once it has passed there; or that was skipped, where this machine has no keyring to start.
///
/// # Panics
/// When the test fails there.
#[must_use]
pub fn here(test: &str) -> bool {
    static SHARED: OnceLock<Keyring> = OnceLock::new();
    within(test, || SHARED.get_or_init(Keyring::start).run(test))
}

/// The same with a keyring that no other test sees.
///
/// # Panics
/// When the test fails there.
#[must_use]
pub fn here_alone(test: &str) -> bool {
    within(test, || Keyring::start().run(test))
}

fn within(test: &str, run: impl FnOnce()) -> bool {
    if env::var_os(INSIDE).is_some() {
        return true;
    }
    let how = "apt-get install gnome-keyring dbus";
    if needs(test, "gnome-keyring-daemon", how) && needs(test, "dbus-run-session", how) {
        run();
    }
    false
}

/// A bus with a keyring on it.
struct Keyring {
    address: String,
    wrapper: Child,
    input: Option<ChildStdin>,
    folder: Folder,
}

impl Keyring {
    fn start() -> Self {
        let folder = Folder::new();
        let mut command = Command::new("dbus-run-session");
        command.args(["--", "sh", "-c", WRAPPER]);
        command.env("PASSWORD", PASSWORD);
        command.env("FOLDER", folder.path(""));
        for (variable, value) in places(&folder) {
            command.env(variable, value);
        }
        command.env_remove("XDG_RUNTIME_DIR");
        let mut wrapper = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-run-session starts");
        let input = wrapper.stdin.take();
        let mut address = String::new();
        let output = wrapper.stdout.take().expect("it was asked for");
        BufReader::new(output)
            .read_line(&mut address)
            .expect("the address is text");
        assert!(!address.is_empty(), "the keyring did not start");
        Self {
            address: address.trim().to_owned(),
            wrapper,
            input,
            folder,
        }
    }

    /// Runs one test of this binary again, with the keyring.
    fn run(&self, test: &str) {
        let program = env::current_exe().expect("a test knows its program");
        let mut command = Command::new(program);
        command.args([test, "--exact", "--nocapture"]);
        command.env(INSIDE, "1");
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        for (variable, value) in places(&self.folder) {
            command.env(variable, value);
        }
        let output = command.output().expect("the test's program runs again");
        let said = String::from_utf8_lossy(&output.stdout);
        let failed = String::from_utf8_lossy(&output.stderr);
        let passed = output.status.success() && said.contains("test result: ok. 1 passed");
        assert!(
            passed,
            "{test} failed where there is a keyring (or is none of this binary's tests):\n{said}{failed}"
        );
    }
}

/// Whatever the user of this machine has is out of reach.
fn places(folder: &Folder) -> [(&'static str, std::path::PathBuf); 3] {
    ["HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"].map(|variable| (variable, folder.path("")))
}

impl Drop for Keyring {
    fn drop(&mut self) {
        drop(self.input.take());
        drop(self.wrapper.wait());
    }
}

const SECRETS: &str = "org.freedesktop.secrets";
const SERVICE: &str = "/org/freedesktop/secrets";
const COLLECTION: &str = "/org/freedesktop/secrets/collection/login";

fn bus() -> Connection {
    assert!(env::var_os(INSIDE).is_some(), "in a process with a keyring");
    Connection::session().expect("the bus is there")
}

fn collection() -> ObjectPath<'static> {
    ObjectPath::from_static_str_unchecked(COLLECTION)
}

/// Locks the keyring of this process, as a screen lock may do.
///
/// # Panics
/// When the keyring does not let it.
pub fn lock() {
    let interface = Some("org.freedesktop.Secret.Service");
    let what = &(vec![collection()],);
    bus()
        .call_method(Some(SECRETS), SERVICE, interface, "Lock", what)
        .expect("it can be locked");
}

/// Unlocks it again, as its owner would by the password.
///
/// # Panics
/// When the keyring does not let it.
pub fn unlock() {
    let bus = bus();
    let session: (OwnedValue, OwnedObjectPath) = bus
        .call_method(
            Some(SECRETS),
            SERVICE,
            Some("org.freedesktop.Secret.Service"),
            "OpenSession",
            &("plain", Value::from("")),
        )
        .and_then(|answer| answer.body().deserialize())
        .expect("a session begins");
    let secret = (
        session.1,
        Vec::<u8>::new(),
        PASSWORD.as_bytes().to_vec(),
        "text/plain",
    );
    bus.call_method(
        Some(SECRETS),
        SERVICE,
        Some("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"),
        "UnlockWithMasterPassword",
        &(collection(), secret),
    )
    .expect("the password fits");
}
