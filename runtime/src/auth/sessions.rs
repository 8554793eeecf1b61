//! Whose token a scheme carries.

use super::Place;
use crate::Session;

/// The sessions of a client: the default, and those of schemes by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sessions {
    default: Option<Session>,
    named: Vec<(String, Session)>,
}

impl Sessions {
    pub(crate) fn set_default(&mut self, session: Session) {
        self.default = Some(session);
    }

    /// The session of one scheme; the last one given for it stays.
    pub(crate) fn set_named(&mut self, name: String, session: Session) {
        self.named.retain(|(other, _)| *other != name);
        self.named.push((name, session));
    }

    pub(crate) fn standing_in(&self) -> Option<&Session> {
        self.default.as_ref()
    }

    /// The session that was given for this scheme by its name.
    pub(crate) fn named(&self, place: &Place) -> Option<&Session> {
        let mut named = self.named.iter();
        named
            .find(|(name, _)| place.is_called(name))
            .map(|(_, session)| session)
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Session> {
        let named = self.named.iter().map(|(_, session)| session);
        self.default.iter().chain(named)
    }

    /// Those alone that can never renew themselves.
    pub(crate) fn fixed(&self) -> Self {
        let named = self.named.iter().filter(|(_, session)| session.is_fixed());
        Self {
            default: self.default.clone().filter(Session::is_fixed),
            named: named.cloned().collect(),
        }
    }
}
