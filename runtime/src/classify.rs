//! Which answers are the session's: the access token is not valid any more, or it is all over.

use crate::{
    Answer,
    endpoint::{Api, Expired, SessionPolicy, Source},
    envelope,
    session::{Power, Refusal},
};
use http::{HeaderMap, StatusCode, header::WWW_AUTHENTICATE};
use std::{fmt, sync::Arc};

/// Tells which answers are the session's.
///
/// The trait's `session(…)` and `envelope(…)` say the same; a policy given to the builder takes
/// their place.
///
/// ```
/// use perennial::{Classify, Client, Session, classify::Verdict};
///
/// let policy = Classify::envelope("code").refresh(&[401, 40101]).expired(402);
/// let client = Client::builder()
///     .base_url("http://127.0.0.1:8080")
///     .session(Session::fixed("token"))
///     .classify(policy)
///     .build()?;
///
/// // Or all by oneself:
/// let own = Classify::with(|status, headers, body| match status.as_u16() {
///     403 if headers.contains_key("x-token-expired") => Verdict::Refresh,
///     400 if body.starts_with(b"expired") => Verdict::Refresh,
///     _ => Verdict::Other,
/// });
/// # let _ = (client, own);
/// # Ok::<(), perennial::Error>(())
/// ```
#[derive(Clone)]
pub struct Classify(Rule);

#[derive(Clone)]
enum Rule {
    Codes {
        refresh: Vec<i64>,
        expired: Expired,
        status: bool,
        field: Option<String>,
    },
    Own(Arc<Own>),
}

type Own = dyn Fn(StatusCode, &HeaderMap, &[u8]) -> Verdict + Send + Sync;

/// What an answer means to the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Nothing: it is the API's own.
    Other,
    /// The access token is not valid any more; a new one helps.
    Refresh,
    /// The session is over.
    Expired,
    /// The same of the scheme with this name alone, of several: `bearer`, or the name of a header,
    /// query parameter or cookie.
    RefreshOf(&'static str),
    /// The session of this scheme is over.
    ExpiredOf(&'static str),
}

impl Classify {
    /// The HTTP status alone: 401, and 402 where the session refreshes through a typed endpoint.
    pub fn status() -> Self {
        Self::codes(true, None)
    }

    /// The code in this member of a JSON body alone, whatever the HTTP status.
    pub fn envelope(field: impl Into<String>) -> Self {
        Self::codes(false, Some(field.into()))
    }

    /// The HTTP status, and the code in this member of a JSON body.
    pub fn both(field: impl Into<String>) -> Self {
        Self::codes(true, Some(field.into()))
    }

    /// A function of the status, the headers and the first 64 KiB of the body.
    pub fn with<F>(own: F) -> Self
    where
        F: Fn(StatusCode, &HeaderMap, &[u8]) -> Verdict + Send + Sync + 'static,
    {
        Self(Rule::Own(Arc::new(own)))
    }

    /// The codes that say that the access token is not valid any more, in place of 401.
    pub fn refresh(mut self, codes: &[i64]) -> Self {
        if let Rule::Codes { refresh, .. } = &mut self.0 {
            *refresh = codes.to_vec();
        }
        self
    }

    /// The code that says that the session is over, wherever it is read.
    pub fn expired(mut self, code: i64) -> Self {
        if let Rule::Codes { expired, .. } = &mut self.0 {
            *expired = Expired::Code(code);
        }
        self
    }

    /// No code says that the session is over; only a refused refresh does.
    pub fn never_expired(mut self) -> Self {
        if let Rule::Codes { expired, .. } = &mut self.0 {
            *expired = Expired::Never;
        }
        self
    }

    fn codes(status: bool, field: Option<String>) -> Self {
        Self(Rule::Codes {
            refresh: vec![401],
            expired: Expired::Convention,
            status,
            field,
        })
    }

    fn rules(&self) -> Rules<'_> {
        match &self.0 {
            Rule::Codes {
                refresh,
                expired,
                status,
                field,
            } => Rules {
                refresh,
                expired: *expired,
                status: *status,
                envelope: field.as_deref().map_or(InEnvelope::No, InEnvelope::Member),
                own: None,
            },
            Rule::Own(own) => Rules {
                refresh: &[],
                expired: Expired::Never,
                status: false,
                envelope: InEnvelope::No,
                own: Some(own),
            },
        }
    }
}

