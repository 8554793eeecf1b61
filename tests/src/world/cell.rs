//! Which face of a session, and which store, a scenario is played with.

use crate::{folder::Folder, keyring, redis::Redis};
use perennial::{FileStore, KeyringStore, RedisStore, SessionBuilder};
use std::{
    cell::{Cell as Local, RefCell},
    sync::atomic::{AtomicUsize, Ordering},
};

/// What sends the requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// A client that `#[api_client]` made.
    Generated,
    /// `Guard::send` over a plain `reqwest` client.
    Plain,
    /// `Guard::layer` over hyper's client.
    Tower,
    /// `Guard::middleware` in a stack of reqwest-middleware.
    Middleware,
}

/// Where the session is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// In memory, which is the default.
    Memory,
    /// In a file of the test's own.
    File,
    /// In GNOME's keyring, in an entry of the test's own.
    Keyring,
    /// In the Redis that this binary's tests share, under a key of the test's own.
    Redis,
}

thread_local! {
    static CURRENT: Local<(Face, Store)> = const { Local::new((Face::Generated, Store::Memory)) };
    static FOLDER: RefCell<Option<Folder>> = const { RefCell::new(None) };
}

/// The face and the store that the test on this thread is played with.
#[must_use]
pub fn current() -> (Face, Store) {
    CURRENT.get()
}

/// Plays `scenario` on this thread with a face and a store, as the test of that path; not where
/// the store needs what this machine lacks.
pub fn play(face: Face, store: Store, path: &str, scenario: fn()) {
    let test = path.split_once("::").map_or(path, |(_, test)| test);
    let there = match store {
        Store::Memory | Store::File => true,
        Store::Keyring => keyring::here(test),
        Store::Redis => Redis::there(test),
    };
    if there {
        CURRENT.set((face, store));
        scenario();
        FOLDER.take();
    }
}

/// Gives the session the store of the test on this thread, a fresh one.
pub fn stored(builder: SessionBuilder) -> SessionBuilder {
    static STORES: AtomicUsize = AtomicUsize::new(0);
    let number = STORES.fetch_add(1, Ordering::Relaxed);
    // A keyring outlives the process that a test runs in.
    let name = format!("session-{}-{number}", std::process::id());
    match current().1 {
        Store::Memory => builder,
        Store::File => FOLDER.with_borrow_mut(|folder| {
            let folder = folder.get_or_insert_with(Folder::new);
            builder.store(FileStore::new(folder.path(name)))
        }),
        Store::Keyring => builder.store(KeyringStore::new("perennial-tests", name)),
        Store::Redis => {
            let store = RedisStore::new(&Redis::shared().url(), name);
            builder.store(store.expect("a URL"))
        }
    }
}

/// Makes a test of a scenario for each face and store: `name::generated_memory` and so on.
///
/// ```text
/// scenario!(late_401_old_generation_no_refresh);
/// scenario!(custom_header_stripped, generated only: "redirects elsewhere are the transport's");
/// scenario!(proactive_serves_stale, memory only: "other stores are waited for");
/// ```
///
/// The body is a function of the same name. What is left out has its reason, which the table of
/// `just scenarios` prints: `generated`, `memory` or `shared` (every store but memory) `only`, or
/// one face and one store.
#[macro_export]
macro_rules! scenario {
    ($name:ident) => {
        $crate::scenario! { @ $name
            generated_memory Generated Memory, tower_memory Tower Memory,
            middleware_memory Middleware Memory, plain_memory Plain Memory,
            generated_file Generated File, tower_file Tower File,
            middleware_file Middleware File,
            generated_keyring Generated Keyring, tower_keyring Tower Keyring,
            middleware_keyring Middleware Keyring,
            generated_redis Generated Redis, tower_redis Tower Redis,
            middleware_redis Middleware Redis,
        }
    };
    ($name:ident, generated only: $why:literal) => {
        $crate::scenario! { @ $name
            generated_memory Generated Memory, generated_file Generated File,
            generated_keyring Generated Keyring, generated_redis Generated Redis,
        }
    };
    ($name:ident, memory only: $why:literal) => {
        $crate::scenario! { @ $name
            generated_memory Generated Memory, tower_memory Tower Memory,
            middleware_memory Middleware Memory, plain_memory Plain Memory,
        }
    };
    ($name:ident, shared only: $why:literal) => {
        $crate::scenario! { @ $name
            generated_file Generated File, tower_file Tower File,
            middleware_file Middleware File,
            generated_keyring Generated Keyring, tower_keyring Tower Keyring,
            middleware_keyring Middleware Keyring,
            generated_redis Generated Redis, tower_redis Tower Redis,
            middleware_redis Middleware Redis,
        }
    };
    ($name:ident, generated memory only: $why:literal) => {
        $crate::scenario! { @ $name generated_memory Generated Memory, }
    };
    ($name:ident, generated file only: $why:literal) => {
        $crate::scenario! { @ $name generated_file Generated File, }
    };
    (@ $name:ident $($cell:ident $face:ident $store:ident,)*) => {
        mod $name {
            $(
                #[test]
                fn $cell() {
                    $crate::world::play(
                        $crate::world::Face::$face,
                        $crate::world::Store::$store,
                        concat!(module_path!(), "::", stringify!($cell)),
                        super::$name,
                    );
                }
            )*
        }
    };
}
