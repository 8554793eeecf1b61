//! Where several sessions of a test keep what they share, and handles of it as a process of their
//! own would have them.

use crate::redis::Redis;
use perennial::{Expected, FileStore, MemoryStore, Record, RedisStore, TokenStore};
use serde_json::Value;
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// A kind of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// This process's memory.
    Memory,
    /// A file in a folder of its own.
    File,
    /// A key of its own in the Redis that the tests of this binary share.
    Redis,
}

/// A place for one record; what it takes on disk goes with it.
pub struct Place(Where);

enum Where {
    Memory(MemoryStore),
    File(PathBuf),
    Redis { url: String, key: String },
}

impl Place {
    /// An empty place; none, with a word about it, where the kind needs what is not there.
    ///
    /// # Panics
    /// When there is no folder or no server to be had.
    #[must_use]
    pub fn new(kind: Kind, test: &str) -> Option<Self> {
        static PLACES: AtomicUsize = AtomicUsize::new(0);
        let number = PLACES.fetch_add(1, Ordering::Relaxed);
        Some(Self(match kind {
            Kind::Memory => Where::Memory(MemoryStore::new()),
            Kind::File => {
                let name = format!("perennial-{test}-{}-{number}", std::process::id());
                let folder = std::env::temp_dir().join(name);
                std::fs::create_dir_all(&folder).expect("a folder can be made");
                Where::File(folder)
            }
            Kind::Redis => {
                if !Redis::there(test) {
                    return None;
                }
                return Some(Self::in_redis(
                    &Redis::shared().url(),
                    &format!("{test}-{number}"),
                ));
            }
        }))
    }

    /// A place in a Redis that is running already.
    #[must_use]
    pub fn in_redis(url: &str, key: &str) -> Self {
        Self(Where::Redis {
            url: url.to_owned(),
            key: key.to_owned(),
        })
    }

    /// One more handle, which shares nothing with the others but what is stored.
    #[must_use]
    pub fn handle(&self) -> Arc<dyn TokenStore> {
        match &self.0 {
            Where::Memory(store) => Arc::new(store.clone()),
            _ => handle(&self.address()),
        }
    }

    /// What [`handle`] makes a handle of, in another process.
    ///
    /// # Panics
    /// For a place in memory.
    #[must_use]
    pub fn address(&self) -> String {
        match &self.0 {
            Where::Memory(_) => panic!("memory is not shared with other processes"),
            Where::File(folder) => format!("file {}", folder.join("session.json").display()),
            Where::Redis { url, key } => format!("redis {url} {key}"),
        }
    }

    /// The folder of a place in a file.
    ///
    /// # Panics
    /// For any other place.
    #[must_use]
    pub fn folder(&self) -> &PathBuf {
        match &self.0 {
            Where::File(folder) => folder,
            _ => panic!("only a file is in a folder"),
        }
    }

    /// Whether it is in a file.
    #[must_use]
    pub fn is_file(&self) -> bool {
        matches!(self.0, Where::File(_))
    }

    /// What is stored, as JSON.
    ///
    /// # Panics
    /// When it cannot be read.
    pub async fn content(&self) -> Option<Value> {
        let record = self.handle().load().await.expect("it can be read")?;
        Some(serde_json::from_slice(&record.encode()).expect("a record is JSON"))
    }

    /// Changes what is stored, as another process would.
    ///
    /// # Panics
    /// When nothing is stored, or the change makes no record.
    pub async fn edit(&self, change: impl FnOnce(&mut Value)) {
        let mut content = self.content().await.expect("something is stored");
        change(&mut content);
        let bytes = serde_json::to_vec(&content).expect("JSON can be written");
        let record = Record::decode(&bytes).expect("it is still a record");
        let store = self.handle();
        let swap = store.compare_and_swap(Expected::Anything, record);
        swap.await.expect("it can be written");
    }

    /// Puts the pair in, as another process would after a refresh of its own.
    ///
    /// # Panics
    /// When nobody is signed in.
    pub async fn succeed(&self, pair: &perennial::testing::Pair) {
        self.edit(|record| {
            let number = record["serial"][0].as_u64().expect("a number") + 1;
            let serial = serde_json::json!([number, 1]);
            record["serial"] = serial.clone();
            record["refresh_token"] = pair.refresh.clone().into();
            record["access_tokens"][0]["token"] = pair.access.clone().into();
            record["access_tokens"][0]["serial"] = serial;
            record["marker"] = Value::Null;
        })
        .await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Where::File(folder) = &self.0 {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// A handle of what another process calls by this [address](Place::address).
///
/// # Panics
/// When it is none.
#[must_use]
pub fn handle(address: &str) -> Arc<dyn TokenStore> {
    match address.split(' ').collect::<Vec<_>>()[..] {
        ["file", path] => Arc::new(FileStore::new(path)),
        ["redis", url, key] => Arc::new(RedisStore::new(url, key).expect("a URL")),
        _ => panic!("no address of a store: {address}"),
    }
}