impl fmt::Debug for Classify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Rule::Codes {
                refresh,
                expired,
                status,
                field,
            } => f
                .debug_struct("Classify")
                .field("refresh", refresh)
                .field("expired", expired)
                .field("status", status)
                .field("field", field)
                .finish(),
            Rule::Own(_) => f.write_str("Classify(own)"),
        }
    }
}

/// A refusal, if it is one, and the scheme it is about, if it names one.
type Said = Option<(Refusal, Option<&'static str>)>;

/// The rules that hold for one call.
pub(crate) struct Rules<'a> {
    refresh: &'a [i64],
    expired: Expired,
    status: bool,
    envelope: InEnvelope<'a>,
    own: Option<&'a Arc<Own>>,
}

enum InEnvelope<'a> {
    No,
    /// The one that the trait describes, opened already.
    Opened,
    /// A member of the body, read for this purpose.
    Member(&'a str),
}

impl<'a> Rules<'a> {
    /// The builder's policy, else the trait's (or the one its session was given), else the default.
    pub(crate) fn of(builder: Option<&'a Classify>, policy: &SessionPolicy, api: &Api) -> Self {
        if let Some(classify) = builder {
            return classify.rules();
        }
        let envelope = api.envelope.is_some();
        let (status, envelope) = match policy.from {
            Source::Default => (true, envelope),
            Source::Status => (true, false),
            Source::Envelope => (false, envelope),
            Source::Both => (true, envelope),
        };
        Self {
            refresh: policy.refresh,
            expired: policy.expired,
            status,
            envelope: if envelope {
                InEnvelope::Opened
            } else {
                InEnvelope::No
            },
            own: None,
        }
    }

    /// What the status alone says; a session that cannot refresh is never ended by it.
    pub(crate) fn by_status(&self, status: StatusCode, power: Power) -> Option<Refusal> {
        if !self.status {
            return None;
        }
        let code = i64::from(status.as_u16());
        let over = match self.expired {
            Expired::Convention => power == Power::Endpoint && code == 402,
            Expired::Code(expired) => power != Power::None && code == expired,
            Expired::Never => false,
        };
        self.refusal(code, over)
    }

    /// The code in the body, once it is read and its envelope opened.
    pub(crate) fn code(&self, answer: &Answer) -> Option<i64> {
        let opened = answer.opened.as_ref().map(|opened| opened.code);
        match self.envelope {
            InEnvelope::No => None,
            InEnvelope::Opened => opened,
            InEnvelope::Member(field) => {
                opened.or_else(|| Some(envelope::open(&answer.body, field, "", "")?.code))
            }
        }
    }

    /// What a code in the body says.
    pub(crate) fn by_code(&self, code: i64) -> Option<Refusal> {
        let over = match self.expired {
            Expired::Convention => code == 402,
            Expired::Code(expired) => code == expired,
            Expired::Never => false,
        };
        self.refusal(code, over)
    }

    /// The function of one's own, where there is one; it sees the first 64 KiB.
    ///
    /// It may name the scheme that was refused.
    pub(crate) fn own(&self) -> Option<impl Fn(StatusCode, &HeaderMap, &[u8]) -> Said> {
        let own = self.own?;
        Some(
            move |status, headers: &HeaderMap, head: &[u8]| match own(status, headers, head) {
                Verdict::Other => None,
                Verdict::Refresh => Some((Refusal::AccessExpired, None)),
                Verdict::Expired => Some((Refusal::SessionDead, None)),
                Verdict::RefreshOf(scheme) => Some((Refusal::AccessExpired, Some(scheme))),
                Verdict::ExpiredOf(scheme) => Some((Refusal::SessionDead, Some(scheme))),
            },
        )
    }

    fn refusal(&self, code: i64, over: bool) -> Option<Refusal> {
        match () {
            () if self.refresh.contains(&code) => Some(Refusal::AccessExpired),
            () if over => Some(Refusal::SessionDead),
            () => None,
        }
    }
}

