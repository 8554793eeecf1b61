//! What the back end does when no rule says otherwise.

use super::canned::Canned;
use super::convention::{Convention, Place, field};
use super::grants::{Grants, Worth};
use super::ledger::Ledger;
use super::record::Request;
use super::rule::{Effect, Rule};
use super::{LOGIN, OPEN, REFRESH};
use serde_json::json;
use std::sync::Mutex;

/// All that a back end is, but for its sockets.
pub(super) struct Application {
    pub(super) convention: Convention,
    pub(super) place: Place,
    pub(super) ledger: Ledger,
    pub(super) state: Mutex<State>,
}

pub(super) struct State {
    pub(super) grants: Grants,
    pub(super) rules: Vec<Rule>,
}

/// The connection is to be closed without an answer.
#[derive(Debug)]
pub(super) struct Closed;

impl Application {
    /// Takes a request to its answer, as the rules of the test have it.
    pub(super) async fn serve(&self, mut request: Request) -> Result<Canned, Closed> {
        request.token = self.place.token(&request);
        let effects: Vec<Effect> = {
            let mut state = self.state();
            let applied = state.rules.iter_mut().filter_map(|r| r.apply(&request));
            applied.flatten().collect()
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
                Effect::Tear => return Ok(answer.torn()),
                _ => {}
            }
        }
        self.ledger
            .write(|record| record.requests[number].answer = Some(answer.status));
        Ok(answer)
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
        let Some(user) = field(&request.body, "user") else {
            return self.convention.refusal(400, "who are you?");
        };
        let pair = self.state().grants.sign_in(&user);
        self.convention.pair(&pair)
    }

    fn refresh(&self, request: &Request) -> Canned {
        let Some(token) = self.convention.refresh_token(request) else {
            return self.convention.refusal(400, "a refresh token is missing");
        };
        let pair = self.ledger.judge(&mut self.state().grants, token);
        match pair {
            Some(pair) => self.convention.pair(&pair),
            None => self.convention.rejected(),
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

impl std::fmt::Debug for Application {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Application")
            .field("convention", &self.convention)
            .finish_non_exhaustive()
    }
}
