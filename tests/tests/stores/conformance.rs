//! The suite, over every store that needs nothing but this machine.

use perennial::testing::store_conformance;
use perennial::{EncryptionKey, FileStore, MemoryStore};
use perennial_tests::folder::Folder;

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
