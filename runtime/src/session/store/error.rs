//! What a store could not do.

use std::{error, fmt, sync::Arc, time::Duration};

/// A store that could not do what it was asked.
///
/// ```
/// use perennial::{StoreError, StoreErrorKind};
///
/// let error = StoreError::new("the disk is full").with_kind(StoreErrorKind::Unavailable);
/// assert_eq!(error.kind(), StoreErrorKind::Unavailable);
/// assert_eq!(error.to_string(), "the disk is full");
/// ```
#[derive(Clone, Debug)]
pub struct StoreError(Arc<Cause>);

#[derive(Debug)]
struct Cause {
    kind: StoreErrorKind,
    message: String,
    source: Option<Source>,
}

type Source = Arc<dyn error::Error + Send + Sync>;

/// What sort of thing was in a store's way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The store cannot be reached, read or written: I/O, network, permission. Trying again may
    /// help.
    #[default]
    Unavailable,
    /// What is in the store is not a session's record: damaged, cut off, or of something else.
    Unreadable,
    /// What is in the store was written by a version whose format is not known here.
    Unsupported,
    /// The store is locked and has to be unlocked by its owner: a keyring, for example.
    Locked,
}

impl StoreError {
    /// Says what was wrong, without any secret. Its kind is [`StoreErrorKind::Unavailable`].
    pub fn new(message: impl Into<String>) -> Self {
        Self(Arc::new(Cause {
            kind: StoreErrorKind::default(),
            message: message.into(),
            source: None,
        }))
    }

    /// The same with its cause.
    pub fn because(
        message: impl Into<String>,
        source: impl Into<Box<dyn error::Error + Send + Sync>>,
    ) -> Self {
        Self(Arc::new(Cause {
            kind: StoreErrorKind::default(),
            message: message.into(),
            source: Some(source.into().into()),
        }))
    }

    /// A store that was waited for so long.
    pub(crate) fn silent(patience: Duration) -> Self {
        Self::new(format!("the store does not answer within {patience:?}"))
    }

    /// The same error as one of another kind.
    pub fn with_kind(self, kind: StoreErrorKind) -> Self {
        Self(Arc::new(Cause {
            kind,
            message: self.0.message.clone(),
            source: self.0.source.clone(),
        }))
    }

    /// What sort of thing was in the way.
    pub fn kind(&self) -> StoreErrorKind {
        self.0.kind
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl error::Error for StoreError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error;

    #[test]
    fn the_kind_changes_alone() {
        let error = StoreError::because("cannot be read", "no such file")
            .with_kind(StoreErrorKind::Unreadable);
        assert_eq!(error.kind(), StoreErrorKind::Unreadable);
        assert_eq!(error.to_string(), "cannot be read");
        assert_eq!(error.source().unwrap().to_string(), "no such file");
    }
}
