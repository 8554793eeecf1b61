//! The back end's own account of what happened, which the tests assert on.

use super::grants::{Grants, Pair, Verdict};
use super::record::{Presentation, Record, Rotation};
use crate::testing::limit;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// A handle to the [`Record`]; cheap to clone.
///
/// ```
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// use perennial::testing::Backend;
///
/// let backend = Backend::start();
/// let url = backend.url() + "/open/hours";
/// reqwest::Client::builder().build()?.get(url).send().await?;
/// backend.ledger().wait_for("the request", |record| record.sends("/open/hours") == 1).await;
/// assert_eq!(backend.ledger().read().refreshes(), 0);
/// # Ok::<(), reqwest::Error>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ledger {
    record: Arc<Mutex<Record>>,
    changed: watch::Sender<()>,
}

impl Ledger {
    pub(in crate::testing) fn new() -> Self {
        Self {
            record: Arc::default(),
            changed: watch::Sender::new(()),
        }
    }

    /// A copy of what was written down so far.
    #[must_use]
    pub fn read(&self) -> Record {
        self.look(Clone::clone)
    }

    /// Looks at the record without copying it.
    pub fn look<T>(&self, look: impl FnOnce(&Record) -> T) -> T {
        look(&self.record.lock().expect("no look at the ledger panics"))
    }

    /// Waits until the record shows what the test waits for.
    ///
    /// # Panics
    /// When it never does (see [`limit`]), with the whole record.
    pub async fn wait_for(&self, what: &str, mut shows: impl FnMut(&Record) -> bool) {
        let mut changed = self.changed.subscribe();
        let wait = async {
            while !self.look(&mut shows) {
                changed
                    .changed()
                    .await
                    .expect("the sender is held by `self`");
            }
        };
        if tokio::time::timeout(limit(), wait).await.is_err() {
            panic!("the ledger never showed {what}; it holds\n{}", self.read());
        }
    }

    pub(in crate::testing) fn write<T>(&self, write: impl FnOnce(&mut Record) -> T) -> T {
        let value = write(&mut self.record.lock().expect("no look at the ledger panics"));
        self.changed.send_replace(());
        value
    }

    /// Has a refresh token judged, and writes down what came of it.
    pub(in crate::testing) fn judge(&self, grants: &mut Grants, token: String) -> Option<Pair> {
        let (verdict, pair) = grants.refresh(&token);
        let revoked = (verdict == Verdict::Reused)
            .then(|| grants.owner(&token))
            .flatten();
        self.write(|record| {
            if let Some(pair) = &pair {
                record.rotations.push(Rotation {
                    spent: token.clone(),
                    access: pair.access.clone(),
                });
            }
            record.presentations.push(Presentation { token, verdict });
            record.revocations.extend(revoked);
        });
        pair
    }
}
