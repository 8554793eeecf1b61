//! What stays the same while a call is sent, and perhaps sent again.

use super::{Failure, Outcome, retry::Retries};
use crate::{
    Answer, Client, RequestError, SessionChanged, SessionExpired, Unauthorized,
    auth::{Blame, Choice, Credentials, Fault, Place},
    body::Kind,
    classify::{Rules, is_incurable},
    decode::Reply,
    endpoint::{Auth, Endpoint, SessionPolicy},
    error::Plain,
    request::{Draft, Request},
    session::{Ask, Denied, Refusal, Session},
};
use http::{HeaderMap, StatusCode};

const UNFIT: &str = "the token holds a character that its place on the request cannot carry";

pub(crate) struct Exchange {
    pub(super) client: Client,
    pub(super) endpoint: &'static Endpoint,
    pub(super) credentials: Credentials,
    /// Whether its failures can be about credentials at all.
    guarded: bool,
    pub(super) retries: Retries,
    policy: &'static SessionPolicy,
    ask: Ask,
    raw: bool,
    optional: bool,
    claims: &'static [u16],
}

impl Exchange {
    /// Finishes the request and finds out who takes part.
    pub(super) fn start(request: Box<Request>) -> Result<(Self, Draft), Failure> {
        let (client, endpoint) = (request.client.clone(), request.endpoint);
        let policy = client.policy(endpoint.api)?;
        let (raw, optional, claims) = (request.raw, request.optional, request.claims);
        let retries = Retries::of(endpoint, request.deadline());
        let one_shot = !request.is_replayable();
        let draft = request.finish()?;
        let auth = endpoint.auth();
        let credentials = if draft.trusted {
            let (url, headers) = (&draft.url, &draft.headers);
            let choice = Choice {
                client: &client,
                endpoint,
                url,
                headers,
            };
            choice.resolve(&auth)?
        } else {
            Credentials::default()
        };
        let ask = Ask {
            endpoint: std::ptr::from_ref(endpoint) as usize,
            optional: credentials.is_choice(),
            one_shot,
            bytes: weight(&draft),
        };
        Ok((
            Self {
                client,
                endpoint,
                credentials,
                guarded: auth != Auth::None,
                retries,
                policy,
                ask,
                raw,
                optional,
                claims,
            },
            draft,
        ))
    }

    /// Puts tokens on the request; waits for a renewal where there is no usable one.
    pub(super) fn admit(
        &mut self,
        headers: &mut HeaderMap,
    ) -> impl Future<Output = Result<(), Fault>> {
        self.credentials.admit(&self.ask, headers)
    }

    /// Tells the sessions that a token was refused; puts what to replay with in its place.
    pub(super) fn refused(
        &mut self,
        blame: Blame<'_>,
        headers: &mut HeaderMap,
    ) -> impl Future<Output = Result<(), Fault>> {
        self.credentials.refused(&self.ask, blame, headers)
    }

    /// Tells the sessions that their tokens were not refused.
    pub(super) fn accepted(&self) {
        self.credentials.accepted(&self.ask);
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
            .then(|| Rules::of(builder, self.policy, self.endpoint.api))
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
        rules.by_status(status, self.credentials.power())
    }

    /// What the whole answer says to the session.
    pub(super) fn by_body(&self, rules: &Rules<'_>, answer: &Answer) -> Option<Refusal> {
        let code = rules.code(answer).filter(|code| !self.owns(*code))?;
        rules.by_code(code)
    }
}

/// A refusal that a new token of the same kind would meet again.
pub(crate) fn cure(refusal: Refusal, headers: &HeaderMap) -> Refusal {
    match refusal {
        Refusal::AccessExpired if is_incurable(headers) => Refusal::Incurable,
        refusal => refusal,
    }
}

/// What a call does for its token when there is one to be had, for the bench to measure alone.
///
/// Says whether there was one.
pub fn inject(session: &Session, headers: &mut HeaderMap) -> bool {
    let carry = |token: &_| Place::Bearer.put(token, headers, &mut None);
    matches!(session.serve(&Ask::default(), carry), Some(Ok(_)))
}

/// What a request keeps in memory while it waits, near enough.
fn weight(draft: &Draft) -> usize {
    let body = draft.body.as_ref().and_then(Kind::bytes);
    body.map_or(0, bytes::Bytes::len) + draft.url.as_str().len()
}

pub(crate) fn deny(fault: Fault, answer: Option<Answer>) -> Failure {
    let denied = match fault {
        Fault::Denied(denied) => denied,
        Fault::Unfit => return RequestError::new(UNFIT).into(),
    };
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
