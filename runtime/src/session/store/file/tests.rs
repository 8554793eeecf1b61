use super::*;
use crate::{
    Secret,
    session::store::{Access, Serial, SignIn, StoreErrorKind},
};
use std::{
    fs,
    path::Path,
    sync::atomic::AtomicU32,
    time::{SystemTime, UNIX_EPOCH},
};

/// A directory of the test's own, gone with it.
pub(in crate::session::store) struct Directory(PathBuf);

impl Directory {
    pub(in crate::session::store) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let name = format!(
            "perennial-{}-{number}-{}",
            std::process::id(),
            now.as_nanos()
        );
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(in crate::session::store) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn record(token: &str) -> Record {
    let serial = Serial {
        number: 1,
        attempt: 0,
    };
    Record {
        version: 0,
        sign_in: SignIn(7),
        serial,
        refresh: Some(Secret::new("R")),
        rotates: true,
        access: vec![Access {
            partition: None,
            token: Secret::new(token),
            serial,
            obtained_at: UNIX_EPOCH,
            lifetime: None,
        }],
        marker: None,
    }
}

fn content(path: &Path) -> Content {
    Content::new(path.to_owned())
}

fn swap(content: &Content, expected: Expected, token: &str) -> Result<Swap, StoreError> {
    content.swap(expected, record(token), &|| false)
}

fn written(content: &Content, expected: Expected, token: &str) -> u64 {
    match swap(content, expected, token).unwrap() {
        Swap::Done(version) => version,
        Swap::Lost => panic!("the swap was lost"),
    }
}

fn held(content: &Content) -> Option<String> {
    let record = content.load().unwrap()?;
    Some(record.access(None).unwrap().token.expose().to_owned())
}

#[test]
fn what_is_written_is_read_by_others() {
    let directory = Directory::new();
    let path = directory.path("deep/down/session.json");
    let (one, other) = (content(&path), content(&path));
    assert_eq!(held(&one), None);
    let version = written(&one, Expected::Anything, "A1");
    assert_eq!(held(&other).as_deref(), Some("A1"));
    let next = written(&other, Expected::Version(version), "A2");
    assert!(next > version);
    assert_eq!(
        swap(&one, Expected::Version(version), "A3").unwrap(),
        Swap::Lost
    );
    assert_eq!(held(&one).as_deref(), Some("A2"));
}

#[test]
fn versions_grow_over_removal_and_over_a_lost_lock_file() {
    let directory = Directory::new();
    let path = directory.path("session.json");
    let store = content(&path);
    let first = written(&store, Expected::Anything, "A1");
    assert!(store.clear(first, &|| false).unwrap());
    assert_eq!(held(&store), None);
    let second = written(&store, Expected::Anything, "A2");
    assert!(second > first);
    fs::remove_file(directory.path("session.json.lock")).unwrap();
    assert!(written(&store, Expected::Anything, "A3") > second);
    assert!(!store.clear(second, &|| false).unwrap());
}

#[test]
#[cfg(unix)]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let directory = Directory::new();
    let path = directory.path("private/session.json");
    let store = content(&path);
    written(&store, Expected::Anything, "A1");
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&directory.path("private")), 0o700);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(held(&store).as_deref(), Some("A1"));
    written(&store, Expected::Anything, "A2");
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn what_is_no_record_is_kept_and_said() {
    let directory = Directory::new();
    let path = directory.path("session.json");
    let store = content(&path);
    for (number, bad) in ["", "{\"schema\":1,", "[1,2]", "{\"schema\":99}"]
        .iter()
        .enumerate()
    {
        fs::write(&path, bad).unwrap();
        let error = store.load().unwrap_err();
        assert_ne!(error.kind(), StoreErrorKind::Unavailable, "{error}");
        assert!(error.to_string().contains("session.json"), "{error}");
        assert!(swap(&store, Expected::Version(1), "A1").is_err());
        assert!(store.clear(1, &|| false).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), *bad);
        written(&store, Expected::Anything, "A1");
        let aside = directory.path(&format!("session.json.unreadable-{}", number + 1));
        assert_eq!(fs::read_to_string(aside).unwrap(), *bad);
        assert_eq!(held(&store).as_deref(), Some("A1"));
    }
}

#[test]
fn what_is_put_aside_is_kept_once() {
    let directory = Directory::new();
    let path = directory.path("session.json");
    let store = content(&path);
    fs::write(&path, "foreign").unwrap();
    // The write fails after the old content got its second name.
    fs::create_dir(directory.path("session.json.new")).unwrap();
    for _ in 0..3 {
        assert!(swap(&store, Expected::Anything, "A1").is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "foreign");
    }
    assert!(directory.path("session.json.unreadable-1").exists());
    assert!(!directory.path("session.json.unreadable-2").exists());
}

