//! A gate holds what the back end does until the test lets it go on.

use tokio::sync::watch;

/// Closed until the test opens it; then open for good. Clones are the same gate.
///
/// ```
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// use perennial::testing::Gate;
///
/// let gate = Gate::closed();
/// let waits = tokio::spawn({ let gate = gate.clone(); async move { gate.passed().await } });
/// gate.open();
/// waits.await
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Gate {
    open: watch::Sender<bool>,
}

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn closed() -> Self {
        Self {
            open: watch::Sender::new(false),
        }
    }

    /// Lets everything through that waits here, and all that comes later.
    pub fn open(&self) {
        self.open.send_replace(true);
    }

    /// Waits until the gate is open.
    pub async fn passed(&self) {
        let mut open = self.open.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = open.wait_for(|open| *open).await;
    }
}
