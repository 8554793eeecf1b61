//! A service that acts for itself: it has credentials of its own, and no refresh token.
//!
//! All its processes are the same identity, so they share one sign-in that nobody ever signs in
//! to. What comes of that elsewhere is marked `Service`.

use super::{Machine, Pair, State};
use crate::{
    error::ExpiredReason,
    session::{
        Convention,
        store::{Record, Serial, SignIn},
    },
};

impl Machine {
    pub(super) fn is_service(&self) -> bool {
        self.renewable && self.convention == Some(Convention::ClientCredentials)
    }

    /// Service: there is nothing to wait for before the first token is asked for.
    pub(super) fn stand_in(&mut self) {
        let never = matches!(
            self.state,
            State::SignedOut {
                reason: ExpiredReason::NeverSignedIn
            }
        );
        if self.is_service() && never {
            self.enter(Pair::of_a_service());
        }
    }

    /// Service: no record is not a sign-out. The store was never written to, or has lost what any
    /// process can get again.
    pub(super) fn unwritten(&self) -> Option<Record> {
        let pair = self.pair.as_ref().filter(|_| self.is_service())?;
        Some(pair.without_access().record(None, None))
    }
}

impl Pair {
    fn of_a_service() -> Self {
        Self {
            sign_in: SignIn::SERVICE,
            serial: Serial::default(),
            refresh: None,
            rotates: false,
            access: None,
        }
    }
}
