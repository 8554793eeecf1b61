//! What the test tells the back end to do otherwise.

use super::Backend;
use super::canned::Canned;
use super::gate::Gate;
use super::ledger::Request;
use std::ops::RangeInclusive;

/// What a rule does to a request it applies to.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    /// Waits before the request is looked at.
    Stall(Gate),
    /// Answers with this instead of what the application would say.
    Answer(Canned),
    /// Does what was asked, and waits before answering.
    Hold(Gate),
    /// Closes the connection without having looked at the request.
    Ignore,
    /// Does what was asked, and closes the connection without an answer.
    Lose,
}

type Condition = Box<dyn Fn(&Request) -> bool + Send>;

pub(super) struct Rule {
    path: String,
    conditions: Vec<Condition>,
    which: RangeInclusive<usize>,
    seen: usize,
    effect: Effect,
}

impl Rule {
    /// Counts the request if the rule is about it; the effect if it is its turn.
    pub(super) fn apply(&mut self, request: &Request) -> Option<Effect> {
        if request.path != self.path || !self.conditions.iter().all(|holds| holds(request)) {
            return None;
        }
        self.seen += 1;
        self.which.contains(&self.seen).then(|| self.effect.clone())
    }
}

/// A rule in the making: which requests, then what is to happen to them.
///
/// Several rules may apply to one request. Each counts on its own.
#[must_use = "a rule starts to count with what it is to do"]
pub struct On<'a> {
    backend: &'a Backend,
    path: String,
    conditions: Vec<Condition>,
    which: RangeInclusive<usize>,
}

impl<'a> On<'a> {
    pub(super) fn new(backend: &'a Backend, path: &str) -> Self {
        Self {
            backend,
            path: path.to_owned(),
            conditions: Vec::new(),
            which: 1..=usize::MAX,
        }
    }

    /// Only the n-th such request from now on, counted from 1.
    pub fn nth(self, n: usize) -> Self {
        self.which(n..=n)
    }

    /// Only the first `n` such requests from now on.
    pub fn first(self, n: usize) -> Self {
        self.which(1..=n)
    }

    /// Only those from one number to another, counted from 1.
    pub fn which(mut self, which: RangeInclusive<usize>) -> Self {
        self.which = which;
        self
    }

    /// Only requests that carry this access token.
    pub fn token(self, token: &str) -> Self {
        let token = token.to_owned();
        self.when(move |request| request.token.as_ref() == Some(&token))
    }

    /// Only requests for which this holds.
    pub fn when(mut self, holds: impl Fn(&Request) -> bool + Send + 'static) -> Self {
        self.conditions.push(Box::new(holds));
        self
    }

    /// Lets the request lie unread until the gate opens.
    pub fn stall(self, gate: &Gate) {
        self.effect(Effect::Stall(gate.clone()));
    }

    /// Decides at once, but gives the answer only when the gate opens.
    pub fn hold(self, gate: &Gate) {
        self.effect(Effect::Hold(gate.clone()));
    }

    /// Answers with this, whatever the application would say.
    pub fn answer(self, answer: Canned) {
        self.effect(Effect::Answer(answer));
    }

    /// Answers that the access token has expired, whatever token it is.
    pub fn deny(self) {
        let answer = self.backend.convention().expired();
        self.answer(answer);
    }

    /// Closes the connection before the request was looked at.
    pub fn ignore(self) {
        self.effect(Effect::Ignore);
    }

    /// Does what was asked, then closes the connection without an answer.
    pub fn lose(self) {
        self.effect(Effect::Lose);
    }

    /// Closes a connection that was kept alive under the request that comes on it.
    pub fn refuse_kept_alive(self) {
        self.when(|request| request.turn > 1).ignore();
    }

    fn effect(self, effect: Effect) {
        self.backend.add(Rule {
            path: self.path,
            conditions: self.conditions,
            which: self.which,
            seen: 0,
            effect,
        });
    }
}
