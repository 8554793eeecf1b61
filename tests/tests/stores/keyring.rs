//! The keyring store, on GNOME's keyring.

use perennial::testing::store_conformance;
use perennial::{
    Call, Expected, KeyringStore, OAuth2Tokens, Record, Session, StoreErrorKind, Swap, TokenStore,
    Tokens, api_client,
};
use perennial_tests::clock::Hands;
use perennial_tests::{Backend, Gate, REFRESH, keyring, run};

const SERVICE: &str = "perennial-tests";

#[api_client(auth = bearer)]
trait Shop: Send + Sync {
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    #[get("/orders", decode = text)]
    fn orders(&self) -> Call<String>;
}

fn shop(backend: &Backend, session: &Session) -> ShopClient {
    ShopClient::builder()
        .base_url(backend.url())
        .session(session.clone())
        .build()
        .expect("the client can be built")
}

async fn refresh_token(record: &Record) -> String {
    let bytes = record.encode();
    let json: serde_json::Value = serde_json::from_slice(&bytes).expect("a record is JSON");
    json["refresh_token"]
        .as_str()
        .expect("it has one")
        .to_owned()
}

#[test]
fn conforms() {
    if !keyring::here("keyring::conforms") {
        return;
    }
    run(async {
        store_conformance(|| async { KeyringStore::new(SERVICE, "conforms") }).await;
    });
}

/// Someone else's content is neither taken for a session nor overwritten.
#[test]
fn what_is_no_record_is_kept_and_said() {
    if !keyring::here("keyring::what_is_no_record_is_kept_and_said") {
        return;
    }
    run(async {
        let store = KeyringStore::new(SERVICE, "foreign");
        let entry =
            |name: &str| ::keyring::v1::Entry::new(SERVICE, name).expect("it can be opened");
        let mine = entry("foreign");
        for (number, (bad, kind)) in [
            (&b""[..], StoreErrorKind::Unreadable),
            (b"hunter2", StoreErrorKind::Unreadable),
            (b"\xff\xfe\x00", StoreErrorKind::Unreadable),
            (b"{\"schema\":1,\"version\":3", StoreErrorKind::Unreadable),
            (b"{\"schema\":99}", StoreErrorKind::Unsupported),
        ]
        .into_iter()
        .enumerate()
        {
            mine.set_secret(bad).expect("it can be written");
            let error = store.load().await.expect_err("that is no record");
            assert_eq!(error.kind(), kind, "{error}");
            let said = error.to_string();
            assert!(said.contains("foreign of perennial-tests"), "{said}");
            assert!(!said.contains("hunter2"), "{said}");
            let record = record().await;
            let swap = store.compare_and_swap(Expected::Version(3), record.clone());
            assert!(swap.await.is_err());
            assert!(store.clear(3).await.is_err());
            assert_eq!(mine.get_secret().expect("it is there"), bad);

            let swap = store.compare_and_swap(Expected::Anything, record).await;
            assert!(matches!(swap, Ok(Swap::Done(_))), "{swap:?}");
            assert!(store.load().await.expect("it can be read").is_some());
            let aside = entry(&format!("foreign.unreadable-{}", number + 1));
            assert_eq!(aside.get_secret().expect("it was put aside"), bad);
        }
    });
}

async fn record() -> Record {
    let store = perennial::MemoryStore::new();
    let session = Session::builder()
        .store(store.clone())
        .tokens(Tokens::new("A1").refresh_token("R1"))
        .build()
        .expect("the options fit together");
    session.close().await;
    let stored = store.load().await.expect("memory can be read");
    stored.expect("the session has signed in")
}

#[test]
fn a_locked_keyring_is_said_to_be_locked() {
    if !keyring::here_alone("keyring::a_locked_keyring_is_said_to_be_locked") {
        return;
    }
    run(async {
        let store = KeyringStore::new(SERVICE, "locked");
        let record = record().await;
        let swap = store.compare_and_swap(Expected::Anything, record.clone());
        let Swap::Done(version) = swap.await.expect("it is unlocked") else {
            panic!("nothing was expected")
        };
        keyring::lock();
        for error in [
            store.load().await.map(drop).expect_err("it is locked"),
            store
                .clear(version)
                .await
                .map(drop)
                .expect_err("it is locked"),
            store
                .compare_and_swap(Expected::Anything, record)
                .await
                .map(drop)
                .expect_err("it is locked"),
        ] {
            assert_eq!(error.kind(), StoreErrorKind::Locked, "{error}");
            assert!(error.to_string().contains("unlock"), "{error}");
        }
        keyring::unlock();
        let held = store.load().await.expect("it is unlocked");
        assert_eq!(held.expect("nothing was lost").version(), version);
    });
}

/// The keyring is locked while a refresh is under way, so that the new pair cannot be written: it
/// is used all the same, and written when the keyring is unlocked.
#[test]
fn keyring_locked_after_rotation() {
    if !keyring::here_alone("keyring::keyring_locked_after_rotation") {
        return;
    }
    run(async {
        let (backend, clock) = (Backend::start(), Hands::new());
        let store = KeyringStore::new(SERVICE, "rotation");
        let session = Session::builder()
            .clock(clock.clone())
            .store(store.clone())
            .tokens(backend.sign_in("ada"))
            .build()
            .expect("the options fit together");
        let shop = shop(&backend, &session);
        session.close().await;

        backend.expire_all();
        let gate = Gate::closed();
        backend.on(REFRESH).hold(&gate);
        let call = tokio::spawn(shop.orders());
        let rotated = |record: &perennial_tests::backend::Record| record.refreshes() == 1;
        backend.ledger().wait_for("the refresh", rotated).await;
        keyring::lock();
        gate.open();
        call.await.expect("no panic").expect("the new token serves");
        let tokens = session.tokens().expect("signed in");
        let new = tokens.refresh().expect("it has one").expose().to_owned();
        shop.orders().await.expect("it goes on serving");

        // What could not be written is still to be written.
        let mut closing = std::pin::pin!(session.close());
        let closed = std::future::poll_fn(|context| {
            std::task::Poll::Ready(closing.as_mut().poll(context).is_ready())
        });
        assert!(!closed.await, "the new pair is not in the keyring yet");

        keyring::unlock();
        let moving = async {
            loop {
                clock.advance_secs(30);
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            () = closing => {}
            () = moving => {}
        }
        let held = store.load().await.expect("it is unlocked");
        assert_eq!(refresh_token(&held.expect("a session")).await, new);
        assert_eq!(backend.ledger().read().refreshes(), 1);
    });
}
