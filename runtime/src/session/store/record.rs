//! What a store holds for one session.

use crate::Secret;
use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

/// One sign-in: its refresh token, and the access tokens that were had for it.
///
/// A store keeps it as it is, in memory or by [`encode`](Self::encode) and
/// [`decode`](Self::decode), and gives each write a [version](Self::with_version).
///
/// ```
/// use perennial::{Record, StoreErrorKind};
///
/// let error = Record::decode(b"{\"schema\": 7}").unwrap_err();
/// assert_eq!(error.kind(), StoreErrorKind::Unsupported);
/// ```
#[derive(Clone, Debug)]
pub struct Record {
    pub(crate) version: u64,
    pub(crate) sign_in: SignIn,
    /// Which refresh token it is.
    pub(crate) serial: Serial,
    pub(crate) refresh: Option<Secret>,
    /// False once a refresh brought no new refresh token: such servers do not rotate.
    pub(crate) rotates: bool,
    /// At most one for each partition.
    pub(crate) access: Vec<Access>,
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

    /// The access token of a partition, if one was had yet.
    pub(crate) fn access(&self, partition: Option<&str>) -> Option<&Access> {
        self.access
            .iter()
            .find(|access| access.partition.as_deref() == partition)
    }

    /// Puts an access token in the place of an older one of its partition.
    pub(crate) fn put_newer(&mut self, access: Access) -> bool {
        let held = self.access(access.partition.as_deref());
        let newer = held.is_none_or(|held| held.serial < access.serial);
        if newer {
            self.access
                .retain(|other| other.partition != access.partition);
            self.access.push(access);
        }
        newer
    }

    /// Takes over another record's refresh token; nothing is known of that yet.
    pub(crate) fn renew(&mut self, by: &Self) {
        self.serial = by.serial;
        self.refresh.clone_from(&by.refresh);
        self.rotates = by.rotates;
        self.marker = None;
    }
}

/// The access token of one partition.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    /// Whose it is; none is the session itself.
    pub(crate) partition: Option<Arc<str>>,
    pub(crate) token: Secret,
    /// The pair that it came with: other partitions may have spent that pair's refresh token.
    pub(crate) serial: Serial,
    pub(crate) obtained_at: SystemTime,
    pub(crate) lifetime: Option<Duration>,
}

/// The identity of one act of signing in, drawn at random.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SignIn(pub(crate) u128);

impl SignIn {
    /// Of services, which nobody signs in to.
    pub(crate) const SERVICE: Self = Self(0);
}

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
