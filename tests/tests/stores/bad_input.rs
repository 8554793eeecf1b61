//! Files that are broken, disks that are full, directories that take nothing, clocks that jump.

use crate::disk::{self, Disk};
use perennial::{
    Call, EncryptionKey, Expected, FileStore, MemoryStore, OAuth2Tokens, Record, Session,
    StoreErrorKind, Swap, TokenStore, Tokens, api_client,
};
use perennial_tests::backend::Backend;
use perennial_tests::blame::store_failure;
use perennial_tests::clock::Hands;
use perennial_tests::folder::Folder;
use perennial_tests::{Convention, logs, run};
use std::fs;
use std::path::Path;
use std::time::Duration;

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

fn session(store: impl TokenStore, clock: &Hands) -> Session {
    Session::builder()
        .store(store)
        .clock(clock.clone())
        .build()
        .expect("the options fit together")
}

/// The record of someone who has signed in.
async fn record() -> Record {
    let store = MemoryStore::new();
    let session = Session::builder()
        .store(store.clone())
        .tokens(Tokens::new("access-secret").refresh_token("refresh-secret"))
        .build()
        .expect("the options fit together");
    session.close().await;
    let stored = store.load().await.expect("memory can be read");
    stored.expect("the session has signed in")
}

async fn write(store: &FileStore, record: Record) -> u64 {
    match store.compare_and_swap(Expected::Anything, record).await {
        Ok(Swap::Done(version)) => version,
        other => panic!("expected a write, found {other:?}"),
    }
}

/// Each kind of broken content: a clear error, and nothing of it is lost or shown.
async fn refused(store: &FileStore, path: &Path, content: &[u8], kind: StoreErrorKind) {
    fs::write(path, content).expect("the test can write");
    let error = store.load().await.expect_err("that is no record");
    let said = error.to_string();
    assert_eq!(error.kind(), kind, "{said}");
    assert!(said.contains(&path.display().to_string()), "{said}");
    assert!(
        !said.contains("secret") && !format!("{error:?}").contains("secret"),
        "{error:?}"
    );
    let swap = store.compare_and_swap(Expected::Version(1), record().await);
    assert!(swap.await.is_err());
    assert!(store.clear(1).await.is_err());
    assert_eq!(fs::read(path).expect("it is there"), content);
}

#[tokio::test]
async fn content_that_is_no_record() {
    use StoreErrorKind::{Unreadable, Unsupported};
    let folder = Folder::new();
    let path = folder.path("session.json");
    let store = FileStore::new(&path);
    let whole = record().await.with_version(1).encode().to_vec();
    let newer = String::from_utf8(whole.clone()).expect("JSON is text");
    let newer = newer.replacen("\"schema\":1", "\"schema\":2", 1);
    for length in [0, 1, 10, whole.len() / 2, whole.len() - 1] {
        refused(&store, &path, &whole[..length], Unreadable).await;
    }
    refused(&store, &path, newer.as_bytes(), Unsupported).await;
    refused(&store, &path, b"\x7fELF\0secret\xff\xfe", Unreadable).await;
    refused(&store, &path, b"secret", Unreadable).await;
    refused(&store, &path, b"{\"access_token\":\"secret\"}", Unreadable).await;
    refused(&store, &path, &b"\0".repeat(4096), Unreadable).await;
}

