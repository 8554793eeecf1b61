//! What stays the same while a call is sent, and perhaps sent again.

use super::{Failure, Outcome};
use crate::{
    Answer, Client, RequestError, SessionChanged, SessionExpired, Unauthorized,
    auth::{self, Scheme, Unfit},
    body::Kind,
    classify::{Rules, is_incurable},
    decode::Reply,
    endpoint::{Auth, Endpoint, SessionPolicy},
    error::Plain,
    request::{Draft, Request},
    session::{Admission, Ask, Credential, Denied, Power, Refusal, Session, Ticket},
};
use http::{HeaderMap, StatusCode, header::AUTHORIZATION};

pub(crate) struct Exchange {
    pub(super) client: Client,
    pub(super) endpoint: &'static Endpoint,
    /// How the session's token is put on a request; none where no session takes part.
    scheme: Option<Scheme>,
    /// Whether its failures can be about credentials at all.
    guarded: bool,
    policy: SessionPolicy,
    ask: Ask,
    raw: bool,
    optional: bool,
    claims: &'static [u16],
}

impl Exchange {
    /// Finishes the request and finds out who takes part.
    pub(super) fn start(request: Request) -> Result<(Self, Draft), Failure> {
        let (client, endpoint) = (request.client.clone(), request.endpoint);
        let policy = client.policy(endpoint.api)?;
        let (raw, optional, claims) = (request.raw, request.optional, request.claims);
        let one_shot = !request.is_replayable();
        let mut draft = request.finish()?;
        let (auth, go_bare) = match endpoint.auth() {
            Auth::Optional(auth) => (*auth, true),
            auth => (auth, false),
        };
        let scheme = if draft.trusted {
            scheme(auth, &client, endpoint, &mut draft)?
        } else {
            None
        };
        let ask = Ask {
            endpoint: std::ptr::from_ref(endpoint) as usize,
            optional: go_bare,
            one_shot,
            bytes: weight(&draft),
            deadline: None,
        };
        let guarded = auth != Auth::None;
        Ok((
            Self {
                client,
                endpoint,
                scheme,
                guarded,
                policy,
                ask,
                raw,
                optional,
                claims,
            },
            draft,
        ))
    }

    /// The session, where it takes part in this call, and how its token is put on a request.
    fn session(&self) -> Option<(&Session, &Scheme)> {
        self.client.session().zip(self.scheme.as_ref())
    }

    /// Puts a token on the request; waits for a renewal if there is no usable one.
    pub(super) async fn admit(&self, headers: &mut HeaderMap) -> Result<Option<Ticket>, Failure> {
        let Some((session, scheme)) = self.session() else {
            return Ok(None);
        };
        let carry = |token: &Credential| scheme.render(token, headers);
        if let Some(served) = session.serve(&self.ask, carry) {
            return served.map(Some).map_err(unfit);
        }
        match session.admit(&self.ask).await {
            Ok(Admission::Carry(ticket)) => carry_on(ticket, scheme, headers).map(Some),
            Ok(Admission::Bare) => Ok(None),
            Err(denied) => Err(deny(denied, None)),
        }
    }

    /// Tells the session that the token was refused; puts the one to replay with in its place.
    pub(super) async fn refused(
        &self,
        ticket: &Ticket,
        refusal: Refusal,
        replayed: bool,
        answer: Answer,
        headers: &mut HeaderMap,
    ) -> Result<Ticket, Failure> {
        let Some((session, scheme)) = self.session() else {
            return Err(deny(Denied::Changed, Some(answer)));
        };
        match session.refused(&self.ask, ticket, refusal, replayed).await {
            Ok(ticket) => carry_on(ticket, scheme, headers),
            Err(denied) => Err(deny(denied, Some(answer))),
        }
    }

    /// Tells the session that the token was not refused.
    pub(super) fn accepted(&self, ticket: Option<&Ticket>) {
        if let (Some((session, _)), Some(ticket)) = (self.session(), ticket) {
            session.accepted(&self.ask, ticket);
        }
    }

    /// A refusal of a request that carried no token of the session's.
    pub(super) fn bare(&self, refusal: Refusal, answer: Answer) -> Outcome {
        match refusal {
            Refusal::SessionDead => self.conclude(answer),
            _ => Err(Plain::from(Unauthorized::new(!self.ask.one_shot, answer)).into()),
        }
    }

    /// Success or refusal, by status and envelope.
    pub(super) fn conclude(&self, answer: Answer) -> Outcome {
        let endpoint = self.endpoint;
        let status = answer.status.as_u16();
        let absent = u16::try_from(answer.code()).is_ok_and(|code| endpoint.none.contains(&code));
        let envelope = endpoint.api.envelope;
        let refused = envelope.is_some_and(|envelope| envelope.refuses(&answer));
        let empty = self.optional && answer.status == StatusCode::NOT_MODIFIED;
        if self.raw || absent || empty || (endpoint.is_ok(status) && !refused) {
            return Ok(Reply { answer, absent });
        }
        Err(Failure::Refused(Box::new(answer)))
    }