/// Whether the challenge asks for something that a new token of the same kind is not.
///
/// `insufficient_scope` is RFC 6750, `insufficient_user_authentication` RFC 9470 (step-up),
/// `use_dpop_nonce` RFC 9449.
pub(crate) fn is_incurable(headers: &HeaderMap) -> bool {
    const CODES: [&str; 3] = [
        "insufficient_scope",
        "insufficient_user_authentication",
        "use_dpop_nonce",
    ];
    headers
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|challenge| {
            challenge
                .split([',', ' '])
                .filter_map(|parameter| parameter.trim().strip_prefix("error="))
                .any(|error| CODES.contains(&error.trim_matches('"')))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::EnvelopeSpec;
    use http::HeaderValue;

    const API: Api = Api {
        envelope: Some(EnvelopeSpec::fields("code", "msg", "data", &[0])),
        ..Api::new("ShopApi")
    };
    const BARE: Api = Api::new("ShopApi");
    const ON_402: SessionPolicy = SessionPolicy {
        expired: Expired::Code(402),
        ..SessionPolicy::DEFAULT
    };

    fn status(policy: SessionPolicy, status: u16, power: Power) -> Option<Refusal> {
        let status = StatusCode::from_u16(status).unwrap();
        Rules::of(None, &policy, &API).by_status(status, power)
    }

    fn body(policy: SessionPolicy, api: &Api, body: &'static str) -> Option<Refusal> {
        let mut answer = Answer::new(StatusCode::OK, body);
        if let Some(envelope) = &api.envelope {
            envelope.open(&mut answer);
        }
        let rules = Rules::of(None, &policy, api);
        rules.by_code(rules.code(&answer)?)
    }

    #[test]
    fn an_http_402_counts_by_who_refreshes() {
        use Power::{Endpoint, None as Nobody, OAuth2};
        let default = SessionPolicy::DEFAULT;
        assert_eq!(status(default, 402, Endpoint), Some(Refusal::SessionDead));
        assert_eq!(status(default, 402, OAuth2), None);
        assert_eq!(status(default, 402, Nobody), None);
        assert_eq!(status(ON_402, 402, OAuth2), Some(Refusal::SessionDead));
        assert_eq!(status(ON_402, 402, Nobody), None);
        let never = SessionPolicy {
            expired: Expired::Never,
            ..default
        };
        assert_eq!(status(never, 402, Endpoint), None);
        assert_eq!(status(never, 401, Nobody), Some(Refusal::AccessExpired));
        let elsewhere = SessionPolicy {
            from: Source::Envelope,
            ..default
        };
        assert_eq!(status(elsewhere, 401, Endpoint), None);
    }

    #[test]
    fn codes_in_an_envelope_count() {
        let default = SessionPolicy::DEFAULT;
        assert_eq!(
            body(default, &API, r#"{"code":401}"#),
            Some(Refusal::AccessExpired)
        );
        assert_eq!(
            body(default, &API, r#"{"code":402}"#),
            Some(Refusal::SessionDead)
        );
        assert_eq!(
            body(default, &API, r#"{"code":0,"data":{"code":401}}"#),
            None
        );
        assert_eq!(body(default, &BARE, r#"{"code":401}"#), None);
        let other = SessionPolicy {
            refresh: &[498],
            ..default
        };
        assert_eq!(body(other, &API, r#"{"code":401}"#), None);
        assert_eq!(
            body(other, &API, r#"{"code":498}"#),
            Some(Refusal::AccessExpired)
        );
        let status = SessionPolicy {
            from: Source::Status,
            ..default
        };
        assert_eq!(body(status, &API, r#"{"code":401}"#), None);
    }

    #[test]
    fn a_policy_of_the_builder_takes_the_place_of_the_traits() {
        let classify = Classify::envelope("errno").refresh(&[7]).expired(8);
        let rules = Rules::of(Some(&classify), &SessionPolicy::DEFAULT, &BARE);
        let by_body =
            |body: &'static str| rules.by_code(rules.code(&Answer::new(StatusCode::OK, body))?);
        assert_eq!(by_body(r#"{"errno":7}"#), Some(Refusal::AccessExpired));
        assert_eq!(by_body(r#"{"errno":8}"#), Some(Refusal::SessionDead));
        assert_eq!(by_body(r#"{"errno":9}"#), None);
        assert_eq!(
            rules.by_status(StatusCode::UNAUTHORIZED, Power::Endpoint),
            None
        );
    }

    #[test]
    fn challenges_that_a_new_token_does_not_answer() {
        let check = |challenge: &str| {
            let mut headers = HeaderMap::new();
            headers.append(
                WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"x\""),
            );
            headers.append(WWW_AUTHENTICATE, HeaderValue::from_str(challenge).unwrap());
            is_incurable(&headers)
        };
        assert!(check(
            r#"Bearer realm="a", error="insufficient_scope", scope="b""#
        ));
        assert!(check("Bearer error=insufficient_user_authentication"));
        assert!(check(r#"DPoP error="use_dpop_nonce""#));
        assert!(!check(
            r#"Bearer error="invalid_token", error_description="insufficient_scope""#
        ));
        assert!(!check("Bearer"));
    }
}
