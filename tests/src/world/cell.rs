//! Which face of a session, and which store, a scenario is played with.

use perennial::{FileStore, SessionBuilder};
use std::{
    cell::{Cell as Local, RefCell},
    fs,
    path::PathBuf,
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

/// Plays `scenario` on this thread with a face and a store.
pub fn play(face: Face, store: Store, scenario: fn()) {
    CURRENT.set((face, store));
    scenario();
    FOLDER.take();
}

/// Gives the session the store of the test on this thread, a fresh one.
pub fn stored(builder: SessionBuilder) -> SessionBuilder {
    let number = || {
        static STORES: AtomicUsize = AtomicUsize::new(0);
        STORES.fetch_add(1, Ordering::Relaxed)
    };
    match current().1 {
        Store::Memory => builder,
        Store::File => FOLDER.with_borrow_mut(|folder| {
            let folder = folder.get_or_insert_with(Folder::new);
            builder.store(FileStore::new(
                folder.0.join(format!("session-{}", number())),
            ))
        }),
    }
}

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static FOLDERS: AtomicUsize = AtomicUsize::new(0);
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let name = format!("perennial-cell-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a folder can be made");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
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
/// `just scenarios` prints.
#[macro_export]
macro_rules! scenario {
    ($name:ident) => {
        $crate::scenario! { @ $name
            generated_memory Generated Memory, generated_file Generated File, plain_memory Plain Memory,
            tower_memory Tower Memory, tower_file Tower File,
            middleware_memory Middleware Memory, middleware_file Middleware File,
        }
    };
    ($name:ident, generated only: $why:literal) => {
        $crate::scenario! { @ $name
            generated_memory Generated Memory, generated_file Generated File,
        }
    };
    ($name:ident, memory only: $why:literal) => {
        $crate::scenario! { @ $name
            generated_memory Generated Memory, plain_memory Plain Memory,
            tower_memory Tower Memory, middleware_memory Middleware Memory,
        }
    };
    ($name:ident, shared only: $why:literal) => {
        $crate::scenario! { @ $name
            generated_file Generated File,
            tower_file Tower File,
            middleware_file Middleware File,
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
                    let face = $crate::world::Face::$face;
                    let store = $crate::world::Store::$store;
                    $crate::world::play(face, store, super::$name);
                }
            )*
        }
    };
}
