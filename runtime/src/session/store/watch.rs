//! Notices when someone replaces or removes a file.

use crate::session::BoxFuture;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};
use tokio::sync::watch;

/// How often the file is looked at where the operating system does not tell of changes.
const EVERY: Duration = Duration::from_millis(500);

#[derive(Default)]
pub(super) struct Watch {
    changed: Arc<watch::Sender<u64>>,
    /// Made when someone first asks: many sessions never do.
    watcher: Mutex<Option<RecommendedWatcher>>,
}

impl Watch {
    /// Ends at the next change of the file after this call. The path is always the same.
    pub(super) fn next(&self, path: &Path) -> BoxFuture<'static, ()> {
        let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        if watcher.is_none() {
            *watcher = self.begin(path).ok();
        }
        if watcher.is_none() {
            return Box::pin(poll(path.to_owned()));
        }
        let mut changes = self.changed.subscribe();
        Box::pin(async move {
            // The sender's end is the store's: nothing will ever change again.
            if changes.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }

    /// The directory is watched, since the file is another one after each replacement.
    fn begin(&self, path: &Path) -> notify::Result<RecommendedWatcher> {
        let changed = self.changed.clone();
        let name = path.file_name().map(ToOwned::to_owned);
        let mut watcher =
            notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                let ours = event.map_or(true, |event| {
                    let mut names = event.paths.iter().map(|path| path.file_name());
                    !event.kind.is_access() && names.any(|other| other == name.as_deref())
                });
                if ours {
                    changed.send_modify(|changes| *changes += 1);
                }
            })?;
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        watcher.watch(directory, RecursiveMode::NonRecursive)?;
        Ok(watcher)
    }
}

/// Looks at the file now and then, until it looks different.
async fn poll(path: PathBuf) {
    let first = stamp(&path).ok();
    loop {
        tokio::time::sleep(EVERY).await;
        let path = path.clone();
        let now = tokio::task::spawn_blocking(move || stamp(&path).ok()).await;
        if now.is_ok_and(|now| now != first) {
            return;
        }
    }
}

fn stamp(path: &Path) -> io::Result<(u64, SystemTime)> {
    let meta = fs::metadata(path)?;
    Ok((meta.len(), meta.modified()?))
}
