//! Two processes with configuration directories of their own, and one entry of the keyring.

use perennial::{Call, KeyringStore, OAuth2Tokens, Session, TokenStore, api_client};
use perennial_tests::folder::Folder;
use perennial_tests::{Backend, Gate, REFRESH, keyring, run};
use std::env;
use std::future::poll_fn;
use std::pin::pin;
use std::process::{Child, Command, Stdio};
use std::task::Poll;
use std::time::Duration;

/// In the environment of the two processes: the server's URL.
const SERVER: &str = "PERENNIAL_TEST_SERVER";
const NAME: &str = "config_dirs::two_config_dirs_one_keyring";

#[api_client(auth = bearer)]
trait Shop: Send + Sync {
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    #[get("/orders", decode = text)]
    fn orders(&self) -> Call<String>;
}

fn store(entry: &str) -> KeyringStore {
    KeyringStore::new("perennial-tests", entry)
}

fn session() -> Session {
    let session = Session::builder().store(store(NAME)).build();
    session.expect("the options fit together")
}

async fn calls(url: &str) {
    let session = session();
    let shop = ShopClient::builder()
        .base_url(url)
        .session(session.clone())
        .build()
        .expect("the client can be built");
    shop.orders().await.expect("the session is kept");
    session.close().await;
}

/// One of this binary's tests as another process, with directories of its own.
fn process(test: &str, folder: &Folder, server: &str) -> Child {
    let program = env::current_exe().expect("a test knows its program");
    let mut process = Command::new(program);
    process.args([test, "--exact", "--nocapture"]);
    process.env(SERVER, server);
    for variable in [
        "HOME",
        "TMPDIR",
        "XDG_CONFIG_HOME",
        "XDG_RUNTIME_DIR",
        "XDG_STATE_HOME",
    ] {
        process.env(variable, folder.path(""));
    }
    let process = process.stdout(Stdio::piped()).stderr(Stdio::piped());
    process.spawn().expect("the test's program runs again")
}

fn passed(process: Child) {
    let output = process.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// The marker in the record would make the second process wait, too, but only if it comes later.
#[test]
fn the_lock_is_that_of_the_user_and_the_entry() {
    let name = "config_dirs::the_lock_is_that_of_the_user_and_the_entry";
    if !keyring::here(name) {
        return;
    }
    let lease = Duration::from_secs(600);
    if env::var_os(SERVER).is_some() {
        return run(async {
            let store = store(name);
            let mut lock = pin!(store.lock(lease));
            for _ in 0..20 {
                let waits =
                    poll_fn(|context| Poll::Ready(lock.as_mut().poll(context).is_pending()));
                assert!(waits.await, "the other process holds the lock");
                store.load().await.expect("the keyring is unlocked");
            }
        });
    }
    run(async {
        let store = store(name);
        let held = store.lock(lease).await.expect("nobody else has it");
        passed(process(name, &Folder::new(), "none"));
        drop(held);
    });
}

/// The locks are those of the user and the entry, whatever a process takes its configuration from:
/// else both would spend the one refresh token.
#[test]
fn two_config_dirs_one_keyring() {
    if !keyring::here(NAME) {
        return;
    }
    if let Ok(url) = env::var(SERVER) {
        return run(calls(&url));
    }
    run(async {
        let backend = Backend::start();
        let session = session();
        session.sign_in(backend.sign_in("ada"));
        session.close().await;
        backend.expire_all();
        let gate = Gate::closed();
        backend.on(REFRESH).hold(&gate);

        let folders = [Folder::new(), Folder::new()];
        let processes = folders
            .each_ref()
            .map(|folder| process(NAME, folder, &backend.url()));
        let both = "two refused calls, and a refresh";
        let ledger = backend.ledger();
        ledger
            .wait_for(both, |record| {
                record.answered("/orders", 401) == 2 && record.refreshes() == 1
            })
            .await;
        gate.open();
        for process in processes {
            passed(process);
        }
        let record = ledger.read();
        assert_eq!(record.refreshes(), 1, "{record}");
    });
}
