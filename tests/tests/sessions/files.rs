//! A session's file under several writers, and one that somebody has broken.

use crate::shop::client;
use perennial::{
    Expected, FileStore, MemoryStore, Record, Secret, Session, StoreErrorKind, Swap, TokenStore,
    Tokens,
};
use perennial_tests::{Backend, blame::store_failure, logs, run, run_here, scenario};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A directory of its own, gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("perennial-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a directory can be made");
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("session.json")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The record of a sign-in with an access token of this length.
async fn record(length: usize) -> Record {
    let store = MemoryStore::new();
    let session = Session::builder()
        .store(store.clone())
        .tokens(Tokens::new(Secret::from("x".repeat(length))).refresh_token("R1"))
        .build()
        .expect("the options fit together");
    session.close().await;
    let stored = store.load().await.expect("memory can be read");
    stored.expect("the session has signed in")
}

/// Reads the file until it is told to stop; answers how often, and whose records it saw.
fn read_on(path: &Path, stop: &AtomicBool, known: [&Record; 2]) -> [usize; 2] {
    let mut seen = [0; 2];
    while !stop.load(Ordering::Relaxed) {
        // Between the open and the read it may be replaced as often as it likes.
        let bytes = fs::read(path).expect("it is there at all times");
        let read = Record::decode(&bytes).expect("the old content or the new, never a mixture");
        let whose = known.iter().position(|one| one.sign_in() == read.sign_in());
        seen[whose.expect("what p or q has written")] += 1;
    }
    seen
}

scenario!(b20_two_writers_and_a_reader, generated file only: "it is about the file itself");
fn b20_two_writers_and_a_reader() {
    run(async {
        const WRITES: usize = 20;
        let folder = Folder::new("b20-writers");
        let path = folder.file();
        // Of such different length that a mixture could not be read.
        let (small, large) = (record(8).await, record(50_000).await);
        let store = FileStore::new(&path);
        let first = store.compare_and_swap(Expected::Anything, small.clone());
        let Swap::Done(first) = first.await.expect("written") else {
            panic!("nothing was expected to be there")
        };
        let stop = Arc::new(AtomicBool::new(false));
        let reader = {
            let (path, stop) = (path.clone(), stop.clone());
            let (small, large) = (small.clone(), large.clone());
            tokio::task::spawn_blocking(move || read_on(&path, &stop, [&small, &large]))
        };
        // Two processes: each has a store of its own, whose locks are the file system's.
        let writers = [small, large].map(|record| {
            let store = FileStore::new(&path);
            tokio::spawn(async move {
                for _ in 0..WRITES {
                    let saved = store.compare_and_swap(Expected::Anything, record.clone());
                    saved.await.expect("written");
                }
            })
        });
        for writer in writers {
            writer.await.expect("no write panics");
        }
        stop.store(true, Ordering::Relaxed);
        let seen = reader.await.expect("every read was whole");
        assert!(seen[0] + seen[1] > 0, "{seen:?}");
        let last = store.load().await.expect("readable");
        let versions = last.expect("written").version() - first;
        assert!(
            versions >= 2 * WRITES as u64,
            "{versions}: each write counts"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path)
                .expect("it is there")
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    });
}

scenario!(b20_truncated_by_an_older_version, generated file only: "it is about the file itself");
fn b20_truncated_by_an_older_version() {
    run_here(async {
        let folder = Folder::new("b20-truncated");
        let path = folder.file();
        let store = FileStore::new(&path);
        let whole = record(100).await;
        let saved = store.compare_and_swap(Expected::Anything, whole);
        saved.await.expect("written");
        let bytes = fs::read(&path).expect("it is there");
        let half = &bytes[..bytes.len() / 2];
        fs::write(&path, half).expect("an older version writes in place");

        // A clear error with its path, to whoever asks the store.
        let error = store.load().await.expect_err("half a record is none");
        assert_eq!(error.kind(), StoreErrorKind::Unreadable);
        let place = path.display().to_string();
        assert!(error.to_string().contains(&place), "{error}");

        // A session over it serves nothing, says so, and leaves the file as it is.
        let log = logs::here();
        let backend = Backend::start();
        let session = Session::builder().store(store.clone());
        let session = session.build().expect("the options fit together");
        let shop = client(&backend, &session);
        let failure = store_failure(shop.item(1).await);
        assert!(failure.to_string().contains(&place), "{failure}");
        session.sign_out();
        session.close().await;
        assert_eq!(fs::read(&path).expect("it is there"), half);
        let warned = log.lines("WARN");
        assert!(
            warned.iter().any(|line| line.contains(&place)),
            "{warned:?}"
        );

        // Only a new sign-in goes on, and it puts the old content aside.
        session.sign_in(backend.sign_in("ada"));
        session.close().await;
        shop.item(1).await.expect("signed in");
        assert!(store.load().await.expect("readable again").is_some());
        let aside = PathBuf::from(format!("{place}.unreadable-1"));
        assert_eq!(fs::read(aside).expect("it was put aside"), half);
    });
}
