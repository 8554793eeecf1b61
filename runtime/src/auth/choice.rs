//! From what a method says about its authentication to who takes part in one request.

use super::{Credentials, Place, basic::client_credentials, credentials::Alternative, part::Part};
use crate::{
    Client, RequestError, Session,
    endpoint::{Auth, Endpoint},
};
use http::{HeaderMap, header::AUTHORIZATION};
use std::slice;
use url::Url;

/// A request that is to be authenticated.
pub(crate) struct Choice<'a> {
    pub(crate) client: &'a Client,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) url: &'a Url,
    pub(crate) headers: &'a HeaderMap,
}

impl Choice<'_> {
    /// Who takes part, by what the method says.
    ///
    /// What the request says itself counts more than what a session would.
    ///
    /// # Errors
    /// Names the scheme that nobody gave a session for, and says how to.
    pub(crate) fn resolve(&self, auth: &Auth) -> Result<Credentials, RequestError> {
        match auth {
            Auth::None | Auth::Inherit => Ok(Credentials::default()),
            Auth::Any(alternatives) => self.any(alternatives),
            Auth::All(_) | Auth::Basic => self.any(slice::from_ref(auth)),
            one => self.one(one),
        }
    }

    /// The rule: one scheme.
    fn one(&self, scheme: &Auth) -> Result<Credentials, RequestError> {
        let place = self.place(scheme)?;
        if place.is_taken(self.url, self.headers) {
            return Ok(Credentials::default());
        }
        let session = self.session(&place, &mut None)?.clone();
        Ok(Credentials::one(place, session))
    }

    fn any(&self, alternatives: &[Auth]) -> Result<Credentials, RequestError> {
        let (mut first, mut others) = (None, Vec::new());
        let (mut bare, mut missing) = (false, None);
        for alternative in alternatives {
            if *alternative == Auth::None {
                bare = true;
                continue;
            }
            match self.alternative(alternative) {
                Ok(None) => return Ok(Credentials::default()),
                Ok(Some(found)) if first.is_none() => first = Some(found),
                Ok(Some(found)) => others.push(found),
                Err(error) => drop(missing.get_or_insert(error)),
            }
        }
        match (first, missing) {
            (Some(first), _) => {
                others.extend(bare.then(Alternative::default));
                Ok(Credentials::any(first, others))
            }
            (None, Some(missing)) if !bare => Err(missing),
            _ => Ok(Credentials::default()),
        }
    }

    /// Schemes that are used together; none if the request says all of them itself.
    fn alternative(&self, auth: &Auth) -> Result<Option<Alternative>, RequestError> {
        let schemes = match auth {
            Auth::All(schemes) => schemes,
            one => slice::from_ref(one),
        };
        let mut found = Alternative::default();
        let mut stands_in = None;
        for scheme in schemes {
            if *scheme == Auth::Basic {
                if !self.headers.contains_key(AUTHORIZATION) {
                    let basic = client_credentials(self.client, self.endpoint)?;
                    found.basic = Some(Box::new(basic));
                }
                continue;
            }
            let place = self.place(scheme)?;
            if place.is_taken(self.url, self.headers) {
                continue;
            }
            let session = self.session(&place, &mut stands_in)?.clone();
            found.push(Part::new(place, session));
        }
        let empty = found.first.is_none() && found.basic.is_none();
        Ok(Some(found).filter(|_| !empty))
    }

    fn place(&self, scheme: &Auth) -> Result<Place, RequestError> {
        let bad = |what: String| RequestError::new(format!("{}: {what}", self.endpoint.name));
        match *scheme {
            Auth::Bearer => Ok(Place::Bearer),
            Auth::Header { name, prefix } => Place::header(name, prefix)
                .ok_or_else(|| bad(format!("`{name}` is no header name"))),
            Auth::Query(name) => Ok(Place::Query(name.into())),
            Auth::Cookie(name) => Ok(Place::Cookie(name.into())),
            // The grammar does not let them stand here.
            ref other => Err(bad(format!("found {other:?}, expected a scheme"))),
        }
    }

    /// The session that was given for this scheme, else the default, which stands in for one
    /// scheme at a time: a token is not shown under two names by mistake.
    fn session(
        &self,
        place: &Place,
        stands_in: &mut Option<String>,
    ) -> Result<&Session, RequestError> {
        let sessions = self.client.sessions();
        if let Some(session) = sessions.named(place) {
            return Ok(session);
        }
        let (method, wire) = (self.endpoint.name, place.wire_name());
        let Some(session) = sessions.standing_in() else {
            return Err(RequestError::new(format!(
                "{method}: no session for {place}, expected `.session(…)` or \
                 `.session_for({wire:?}, …)` on the builder"
            )));
        };
        if let Some(other) = stands_in.replace(place.to_string()) {
            return Err(RequestError::new(format!(
                "{method}: no session for {place}, since that of `.session(…)` stands in for \
                 {other}, expected `.session_for({wire:?}, …)` on the builder"
            )));
        }
        Ok(session)
    }
}