    /// The rules by which an answer is the session's; none if it can never be.
    pub(super) fn rules(&self) -> Option<Rules<'_>> {
        let builder = self.client.settings().classify.as_ref();
        self.guarded
            .then(|| Rules::of(builder, &self.policy, self.endpoint.api))
    }

    /// Whether the method has a meaning of its own for this status or code.
    pub(super) fn owns(&self, code: i64) -> bool {
        let claimed = |code| self.claims.contains(&code);
        u16::try_from(code).is_ok_and(claimed) || self.endpoint.owns(code)
    }

    /// What the status alone says to the session.
    pub(super) fn by_status(&self, rules: &Rules<'_>, status: StatusCode) -> Option<Refusal> {
        if self.owns(i64::from(status.as_u16())) {
            return None;
        }
        let power = self
            .session()
            .map_or(Power::None, |(session, _)| session.power());
        rules.by_status(status, power)
    }

    /// What the whole answer says to the session.
    pub(super) fn by_body(&self, rules: &Rules<'_>, answer: &Answer) -> Option<Refusal> {
        let code = rules.code(answer).filter(|code| !self.owns(*code))?;
        rules.by_code(code)
    }
}

/// A refusal that a new token of the same kind would meet again.
pub(super) fn cure(refusal: Refusal, headers: &HeaderMap) -> Refusal {
    match refusal {
        Refusal::AccessExpired if is_incurable(headers) => Refusal::Incurable,
        refusal => refusal,
    }
}

/// How the token is put on the request. What authenticates the client is put on it right here.
fn scheme(
    auth: Auth,
    client: &Client,
    endpoint: &Endpoint,
    draft: &mut Draft,
) -> Result<Option<Scheme>, RequestError> {
    let scheme = match auth {
        Auth::None | Auth::Inherit | Auth::Optional(_) => return Ok(None),
        Auth::Basic => return basic(client, endpoint, draft).map(|()| None),
        Auth::Bearer => Scheme::Bearer,
        Auth::Header { name, prefix } => Scheme::named(name, prefix).ok_or_else(|| {
            RequestError::new(format!("{}: `{name}` is no header name", endpoint.name))
        })?,
    };
    // What the call itself says counts more than what its session would.
    Ok(Some(scheme).filter(|scheme| !draft.headers.contains_key(scheme.name())))
}

pub(crate) fn basic(
    client: &Client,
    endpoint: &Endpoint,
    draft: &mut Draft,
) -> Result<(), RequestError> {
    if draft.headers.contains_key(AUTHORIZATION) {
        return Ok(());
    }
    let Some((id, secret)) = &client.settings().credentials else {
        return Err(RequestError::new(format!(
            "{}: it authenticates the client, expected `.client_credentials(…)` on the builder",
            endpoint.name
        )));
    };
    let value = auth::basic(id, secret).ok_or_else(|| {
        RequestError::new("the client's credentials hold a character that a header cannot carry")
    })?;
    draft.headers.insert(AUTHORIZATION, value);
    Ok(())
}

/// What a call does for its token when there is one to be had, for the bench to measure alone.
///
/// Says whether there was one.
pub fn inject(session: &Session, headers: &mut HeaderMap) -> bool {
    let carry = |token: &Credential| Scheme::Bearer.render(token, headers);
    matches!(session.serve(&Ask::default(), carry), Some(Ok(_)))
}

/// Puts the token that had to be waited for on the request.
fn carry_on(
    mut ticket: Ticket,
    scheme: &Scheme,
    headers: &mut HeaderMap,
) -> Result<Ticket, Failure> {
    if let Some(token) = ticket.token.take() {
        scheme.render(&token.credential, headers).map_err(unfit)?;
    }
    Ok(ticket)
}

fn unfit(_: Unfit) -> Failure {
    RequestError::new("the token holds a character that a header cannot carry").into()
}

/// What a request keeps in memory while it waits, near enough.
fn weight(draft: &Draft) -> usize {
    let body = match &draft.body {
        Some(Kind::Bytes(bytes)) => bytes.len(),
        _ => 0,
    };
    body + draft.url.as_str().len()
}

fn deny(denied: Denied, answer: Option<Answer>) -> Failure {
    let error: Plain = match (denied, answer) {
        (Denied::Expired(reason), Some(answer)) => SessionExpired::answered(reason, answer).into(),
        (Denied::Expired(reason), None) => SessionExpired::new(reason).into(),
        (Denied::Changed, _) => SessionChanged::new().into(),
        (Denied::Refresh(error), _) => error.into(),
        (Denied::Unauthorized { replayable }, answer) => {
            let answer = answer.unwrap_or_else(|| Answer::new(StatusCode::UNAUTHORIZED, ""));
            Unauthorized::new(replayable, answer).into()
        }
    };
    error.into()
}
