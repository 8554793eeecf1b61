//! One token of a request.

use super::{Place, Unfit};
use crate::{
    Secret, Session,
    session::{Admission, Ask, Denied, Ticket},
};
use http::HeaderMap;
use url::Url;

/// Why a request is not sent, or not sent again.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The session says so.
    Denied(Denied),
    /// The token holds what its place cannot carry.
    Unfit,
}

impl From<Denied> for Fault {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<Unfit> for Fault {
    fn from(_: Unfit) -> Self {
        Self::Unfit
    }
}

/// Whose token, where it goes, and which one the request carries.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) place: Place,
    pub(super) session: Session,
    pub(super) ticket: Option<Ticket>,
    /// What goes into the URL or among the cookies once the request goes out: a replay starts from
    /// a request that does not have it.
    written: Option<Secret>,
}

impl Part {
    pub(super) fn new(place: Place, session: Session) -> Self {
        Self {
            place,
            session,
            ticket: None,
            written: None,
        }
    }

    /// The hot path: whether there was a token that nothing is to be decided about.
    #[inline]
    pub(super) fn serve(&mut self, ask: &Ask, headers: &mut HeaderMap) -> Result<bool, Unfit> {
        let (place, written) = (&self.place, &mut self.written);
        let carry = |token: &_| place.put(token, headers, written);
        match self.session.serve(ask, carry) {
            None => Ok(false),
            Some(served) => {
                self.ticket = Some(served?);
                Ok(true)
            }
        }
    }

    /// Follows what the session said; whether there is a token.
    pub(super) fn follow(
        &mut self,
        admission: Admission,
        headers: &mut HeaderMap,
    ) -> Result<bool, Unfit> {
        match admission {
            Admission::Carry(ticket) => self.carry(ticket, headers).map(|()| true),
            Admission::Bare => Ok(false),
        }
    }

    /// Puts the token that had to be waited for on the request.
    pub(super) fn carry(
        &mut self,
        mut ticket: Ticket,
        headers: &mut HeaderMap,
    ) -> Result<(), Unfit> {
        if let Some(token) = ticket.token.take() {
            self.place
                .put(&token.credential, headers, &mut self.written)?;
        }
        self.ticket = Some(ticket);
        Ok(())
    }

    /// Takes the token off the request.
    pub(super) fn withdraw(&mut self, headers: &mut HeaderMap) {
        if self.ticket.take().is_some() {
            self.place.withdraw(headers, &mut self.written);
        }
    }

    /// Adds what is no header of its own to a request that goes out.
    pub(super) fn dress(&self, url: &mut Url, headers: &mut HeaderMap) {
        if let Some(written) = &self.written {
            self.place.dress(written, url, headers);
        }
    }
}
