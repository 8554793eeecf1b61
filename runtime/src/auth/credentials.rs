//! The sessions and schemes that take part in one request.
//!
//! One scheme is the rule and costs nothing more than its token. Several at once (AND) each have
//! a session and a ticket of their own; of alternatives (OR) the first with a live session is
//! taken, and stays.

use super::{
    Place, challenge,
    join::join,
    part::{Fault, Part},
};
use crate::{
    Session,
    error::RefreshError,
    session::{Admission, Ask, BoxFuture, Denied, Power, Refusal, replayed},
};
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use std::mem;
use url::Url;

/// What authenticates one request, from its first send to the end of its replay.
#[derive(Debug, Default)]
pub(crate) struct Credentials {
    /// The alternative in use; the first one before [`admit`](Self::admit).
    chosen: Alternative,
    /// Those to be tried after it; one without parts is to go without.
    others: Box<[Alternative]>,
    /// A renewal that failed while another one made a replay worth trying.
    failed: Option<RefreshError>,
}

/// Schemes that are used together.
#[derive(Debug, Default)]
pub(super) struct Alternative {
    /// The client's own credentials, which are nobody's session.
    pub(super) basic: Option<Box<HeaderValue>>,
    pub(super) first: Option<Part>,
    pub(super) more: Vec<Part>,
}

/// What is known about who is to blame for a refusal.
pub(crate) struct Blame<'a> {
    pub(crate) refusal: Refusal,
    /// The scheme that the policy names, if it names one.
    pub(crate) scheme: Option<&'a str>,
    /// The refusal's headers, whose challenges may name one.
    pub(crate) headers: &'a HeaderMap,
    /// Whether the request was sent for the second time.
    pub(crate) replayed: bool,
}

impl Credentials {
    /// One session, whose token goes to one place.
    pub(crate) fn one(place: Place, session: Session) -> Self {
        let mut chosen = Alternative::default();
        chosen.push(Part::new(place, session));
        Self::any(chosen, Vec::new())
    }

    /// Alternatives in their order.
    pub(super) fn any(first: Alternative, others: Vec<Alternative>) -> Self {
        Self {
            chosen: first,
            others: others.into(),
            failed: None,
        }
    }

    /// Whether the request may go another way where nobody is signed in.
    pub(crate) fn is_choice(&self) -> bool {
        !self.others.is_empty()
    }

    /// Before the first send: puts tokens on the request, and waits for a renewal where there is
    /// no usable one. `ask` says whether there [is a choice](Self::is_choice).
    ///
    /// # Errors
    /// [`Fault`]: no alternative has a live session, or the one that has cannot get a token.
    pub(crate) async fn admit(&mut self, ask: &Ask, headers: &mut HeaderMap) -> Result<(), Fault> {
        // The hot path: what most calls do, with neither a lock nor a wait.
        if self.chosen.serve(ask, headers)? {
            return Ok(());
        }
        if let Some(part) = self.chosen.only() {
            let admission = part.session.admit(ask).await?;
            if part.follow(admission, headers)? {
                return Ok(());
            }
        } else if self.chosen.admit(ask, headers).await? {
            return Ok(());
        }
        for other in &mut self.others {
            if other.admit(ask, headers).await? {
                self.chosen = mem::take(other);
                return Ok(());
            }
        }
        // Nobody is signed in anywhere: the first one says why.
        let ask = Ask {
            optional: false,
            ..ask.clone()
        };
        Box::pin(self.chosen.admit(&ask, headers)).await.map(drop)
    }

    /// Puts tokens on the request that can be had at once; false if that is not all of them.
    pub(crate) fn serve(&mut self, ask: &Ask, headers: &mut HeaderMap) -> bool {
        matches!(self.chosen.serve(ask, headers), Ok(true))
    }

    /// Whether the request carries a token of a session's.
    pub(crate) fn is_carried(&self) -> bool {
        self.chosen.parts().any(|part| part.ticket.is_some())
    }

    /// Adds what goes into the URL or among the cookies to a request that is about to go out,
    /// which must not be kept: a replay starts from the request without.
    pub(crate) fn dress(&self, url: &mut Url, headers: &mut HeaderMap) {
        self.chosen
            .parts()
            .for_each(|part| part.dress(url, headers));
    }

    /// Tells the sessions concerned that their token was refused; puts what to send the request
    /// again with in its place.
    ///
    /// # Errors
    /// [`Fault`]: the request is not to be sent again, and this is why.
    pub(crate) async fn refused(
        &mut self,
        ask: &Ask,
        blame: Blame<'_>,
        headers: &mut HeaderMap,
    ) -> Result<(), Fault> {
        // The policy knows a scheme that this request does without.
        if blame.scheme.is_some_and(|scheme| !self.knows(scheme)) {
            let replayable = !ask.one_shot;
            return Err(Denied::Unauthorized { replayable }.into());
        }
        if let Some(part) = self.chosen.only() {
            let Some(ticket) = &part.ticket else {
                return Err(Denied::Changed.into());
            };
            let session = &part.session;
            let (refusal, replayed) = (blame.refusal, blame.replayed);
            let next = session.refused(ask, ticket, refusal, replayed).await?;
            let next = session.place(ask, next).await?;
            part.carry(next, headers)?;
        } else {
            // Rare, and large: those who wait for one session need not hold it.
            Box::pin(self.several(ask, blame, headers)).await?;
        }
        replayed();
        Ok(())
    }

