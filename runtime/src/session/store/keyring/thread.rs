//! The thread that waits for the keyring.

use super::super::{StoreError, StoreErrorKind};
use std::{
    io,
    sync::{Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};
use tokio::sync::oneshot;

/// How long the keyring is waited for; less than the session waits for a store.
const PATIENCE: Duration = Duration::from_secs(4);

type Job = Box<dyn FnOnce() + Send>;

/// A thread of the store's own, started when it is needed first, over with the store.
///
/// A runtime's blocking thread would keep the runtime from shutting down for as long as a prompt
/// stands on the screen, and several of them would wait one behind the other.
#[derive(Default)]
pub(super) struct Thread(Mutex<Option<mpsc::Sender<Job>>>);

impl Thread {
    /// Runs `work` when everything before it is done, unless its caller is gone by then; `work` is
    /// given the question whether that is so.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Fn() -> bool) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (tell, told) = oneshot::channel();
        let job = Box::new(move || {
            if !tell.is_closed() {
                let done = work(&|| tell.is_closed());
                drop(tell.send(done));
            }
        });
        self.give(job)
            .map_err(|error| StoreError::because("no thread can be started", error))?;
        match tokio::time::timeout(PATIENCE, told).await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(StoreError::new("the thread that asks the keyring panicked")),
            Err(_) => Err(StoreError::new(format!(
                "the keyring does not answer within {} s: it may wait to be unlocked",
                PATIENCE.as_secs()
            ))
            .with_kind(StoreErrorKind::Locked)),
        }
    }

    fn give(&self, mut job: Job) -> io::Result<()> {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(alive) = jobs.as_ref() {
            match alive.send(job) {
                Ok(()) => return Ok(()),
                // It panicked: another one takes its place.
                Err(mpsc::SendError(back)) => job = back,
            }
        }
        let (give, take) = mpsc::channel();
        thread::Builder::new()
            .name("perennial-keyring".to_owned())
            .spawn(move || take.iter().for_each(|job: Job| job()))?;
        drop(give.send(job));
        *jobs = Some(give);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::poll_fn, task::Poll};

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().start_paused(true).build();
        runtime.unwrap().block_on(future)
    }

    #[test]
    fn a_keyring_that_does_not_answer_is_locked_and_what_was_given_up_is_not_done() {
        block_on(async {
            let (thread, (open, gate)) = (Thread::default(), mpsc::channel::<()>());
            let (tell, told) = mpsc::channel();
            let mut stuck = Box::pin(thread.run(move |gone| {
                let _ = tell.send(gone());
                let _ = gate.recv();
                let _ = tell.send(gone());
                Ok(())
            }));
            let begun = poll_fn(|context| Poll::Ready(stuck.as_mut().poll(context).is_pending()));
            assert!(begun.await);
            assert_eq!(told.recv(), Ok(false));
            let error = stuck.await.unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::Locked);
            assert!(error.to_string().contains("unlocked"), "{error}");
            let skipped = thread.run(|_| -> Result<(), _> { panic!("its caller is gone") });
            assert!(skipped.await.is_err());
            drop(open);
            assert_eq!(told.recv(), Ok(true), "it knows that its caller is gone");
        });
    }

    #[test]
    fn a_panic_ends_one_job_alone() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
        runtime.unwrap().block_on(async {
            let thread = Thread::default();
            let error = thread.run(|_| -> Result<(), _> { panic!("a fault") }).await;
            assert!(error.unwrap_err().to_string().contains("panicked"));
            // The end of the thread is not the end of the job, so it may take a second attempt.
            while thread.run(|_| Ok(7)).await.is_err() {}
            assert_eq!(thread.run(|_| Ok(7)).await.unwrap(), 7);
        });
    }
}
