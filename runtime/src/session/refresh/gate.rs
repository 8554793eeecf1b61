//! The last check before a refresh token leaves the process.

use std::{error, fmt, sync::Arc};

/// Stands between a refresh request and the network.
///
/// What passes it counts as sent, and a refresh token that was sent may have been spent. What
/// never passed it was not sent, whatever the transport's error says.
#[derive(Clone)]
pub struct Gate(Arc<dyn Fn() -> Result<(), GateClosed> + Send + Sync>);

impl Gate {
    /// A gate that asks `check`.
    pub(crate) fn new(check: impl Fn() -> Result<(), GateClosed> + Send + Sync + 'static) -> Self {
        Self(Arc::new(check))
    }

    /// A gate that lets everyone pass, to try a refresher out.
    pub fn open() -> Self {
        Self::new(|| Ok(()))
    }

    /// Passes the gate; the request must be written right after it.
    ///
    /// # Errors
    /// [`GateClosed`] if the refresh came too late or was overtaken, or if the gate was passed
    /// before: one refresh sends its token once.
    pub fn pass(&self) -> Result<(), GateClosed> {
        (self.0)()
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gate")
    }
}

/// Why a refresh token must not be sent any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GateClosed {
    /// Someone signed in or out meanwhile.
    Overtaken,
    /// The deadline, or the lease of the lock, has passed.
    Late,
    /// This refresh has sent its token before.
    Passed,
}

impl fmt::Display for GateClosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Overtaken => "the session has changed since this refresh began",
            Self::Late => "the refresh is past its deadline",
            Self::Passed => "the refresh token was sent before",
        })
    }
}

impl error::Error for GateClosed {}