#[test]
fn what_is_no_file_is_neither_waited_for_nor_replaced() {
    let directory = Directory::new();
    let path = directory.path("session.json");
    fs::create_dir(&path).unwrap();
    let store = content(&path);
    let error = store.load().unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert!(error.to_string().contains("expected a file"), "{error}");
    assert!(swap(&store, Expected::Anything, "A1").is_err());
    assert!(path.is_dir());
}

#[test]
fn a_huge_file_is_not_read() {
    let directory = Directory::new();
    let path = directory.path("session.json");
    let file = fs::File::create(&path).unwrap();
    file.set_len(1 << 40).unwrap();
    let error = content(&path).load().unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unreadable);
    assert!(error.to_string().contains("16 MiB"), "{error}");
}

#[test]
#[cfg(unix)]
fn a_change_behind_a_link_is_noticed() {
    let directory = Directory::new();
    let (real, link) = (directory.path("far/real.json"), directory.path("link.json"));
    fs::create_dir(directory.path("far")).unwrap();
    std::os::unix::fs::symlink("far/real.json", &link).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (by_link, by_name) = (FileStore::new(&link), FileStore::new(&real));
        let change = by_link.watch().unwrap();
        let swap = by_name.compare_and_swap(Expected::Anything, record("A1"));
        assert!(matches!(swap.await, Ok(Swap::Done(_))));
        change.await;
    });
}

#[test]
fn a_failed_write_leaves_the_old_content() {
    let directory = Directory::new();
    let path = directory.path("session.json");
    let store = content(&path);
    let version = written(&store, Expected::Anything, "A1");
    // A directory stands where the new content would be written aside.
    fs::create_dir(directory.path("session.json.new")).unwrap();
    let error = swap(&store, Expected::Version(version), "A2").unwrap_err();
    assert!(error.to_string().contains("session.json"), "{error}");
    assert_eq!(held(&store).as_deref(), Some("A1"));
}

#[test]
fn what_a_crash_left_aside_is_in_nobodys_way() {
    let directory = Directory::new();
    let path = directory.path("session.json");
    fs::write(directory.path("session.json.new"), "half a rec").unwrap();
    let store = content(&path);
    assert_eq!(held(&store), None);
    written(&store, Expected::Anything, "A1");
    assert_eq!(held(&store).as_deref(), Some("A1"));
    assert!(!directory.path("session.json.new").exists());
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link() {
    let directory = Directory::new();
    let (real, link) = (directory.path("real.json"), directory.path("link.json"));
    std::os::unix::fs::symlink("real.json", &link).unwrap();
    let (by_link, by_name) = (content(&link), content(&real));
    let version = written(&by_link, Expected::Anything, "A1");
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(held(&by_name).as_deref(), Some("A1"));
    written(&by_name, Expected::Version(version), "A2");
    assert_eq!(held(&by_link).as_deref(), Some("A2"));
}

#[test]
fn who_is_gone_writes_nothing() {
    let directory = Directory::new();
    let store = content(&directory.path("session.json"));
    written(&store, Expected::Anything, "A1");
    let late = store
        .swap(Expected::Anything, record("A2"), &|| true)
        .unwrap();
    assert_eq!(late, Swap::Lost);
    assert_eq!(held(&store).as_deref(), Some("A1"));
}

#[test]
fn the_refresh_lock_excludes_and_is_given_back() {
    let directory = Directory::new();
    let path = directory.path("session.json");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (one, other) = (FileStore::new(&path), FileStore::new(&path));
        let lease = one.lock(Duration::from_secs(60)).await.unwrap();
        assert!(other.inner.content.take_refresh_lock().unwrap().is_none());
        drop(lease);
        let lease = other.lock(Duration::from_millis(1)).await.unwrap();
        // It lapses by itself.
        let again = one.lock(Duration::from_secs(60)).await.unwrap();
        drop((lease, again));
        assert!(one.inner.content.take_refresh_lock().unwrap().is_some());
    });
}

#[test]
fn a_change_by_another_handle_is_noticed() {
    let directory = Directory::new();
    let path = directory.path("session.json");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (one, other) = (FileStore::new(&path), FileStore::new(&path));
        for _ in 0..2 {
            let change = one.watch().unwrap();
            let swap = other
                .compare_and_swap(Expected::Anything, record("A1"))
                .await;
            assert!(matches!(swap, Ok(Swap::Done(_))));
            change.await;
        }
    });
}
