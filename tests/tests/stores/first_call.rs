//! A first call over a store that cannot be asked: the error says so, and nobody is signed out.

use crate::disk;
use perennial::{
    Call, Error, ExpiredReason, FileStore, OAuth2Tokens, Session, StoreErrorKind, api_client,
};
use perennial_tests::backend::{Backend, Canned};
use perennial_tests::blame::store_failure;
use perennial_tests::clock::Hands;
use perennial_tests::folder::Folder;
use perennial_tests::run;
use std::fs::{self, Permissions};
use std::path::{Path, PathBuf};
use std::time::Duration;

#[api_client(auth = bearer)]
trait Shop: Send + Sync {
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    #[get("/orders", decode = text)]
    fn orders(&self) -> Call<String>;

    #[get("/news", auth = optional(bearer), decode = text)]
    fn news(&self) -> Call<String>;

    #[get("/prices", auth = any(bearer, header("x-api-key")), decode = text)]
    fn prices(&self) -> Call<String>;
}

/// A file in which ada is signed in, and a program that starts with it.
struct World {
    folder: Folder,
    backend: Backend,
}

/// The program, run once more.
struct Program {
    session: Session,
    shop: ShopClient,
    clock: Hands,
}

impl World {
    async fn new() -> Self {
        let (folder, backend) = (Folder::new(), Backend::start());
        backend.on("/news").answer(Canned::status(200));
        let world = Self { folder, backend };
        let first = world.start();
        first.session.sign_in(world.backend.sign_in("ada"));
        first.session.close().await;
        world
    }

    fn path(&self) -> PathBuf {
        self.folder.path("session.json")
    }

    fn start(&self) -> Program {
        let clock = Hands::new();
        let session = Session::builder()
            .store(FileStore::new(self.path()))
            .clock(clock.clone())
            .build()
            .expect("the options fit together");
        let shop = ShopClient::builder()
            .base_url(self.backend.url())
            .session(session.clone())
            .session_for("x-api-key", Session::fixed("key"))
            .build()
            .expect("the client can be built");
        Program {
            session,
            shop,
            clock,
        }
    }

    /// Calls fail by the store until `mend`; then they are served as ada's, in the same program.
    async fn fails_until_mended(&self, kind: StoreErrorKind, why: &str, mend: impl FnOnce()) {
        let Program {
            session,
            shop,
            clock,
        } = self.start();
        let sent = self.sent();
        // The second one comes before the store is asked again.
        let mut failures = vec![
            store_failure(shop.orders().await),
            store_failure(shop.orders().await),
        ];
        clock.advance(Duration::from_secs(1));
        // Whether one may go without a token, or with another one, nobody knows either.
        failures.push(store_failure(shop.news().await));
        failures.push(store_failure(shop.prices().await));
        failures.push(session.load().await.expect_err(why));
        for failure in failures {
            let said = failure.to_string();
            assert_eq!(failure.kind(), kind, "{said}");
            assert!(said.contains(why), "{said}");
            let place = self.path().display().to_string();
            assert!(said.contains(&place), "{said}");
        }
        assert_eq!(self.sent(), sent, "nothing was sent");

        mend();
        clock.advance(Duration::from_secs(1));
        shop.orders().await.expect("ada is signed in");
    }

    /// How many requests there were.
    fn sent(&self) -> usize {
        self.backend.ledger().look(|record| record.requests.len())
    }
}

#[test]
fn content_that_is_no_record() {
    run(async {
        use StoreErrorKind::{Unreadable, Unsupported};
        let world = World::new().await;
        let path = world.path();
        let whole = fs::read(&path).expect("ada's session was written");
        let newer = String::from_utf8(whole.clone()).expect("JSON is text");
        let newer = newer.replacen("\"schema\":1", "\"schema\":2", 1);
        for (content, kind, why) in [
            (
                &whole[..whole.len() / 2],
                Unreadable,
                "expected a session's record",
            ),
            (b"", Unreadable, "expected a session's record"),
            (b"\x7fELF\0secret\xff", Unreadable, "found no JSON"),
            (
                b"{\"token\":\"secret\"}",
                Unreadable,
                "without a number `schema`",
            ),
            (newer.as_bytes(), Unsupported, "newer perennial"),
        ] {
            fs::write(&path, content).expect("the test can write");
            let mend = || {
                assert_eq!(fs::read(&path).expect("it is there"), content);
                fs::write(&path, &whole).expect("the test can write");
            };
            world.fails_until_mended(kind, why, mend).await;
        }
    });
}

#[test]
fn a_folder_in_the_files_place() {
    run(async {
        let world = World::new().await;
        let (path, away) = (world.path(), world.folder.path("away"));
        fs::rename(&path, &away).expect("the test can move it");
        fs::create_dir(&path).expect("the test can make it");
        let mend = || {
            fs::remove_dir(&path).expect("it is empty");
            fs::rename(&away, &path).expect("the test can move it");
        };
        let kind = StoreErrorKind::Unavailable;
        world.fails_until_mended(kind, "cannot read", mend).await;
    });
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let probe = folder.path("probe");
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is the test's own");
    };
    fs::write(&probe, "").expect("the test can write");
    mode(&probe, 0o000);
    // An administrator may read everything, unless in a namespace where nobody is one.
    let heeded = fs::read(&probe).is_err();
    if !heeded && !disk::as_nobody("first_call::a_file_that_may_not_be_read") {
        return;
    }
    run(async move {
        let world = World::new().await;
        let path = world.path();
        mode(&path, 0o000);
        let mend = || mode(&path, 0o600);
        let (kind, why) = (StoreErrorKind::Unavailable, "Permission denied");
        world.fails_until_mended(kind, why, mend).await;
    });
}

/// Once the store says that nobody has signed in, that is what calls say; and a sign-in goes on
/// from content that is no record.
#[test]
fn what_is_known_for_sure() {
    run(async {
        let world = World::new().await;
        let Program {
            session,
            shop,
            clock,
        } = world.start();
        fs::write(world.path(), "no session").expect("the test can write");
        let failure = store_failure(shop.orders().await);
        assert_eq!(failure.kind(), StoreErrorKind::Unreadable);

        // A look that succeeds counts at once, before the store would be asked again.
        fs::remove_file(world.path()).expect("the test can remove it");
        session.load().await.expect("nothing is there");
        let nobody = shop.orders().await.expect_err("nobody is signed in");
        let Error::SessionExpired(over) = &nobody else {
            panic!("expected the end of the session, found {nobody:?}")
        };
        assert_eq!(over.reason(), ExpiredReason::NeverSignedIn);
        shop.news().await.expect("it goes without");

        fs::write(world.path(), "no session").expect("the test can write");
        clock.advance(Duration::from_secs(1));
        let failure = store_failure(shop.orders().await);
        assert_eq!(failure.kind(), StoreErrorKind::Unreadable);
        session.sign_in(world.backend.sign_in("bob"));
        shop.orders().await.expect("bob is signed in");
        session.close().await;

        // Who has signed out knows it, whatever the store says.
        session.sign_out();
        session.close().await;
        fs::write(world.path(), "no session").expect("the test can write");
        clock.advance(Duration::from_secs(1));
        let over = shop.orders().await.expect_err("signed out");
        assert!(over.is_session_expired(), "{over:?}");
    });
}
