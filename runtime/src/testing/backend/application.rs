//! What the back end does when no rule says otherwise.

use super::canned::Canned;
use super::convention::{Convention, token_in};
use super::grants::{Grants, Verdict, Worth};
use super::ledger::{Ledger, Presentation, Request, Rotation};
use super::rule::{Effect, Rule};
use super::{LOGIN, OPEN, REFRESH};
use http::HeaderMap;
use serde_json::json;
use std::sync::Mutex;

/// All that a back end is, but for its sockets.
pub(super) struct Application {
    pub(super) convention: Convention,
    pub(super) header: (&'static str, &'static str),
    pub(super) ledger: Ledger,
    pub(super) state: Mutex<State>,
}

pub(super) struct State {
    pub(super) grants: Grants,
    pub(super) rules: Vec<Rule>,
    pub(super) lifetime: Option<u64>,
}

/// The connection is to be closed without an answer.
#[derive(Debug)]
pub(super) struct Closed;

impl Application {
    /// Takes a request to its answer, as the rules of the test have it.
    pub(super) async fn serve(&self, request: Request) -> Result<Canned, Closed> {
        let effects: Vec<Effect> = {
            let mut state = self.state();
            state
                .rules
                .iter_mut()
                .filter_map(|rule| rule.apply(&request))
                .collect()
        };
        // What is not put off is decided before the ledger shows the request: a test that waits
        // for it may change the world, and the rules for the next one, without changing this answer.
        let put_off = |effect: &Effect| matches!(effect, Effect::Ignore | Effect::Stall(_));
        let decided = (!effects.iter().any(put_off)).then(|| self.answer(&effects, &request));
        let number = self.ledger.write(|record| {
            record.requests.push(request.clone());
            record.requests.len() - 1
        });
        for effect in &effects {
            match effect {
                Effect::Ignore => return Err(Closed),
                Effect::Stall(gate) => gate.passed().await,
                _ => {}
            }
        }
        let answer = decided.unwrap_or_else(|| self.answer(&effects, &request));
        for effect in &effects {
            match effect {
                Effect::Hold(gate) => gate.passed().await,
                Effect::Lose => return Err(Closed),
                _ => {}
            }
        }
        self.ledger
            .write(|record| record.requests[number].answer = Some(answer.status));
        Ok(answer)
    }

    pub(super) fn token(&self, headers: &HeaderMap) -> Option<String> {
        token_in(headers, self.header)
    }

    pub(super) fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("nothing panics while it holds the state")
    }

    fn answer(&self, effects: &[Effect], request: &Request) -> Canned {
        let canned = effects.iter().find_map(|effect| match effect {
            Effect::Answer(answer) => Some(answer.clone()),
            _ => None,
        });
        canned.unwrap_or_else(|| self.decide(request))
    }

    fn decide(&self, request: &Request) -> Canned {
        match request.path.as_str() {
            REFRESH => self.refresh(request),
            LOGIN => self.log_in(request),
            path if path.starts_with(OPEN) => self.echo(request, None),
            _ => self.guarded(request),
        }
    }

    fn log_in(&self, request: &Request) -> Canned {
        let mut fields = url::form_urlencoded::parse(&request.body);
        let user = fields
            .find(|(name, _)| name == "user")
            .map(|(_, user)| user.into_owned());
        let Some(user) = user else {
            return self.convention.refusal(400, "who are you?");
        };
        let mut state = self.state();
        let pair = state.grants.sign_in(&user);
        self.convention.pair(&pair, state.lifetime)
    }

    fn refresh(&self, request: &Request) -> Canned {
        let Some(token) = self.convention.refresh_token(request) else {
            return self.convention.refusal(400, "a refresh token is missing");
        };
        let mut state = self.state();
        let (verdict, pair) = state.grants.refresh(&token);
        let revoked = (verdict == Verdict::Reused)
            .then(|| state.grants.owner(&token))
            .flatten();
        self.ledger.write(|record| {
            if let Some(pair) = &pair {
                let access = pair.access.clone();
                record.rotations.push(Rotation {
                    spent: token.clone(),
                    access,
                });
            }
            record.presentations.push(Presentation { token, verdict });
            record.revocations.extend(revoked);
        });
        match pair {
            Some(pair) => self.convention.pair(&pair, state.lifetime),
            None => self.convention.over(),
        }
    }

    fn guarded(&self, request: &Request) -> Canned {
        let Some(token) = &request.token else {
            return self.convention.expired();
        };
        let (worth, user) = {
            let state = self.state();
            (
                state.grants.worth(token),
                state.grants.user(token).map(str::to_owned),
            )
        };
        match worth {
            Worth::Good => self.echo(request, user),
            Worth::Expired => self.convention.expired(),
            Worth::Over => self.convention.over(),
        }
    }

    fn echo(&self, request: &Request, user: Option<String>) -> Canned {
        self.convention.success(&json!({
            "method": request.method.as_str(),
            "path": request.path,
            "query": request.query,
            "body": String::from_utf8_lossy(&request.body),
            "user": user,
        }))
    }
}
