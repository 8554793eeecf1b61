//! A request that could not be built.

use std::{borrow::Cow, error, fmt, sync::Arc};

type Source = Box<dyn error::Error + Send + Sync>;

/// A request, or a client, that could not be built; nothing was sent.
///
/// ```
/// use perennial::RequestError;
///
/// let error = RequestError::new("the moon is full");
/// assert_eq!(error.to_string(), "the moon is full");
/// ```
#[derive(Clone, Debug)]
pub struct RequestError(Arc<(Cow<'static, str>, Option<Source>)>);

impl RequestError {
    /// Says what was found and what was expected, and never repeats a secret.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new((message.into(), None)))
    }

    /// The same with its cause.
    pub fn because(message: impl Into<Cow<'static, str>>, source: impl Into<Source>) -> Self {
        Self(Arc::new((message.into(), Some(source.into()))))
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.0)
    }
}

impl error::Error for RequestError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.1.as_deref().map(|source| source as _)
    }
}
