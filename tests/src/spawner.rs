//! A spawner that the test can hold back.

use perennial::Spawner;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use tokio::runtime::Handle;
use tokio::sync::watch;

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Counts the session's tasks, and starts them only when the test lets it.
///
/// Clones are the same spawner.
#[derive(Clone)]
pub struct Tasks {
    handle: Handle,
    held: Arc<Mutex<Option<Vec<Task>>>>,
    count: watch::Sender<usize>,
}

impl Tasks {
    /// Holds every task back until [`release`](Self::release); runs them on the current runtime.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    #[must_use]
    pub fn held() -> Self {
        let held = Arc::new(Mutex::new(Some(Vec::new())));
        Self {
            handle: Handle::current(),
            held,
            count: watch::Sender::new(0),
        }
    }

    /// Starts what was held back, and from now on every task at once.
    pub fn release(&self) {
        let held = self
            .held
            .lock()
            .expect("nothing panics while it holds the tasks")
            .take();
        for task in held.into_iter().flatten() {
            self.handle.spawn(task);
        }
    }

    /// Waits until the session has asked for `count` tasks in all.
    pub async fn asked(&self, count: usize) {
        let mut seen = self.count.subscribe();
        seen.wait_for(|n| *n >= count)
            .await
            .expect("the sender is held by `self`");
    }

    /// How many tasks the session has asked for.
    #[must_use]
    pub fn count(&self) -> usize {
        *self.count.borrow()
    }
}

impl Spawner for Tasks {
    fn spawn(&self, task: Task) {
        let mut held = self
            .held
            .lock()
            .expect("nothing panics while it holds the tasks");
        match held.as_mut() {
            Some(held) => held.push(task),
            None => drop(self.handle.spawn(task)),
        }
        drop(held);
        self.count.send_modify(|count| *count += 1);
    }
}
