//! What a token endpoint answers (RFC 6749, sections 5.1 and 5.2).

use crate::{
    Answer, OAuth2Tokens, Tokens,
    execute::drain,
    refresh_http::{refusal, whole},
    session::{RefreshFailure, Refused},
};
use http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use serde_json::Value;
use std::mem;

/// How answers are read, beside what the RFC says.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    /// Words that mean `invalid_grant`.
    pub(super) rejected: Vec<String>,
    /// Token types that the API's scheme understands, beside `Bearer`.
    pub(super) types: Vec<String>,
}

impl Reading {
    pub(super) async fn read(
        &self,
        mut response: reqwest::Response,
    ) -> Result<Tokens, RefreshFailure> {
        let status = response.status();
        let headers = mem::take(response.headers_mut());
        if !status.is_success() {
            let body = drain(response).await;
            let answer = Answer {
                status,
                headers,
                body,
                opened: None,
            };
            return Err(self.translate(refusal(&answer)).into());
        }
        self.tokens(status, &headers, &whole(response).await?)
    }

    fn tokens(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Tokens, RefreshFailure> {
        if let Some(error) = error_in_success(body) {
            let refused = Refused::new(status).headers(headers).oauth_error(error);
            return Err(self.translate(refused).into());
        }
        let answer: OAuth2Tokens =
            serde_json::from_slice(body).map_err(|why| unreadable(&why, headers))?;
        self.understand(answer.token_type())?;
        Ok(answer.into())
    }

    /// A server's own word for `invalid_grant` is replaced by that.
    fn translate(&self, mut refused: Refused) -> Refused {
        let known = |error: &String| self.rejected.contains(error);
        if refused.oauth_error.as_ref().is_some_and(known) {
            refused.oauth_error = Some("invalid_grant".to_owned());
        }
        refused
    }

    /// Section 7.1: a client must not use an access token whose type it does not understand. One
    /// without a type is taken as a bearer token: losing a pair that may have been rotated for it
    /// would cost the session.
    fn understand(&self, token_type: Option<&str>) -> Result<(), RefreshFailure> {
        let Some(found) = token_type else {
            return Ok(());
        };
        let mut known = self.types.iter().map(String::as_str).chain(["Bearer"]);
        if known.any(|known| known.eq_ignore_ascii_case(found)) {
            return Ok(());
        }
        // A type is a name or a URI; anything else is not repeated.
        let is_name = found.len() <= 64 && found.bytes().all(|byte| byte.is_ascii_graphic());
        let found = if is_name { found } else { "that is no name" };
        Err(RefreshFailure::unreadable(format!(
            "found the token type `{found}`, expected `Bearer` (or `.token_type(…)` on the refresher, if the API takes it)"
        )))
    }
}

/// Some servers refuse with a 200.
fn error_in_success(body: &[u8]) -> Option<String> {
    let Ok(Value::Object(mut members)) = serde_json::from_slice(body) else {
        return None;
    };
    match (members.remove("access_token"), members.remove("error")) {
        (None, Some(Value::String(error))) => Some(error),
        _ => None,
    }
}

fn unreadable(why: &serde_json::Error, headers: &HeaderMap) -> RefreshFailure {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .map(str::trim)
        .filter(|kind| kind.len() <= 64);
    let kind = kind.unwrap_or("something without a content type");
    RefreshFailure::unreadable(format!(
        "found {kind} ({why}), expected JSON with an `access_token`"
    ))
}
