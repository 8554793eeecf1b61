//! Two processes with configuration directories of their own, and one entry of the keyring.

use perennial::{Call, KeyringStore, OAuth2Tokens, Session, api_client};
use perennial_tests::folder::Folder;
use perennial_tests::{Backend, Gate, REFRESH, keyring, run};
use std::env;
use std::process::{Command, Stdio};

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

fn session() -> Session {
    let store = KeyringStore::new("perennial-tests", NAME);
    let session = Session::builder().store(store).build();
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
        let processes = folders.each_ref().map(|folder| {
            let program = env::current_exe().expect("a test knows its program");
            let mut process = Command::new(program);
            process.args([NAME, "--exact", "--nocapture"]);
            process.env(SERVER, backend.url());
            let places = [
                "HOME",
                "TMPDIR",
                "XDG_CONFIG_HOME",
                "XDG_RUNTIME_DIR",
                "XDG_STATE_HOME",
            ];
            for variable in places {
                process.env(variable, folder.path(""));
            }
            let process = process.stdout(Stdio::piped()).stderr(Stdio::piped());
            process.spawn().expect("the test's program runs again")
        });
        let both = "two refused calls, and a refresh";
        let ledger = backend.ledger();
        ledger
            .wait_for(both, |record| {
                record.answered("/orders", 401) == 2 && record.refreshes() == 1
            })
            .await;
        gate.open();
        for process in processes {
            let output = process.wait_with_output().expect("it ends");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
        }
        let record = ledger.read();
        assert_eq!(record.refreshes(), 1, "{record}");
    });
}
