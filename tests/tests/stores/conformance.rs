//! The suite, over every store but the keyring, which has its own file.

use perennial::testing::store_conformance;
use perennial::{EncryptionKey, FileStore, MemoryStore, RedisStore};
use perennial_tests::{folder::Folder, redis::Redis, run};

#[tokio::test]
async fn memory() {
    let store = MemoryStore::new();
    store_conformance(|| async { store.clone() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn file() {
    let folder = Folder::new();
    let path = folder.path("session.json");
    store_conformance(|| async { FileStore::new(&path) }).await;
}

/// Also where nothing is there yet that could be watched.
#[tokio::test]
async fn file_in_a_missing_directory() {
    let folder = Folder::new();
    let path = folder.path("not/yet/session.json");
    store_conformance(|| async { FileStore::new(&path) }).await;
}

#[tokio::test]
async fn encrypted_file() {
    let folder = Folder::new();
    let path = folder.path("session");
    let key = EncryptionKey::random().expect("this machine has randomness");
    store_conformance(|| async { FileStore::new(&path).encrypted(key.clone()) }).await;
}

#[test]
fn redis() {
    if !Redis::there("conformance::redis") {
        return;
    }
    run(async {
        let url = Redis::shared().url();
        store_conformance(|| async { RedisStore::new(&url, "conformance").expect("a URL") }).await;
    });
}