#[tokio::test]
async fn encrypted_content_that_cannot_be_opened() {
    use StoreErrorKind::{Unreadable, Unsupported};
    let folder = Folder::new();
    let path = folder.path("session");
    let store = FileStore::new(&path).encrypted(EncryptionKey::new([7; 32]));
    write(&store, record().await).await;
    let sealed = fs::read(&path).expect("it was written");
    assert!(!String::from_utf8_lossy(&sealed).contains("secret"));

    for length in [0, 20, 30, 50, 70, sealed.len() - 1] {
        refused(&store, &path, &sealed[..length], Unreadable).await;
    }
    let mut changed = sealed.clone();
    changed[60] ^= 1;
    refused(&store, &path, &changed, Unreadable).await;
    let newer = sealed.iter().enumerate();
    let newer: Vec<u8> = newer
        .map(|(at, byte)| if at == 28 { b'2' } else { *byte })
        .collect();
    refused(&store, &path, &newer, Unsupported).await;
    refused(&store, &path, &record().await.encode(), Unreadable).await;

    // Another key, and none.
    let other = FileStore::new(&path).encrypted(EncryptionKey::new([8; 32]));
    refused(&other, &path, &sealed, Unreadable).await;
    let none = FileStore::new(&path);
    refused(&none, &path, &sealed, Unreadable).await;
    let error = none.load().await.expect_err("it is encrypted");
    assert!(error.to_string().contains("encrypted"), "{error}");

    // All that time nothing was lost.
    assert!(store.load().await.expect("it can be opened").is_some());

    // A new sign-in goes on, and keeps what it could not read.
    write(&other, record().await).await;
    assert_eq!(
        fs::read(folder.path("session.unreadable-1")).expect("it was put aside"),
        sealed
    );
    assert!(other.load().await.expect("it can be opened").is_some());
}

/// The file becomes unreadable under a session that is signed in: that session goes on.
#[test]
fn content_breaks_under_a_session() {
    run(async {
        let folder = Folder::new();
        let path = folder.path("session.json");
        let (backend, clock) = (Backend::start(), Hands::new());
        let session = session(FileStore::new(&path), &clock);
        let shop = shop(&backend, &session);
        session.sign_in(backend.sign_in("ada"));
        session.close().await;
        shop.orders().await.expect("signed in");

        fs::write(&path, "{\"schema\":1,").expect("the test can write");
        shop.orders()
            .await
            .expect("the token in memory is as good as before");
        backend.expire_all();
        let failure = store_failure(shop.orders().await);
        assert_eq!(failure.kind(), StoreErrorKind::Unreadable, "{failure}");
        assert_eq!(
            backend.ledger().read().refreshes(),
            0,
            "the refresh token is not spent"
        );
        assert!(session.tokens().is_some(), "the session is kept");
    });
}

/// The new sign-in is used and written later; the old content stays whole until then.
fn goes_on_where_nothing_can_be_written(fail: fn(&Disk), mend: fn(&Disk), why: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        let disk = Disk::new();
        let path = disk.path("session.json");
        let log = logs::here();
        let (backend, clock) = (Backend::start(), Hands::new());
        let store = FileStore::new(&path);
        let session = session(store.clone(), &clock);
        let shop = shop(&backend, &session);
        session.sign_in(backend.sign_in("ada"));
        session.close().await;
        let old = fs::read(&path).expect("it was written");

        fail(&disk);
        let swap = store.compare_and_swap(Expected::Anything, record().await);
        let error = swap.await.map(drop).expect_err("nothing can be written");
        let said = error.to_string();
        assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{said}");
        assert!(said.contains(&path.display().to_string()), "{said}");
        assert!(said.contains(why), "{said}");
        assert_eq!(fs::read(&path).expect("it is there"), old);
        assert!(store.load().await.expect("it can be read").is_some());
        shop.orders().await.expect("the token serves");
        // Nothing is spent that could not be noted down.
        backend.expire_all();
        let failure = store_failure(shop.orders().await);
        assert!(failure.to_string().contains(why), "{failure}");
        assert_eq!(backend.ledger().read().refreshes(), 0);

        session.sign_in(backend.sign_in("bob"));
        shop.orders()
            .await
            .expect("the token serves, though it is not written yet");
        let mut closing = std::pin::pin!(session.close());
        let warned = async {
            while !log.lines("WARN").iter().any(|line| line.contains(why)) {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            () = closing.as_mut() => panic!("expected a session that is still to be written"),
            () = warned => {}
        }
        assert_eq!(fs::read(&path).expect("it is there"), old);

        mend(&disk);
        let moving = async {
            loop {
                clock.advance(Duration::from_secs(30));
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            () = closing => {}
            () = moving => {}
        }
        let held = store.load().await.expect("it can be read");
        let bytes = held.expect("it is there").encode();
        let tokens = session.tokens().expect("signed in");
        let refresh = tokens.refresh().expect("it has one").expose();
        assert!(
            String::from_utf8_lossy(&bytes).contains(refresh),
            "bob's session is there"
        );
    });
}

