//! What a store holds for one session.

use crate::Secret;
use std::{
    fmt,
    time::{Duration, SystemTime},
};

/// One sign-in's current pair, and whether its refresh token is being spent.
#[derive(Clone, Debug)]
pub struct Record {
    pub(crate) version: u64,
    pub(crate) sign_in: SignIn,
    pub(crate) serial: Serial,
    pub(crate) access: Secret,
    pub(crate) refresh: Option<Secret>,
    /// False once a refresh brought no new refresh token: such servers do not rotate.
    pub(crate) rotates: bool,
    pub(crate) obtained_at: SystemTime,
    pub(crate) lifetime: Option<Duration>,
    pub(crate) marker: Option<Marker>,
}

impl Record {
    /// The number of the write that left the record as it is.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The same record with the version that a store gives it.
    pub fn with_version(mut self, version: u64) -> Self {
        self.version = version;
        self
    }

    /// The sign-in it belongs to.
    pub fn sign_in(&self) -> SignIn {
        self.sign_in
    }

    /// The marker, if it speaks of the refresh token that is in the record.
    pub(crate) fn live_marker(&self) -> Option<&Marker> {
        self.marker
            .as_ref()
            .filter(|marker| marker.serial == self.serial)
    }
}

/// The identity of one act of signing in, drawn at random.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SignIn(pub(crate) u128);

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Which pair of a sign-in: its number, and the attempt that won it from the pair before.
///
/// The order is that of age: of two answers to one refresh token the higher attempt's is newer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Serial {
    pub(crate) number: u64,
    pub(crate) attempt: u32,
}

impl Serial {
    /// The pair that presenting this one's refresh token for the `attempt`th time brings.
    pub(crate) fn successor(self, attempt: u32) -> Self {
        Self {
            number: self.number + 1,
            attempt,
        }
    }
}

/// Written before a refresh token is sent: from now on it may have been spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Marker {
    /// The pair whose refresh token it is.
    pub(crate) serial: Serial,
    /// How many times the token has been presented, this one included.
    pub(crate) attempt: u32,
    /// When it was presented first: a server's window for reuse starts there.
    pub(crate) sent_at: SystemTime,
    /// After that nobody waits for the answer to the last presentation.
    pub(crate) deadline: SystemTime,
    pub(crate) doubt: Doubt,
}

/// What is known of the last presentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// No answer.
    Unanswered,
    /// An answer that does not tell whether the token was spent: a server error.
    Suspect,
}
