//! Where the session's own tasks run.

use super::BoxFuture;
use std::{fmt, io, sync::Arc, thread};
use tokio::{runtime::Handle, sync::mpsc};

/// Runs a session's own tasks: the refresh, and what writes to the store.
///
/// They must outlive the call that caused them. A task that cannot be run is dropped; the session
/// notices and frees everyone who waits for it.
pub trait Spawner: Send + Sync + 'static {
    /// Starts `task` and returns at once. Called without any lock of the session held.
    fn spawn(&self, task: BoxFuture<'static, ()>);
}

impl<S: Spawner + ?Sized> Spawner for Arc<S> {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        (**self).spawn(task);
    }
}

/// The tokio runtime that the starting call runs on; the default.
///
/// When that runtime is shut down in the middle of a refresh, those who wait on another one get
/// an error at once. A [`Handle`] or an [`OwnThread`] spares them that.
#[derive(Clone, Copy, Debug, Default)]
pub struct CurrentRuntime;

impl Spawner for CurrentRuntime {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        match Handle::try_current() {
            Ok(handle) => drop(handle.spawn(task)),
            Err(_) => tracing::warn!("no tokio runtime here to run the session's task on"),
        }
    }
}

impl Spawner for Handle {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        drop(Handle::spawn(self, task));
    }
}

/// A thread that runs nothing but the session's tasks; it ends with its last clone.
#[derive(Clone)]
pub struct OwnThread {
    tasks: mpsc::UnboundedSender<BoxFuture<'static, ()>>,
}

impl OwnThread {
    /// Starts the thread.
    ///
    /// # Errors
    /// The operating system's, when it has no thread or no event queue to give.
    pub fn new() -> io::Result<Self> {
        let (tasks, mut queue) = mpsc::unbounded_channel::<BoxFuture<'static, ()>>();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        thread::Builder::new()
            .name("session".to_owned())
            .spawn(move || {
                let mut running = tokio::task::JoinSet::new();
                runtime.block_on(async {
                    while let Some(task) = queue.recv().await {
                        running.spawn(task);
                        while running.try_join_next().is_some() {}
                    }
                    // The last session is gone, its tasks are not.
                    while running.join_next().await.is_some() {}
                });
            })?;
        Ok(Self { tasks })
    }
}

impl Spawner for OwnThread {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        // The thread ends only after its last sender.
        drop(self.tasks.send(task));
    }
}

impl fmt::Debug for OwnThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnThread")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_of_its_own_runs_tasks() {
        let (done, wait) = std::sync::mpsc::channel();
        let thread = OwnThread::new().unwrap();
        thread.spawn(Box::pin(async move { done.send(7).unwrap() }));
        drop(thread);
        assert_eq!(wait.recv(), Ok(7));
    }

    #[test]
    fn without_a_runtime_the_task_is_dropped() {
        let (done, wait) = std::sync::mpsc::channel::<()>();
        CurrentRuntime.spawn(Box::pin(async move { drop(done) }));
        assert!(wait.recv().is_err());
    }
}