#[test]
fn full_disk() {
    if disk::here("bad_input::full_disk") {
        let why = "No space left on device";
        goes_on_where_nothing_can_be_written(Disk::fill, Disk::make_room, why);
    }
}

#[test]
fn read_only_directory() {
    if disk::here("bad_input::read_only_directory") {
        let why = "Read-only file system";
        goes_on_where_nothing_can_be_written(Disk::close, Disk::open, why);
    }
}

/// A directory that cannot be made, whoever one is: a file stands in its way.
#[tokio::test]
async fn a_directory_that_cannot_be_made() {
    let folder = Folder::new();
    fs::write(folder.path("file"), "").expect("the test can write");
    let store = FileStore::new(folder.path("file/session.json"));
    let error = store.load().await.expect_err("that is no place for a file");
    assert!(error.to_string().contains("file/session.json"), "{error}");
    let swap = store.compare_and_swap(Expected::Anything, record().await);
    let error = swap.await.map(drop).expect_err("nor can it be written");
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert!(
        error.to_string().contains("cannot make the directory"),
        "{error}"
    );
}

/// What a power failure left of a write: half of the new content, aside. And what may be left of
/// the lock files: nothing, or not a number.
#[tokio::test]
async fn power_loss_in_the_middle_of_a_write() {
    let folder = Folder::new();
    let path = folder.path("session.json");
    let store = FileStore::new(&path);
    let first = write(&store, record().await).await;
    let whole = fs::read(&path).expect("it was written");
    fs::write(folder.path("session.json.new"), &whole[..whole.len() / 2]).expect("written");
    fs::write(folder.path("session.json.lock"), "").expect("written");

    let store = FileStore::new(&path);
    let held = store.load().await.expect("the old content is whole");
    assert_eq!(held.expect("it is there").version(), first);
    let swap = store.compare_and_swap(Expected::Version(first), record().await);
    let Ok(Swap::Done(second)) = swap.await else {
        panic!("expected a write as if nothing had happened")
    };
    assert!(second > first);
    fs::write(folder.path("session.json.lock"), "\0\0\0\0").expect("written");
    assert!(store.clear(second).await.expect("it can be cleared"));
    assert!(write(&store, record().await).await > second);
}

/// Processes whose clocks are an hour apart share a file: whoever is ahead renews once, and nobody
/// renews in a loop or loses the session.
#[test]
fn clocks_an_hour_apart() {
    run(async {
        let folder = Folder::new();
        let path = folder.path("session.json");
        let backend = Backend::plan(Convention::Status).lifetime(1800).start();
        let hour = Duration::from_secs(3600);
        let clocks = [Hands::new(), Hands::new(), Hands::new()];
        clocks[1].advance(hour);
        clocks[2].set_back(hour);
        let sessions = clocks
            .each_ref()
            .map(|clock| session(FileStore::new(&path), clock));
        sessions[0].sign_in(backend.sign_in("ada"));
        sessions[0].close().await;
        for _ in 0..3 {
            for session in &sessions {
                let orders = shop(&backend, session).orders();
                orders.await.expect("everybody stays signed in");
            }
        }
        for session in &sessions {
            session.close().await;
        }
        let ledger = backend.ledger().read();
        assert_eq!(ledger.refreshes(), 1, "{ledger}");
    });
}