    /// AND: every session that may be to blame renews itself, and there is one replay.
    async fn several(
        &mut self,
        ask: &Ask,
        blame: Blame<'_>,
        headers: &mut HeaderMap,
    ) -> Result<(), Fault> {
        let mut accused = self.chosen.accused(&blame);
        let refusal = match blame.refusal {
            // Nobody is signed out on a suspicion: the refresh endpoints know who is meant.
            Refusal::SessionDead if accused.len() > 1 => Refusal::AccessExpired,
            refusal => refusal,
        };
        let answers: Vec<BoxFuture<'_, _>> = accused
            .iter()
            .filter_map(|part| Some((part.session.clone(), part.ticket.clone()?)))
            .map(|(session, ticket)| -> BoxFuture<'_, _> {
                Box::pin(
                    async move { session.refused(ask, &ticket, refusal, blame.replayed).await },
                )
            })
            .collect();
        let (mut renewed, mut unauthorized) = (Vec::new(), None);
        for (at, answer) in join(answers).await.into_iter().enumerate() {
            match answer {
                Ok(ticket) => renewed.push((at, ticket)),
                Err(Denied::Refresh(error)) => drop(self.failed.get_or_insert(error)),
                Err(denied @ Denied::Unauthorized { .. }) => unauthorized = Some(denied),
                // Whoever is over, or someone else now: no replay can be the same request.
                Err(denied) => return Err(denied.into()),
            }
        }
        if renewed.is_empty() {
            let failed = self.failed.take().map(Denied::Refresh);
            let replayable = !ask.one_shot;
            let nobody = Denied::Unauthorized { replayable };
            return Err(failed.or(unauthorized).unwrap_or(nobody).into());
        }
        // Places are waited for one after the other, in an order that all requests share: two that
        // hold what the other waits for would wait for ever.
        renewed.sort_by_key(|(at, _)| accused[*at].session.identity());
        for (at, ticket) in renewed {
            let part = &mut accused[at];
            let ticket = part.session.place(ask, ticket).await?;
            part.carry(ticket, headers)?;
        }
        Ok(())
    }

    /// Whether a scheme of this name takes part.
    pub(crate) fn knows(&self, scheme: &str) -> bool {
        self.chosen.parts().any(|part| part.place.is_called(scheme))
    }

    /// Tells the sessions that their tokens were not refused.
    pub(crate) fn accepted(&self, ask: &Ask) {
        for part in self.chosen.parts() {
            if let Some(ticket) = &part.ticket {
                part.session.accepted(ask, ticket);
            }
        }
    }

    /// What the sessions can do about a dead token: as much as the ablest of them.
    pub(crate) fn power(&self) -> Power {
        let mut powers = self.chosen.parts().map(|part| part.session.power());
        let first = powers.next().unwrap_or(Power::None);
        powers.fold(first, |ablest, power| match (ablest, power) {
            (Power::Endpoint, _) | (_, Power::Endpoint) => Power::Endpoint,
            (Power::OAuth2, _) | (_, Power::OAuth2) => Power::OAuth2,
            (Power::None, Power::None) => Power::None,
        })
    }
}

impl Alternative {
    pub(super) fn push(&mut self, part: Part) {
        match &self.first {
            None => self.first = Some(part),
            Some(_) => self.more.push(part),
        }
    }

    pub(super) fn parts(&self) -> impl Iterator<Item = &Part> {
        self.first.iter().chain(&self.more)
    }

    fn parts_mut(&mut self) -> impl Iterator<Item = &mut Part> {
        self.first.iter_mut().chain(&mut self.more)
    }

    /// The one part there is, where nothing else could be to blame.
    fn only(&mut self) -> Option<&mut Part> {
        let alone = self.more.is_empty() && self.basic.is_none();
        self.first.as_mut().filter(|_| alone)
    }

    /// Puts the tokens on the request that can be had at once; whether these were all.
    #[inline]
    fn serve(&mut self, ask: &Ask, headers: &mut HeaderMap) -> Result<bool, Fault> {
        for part in self.parts_mut() {
            if !part.serve(ask, headers)? {
                return Ok(false);
            }
        }
        self.put_basic(headers);
        Ok(true)
    }

    fn put_basic(&self, headers: &mut HeaderMap) {
        if let Some(basic) = &self.basic {
            headers.insert(AUTHORIZATION, HeaderValue::clone(basic));
        }
    }

    /// The same, waiting where it must; false if nobody is signed in for one of the schemes.
    async fn admit(&mut self, ask: &Ask, headers: &mut HeaderMap) -> Result<bool, Fault> {
        let waiting = self.parts_mut().filter(|part| part.ticket.is_none());
        let mut waiting: Vec<_> = waiting.collect();
        let asked = waiting.iter().map(|part| -> BoxFuture<'_, _> {
            let session = part.session.clone();
            Box::pin(async move { session.admit(ask).await })
        });
        let answers: Vec<Result<Admission, Denied>> = join(asked.collect()).await;
        let mut live = true;
        for (part, answer) in waiting.iter_mut().zip(answers) {
            live &= part.follow(answer?, headers)?;
        }
        if !live {
            self.parts_mut().for_each(|part| part.withdraw(headers));
            return Ok(false);
        }
        self.put_basic(headers);
        Ok(true)
    }

    /// Those who may be to blame: whom the policy or a challenge names, else everybody who could
    /// do something about it.
    fn accused(&mut self, blame: &Blame<'_>) -> Vec<&mut Part> {
        let named = |part: &Part| match blame.scheme {
            Some(scheme) => part.place.is_called(scheme),
            None => challenge::names(blame.headers, part.place.challenge()),
        };
        let any = self.parts().any(named);
        let client = !any && self.basic.is_some() && challenge::names(blame.headers, "basic");
        let able = |part: &Part| part.session.power() != Power::None;
        let concerned = |part: &Part| !client && (!any || named(part));
        let some_able = self.parts().any(|part| concerned(part) && able(part));
        self.parts_mut()
            .filter(|part| concerned(part) && (!some_able || able(part)))
            .filter(|part| part.ticket.is_some())
            .collect()
    }
}
