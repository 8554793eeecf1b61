//! Schemes that put the token into a header.

use crate::session::Credential;
use http::{HeaderMap, HeaderName, header};

/// The prefix of RFC 6750, section 2.1.
const BEARER: &str = "Bearer ";

/// Where a token goes. Later schemes (query, cookie, several at once) are further variants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// `Authorization: Bearer …`
    Bearer,
    /// A header of the back end's own, with what stands before the token.
    Header {
        name: HeaderName,
        prefix: &'static str,
    },
}

impl Scheme {
    /// A header by name, as an attribute spells it; none if it is no header name.
    pub(crate) fn named(name: &str, prefix: &'static str) -> Option<Self> {
        Some(Self::Header {
            name: name.parse().ok()?,
            prefix,
        })
    }

    /// The header that is removed when a redirect leaves the allowed origins.
    pub(crate) fn name(&self) -> &HeaderName {
        match self {
            Self::Bearer => &header::AUTHORIZATION,
            Self::Header { name, .. } => name,
        }
    }

    /// Puts the token on a request, in place of what may be there.
    ///
    /// # Errors
    /// [`Unfit`] if the token holds what a header cannot carry.
    #[inline]
    pub(crate) fn render(&self, token: &Credential, headers: &mut HeaderMap) -> Result<(), Unfit> {
        let prefix = match self {
            Self::Bearer => BEARER,
            Self::Header { prefix, .. } => prefix,
        };
        let value = token.header(prefix).ok_or(Unfit)?;
        headers.insert(self.name().clone(), value);
        Ok(())
    }
}

/// A token that no header can carry; what it is stays untold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unfit;
