//! What the test tells the back end to do otherwise.

use super::Backend;
use super::canned::Canned;
use super::gate::Gate;
use super::record::Request;
use std::fmt;
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
    /// Does what was asked, and closes the connection in the middle of the answer.
    Tear,
}

type Condition = Box<dyn Fn(&Request) -> bool + Send>;

pub(super) struct Rule {
    path: String,
    conditions: Vec<Condition>,
    which: RangeInclusive<usize>,
    seen: usize,
    effects: Vec<Effect>,
}

impl Rule {
    /// Counts the request if the rule is about it; the effects if it is its turn.
    pub(super) fn apply(&mut self, request: &Request) -> Option<Vec<Effect>> {
        if request.path != self.path || !self.conditions.iter().all(|holds| holds(request)) {
            return None;
        }
        self.seen += 1;
        self.which
            .contains(&self.seen)
            .then(|| self.effects.clone())
    }
}

/// A rule in the making: which requests, then what is to happen to them.
///
/// Several rules may apply to one request; each counts on its own, and of several answers the
/// first one that was ruled is given. Rules hold from now on and for good.
///
/// ```
/// use perennial::testing::{Backend, Gate, REFRESH};
///
/// let backend = Backend::start();
/// backend.on("/orders").first(2).deny();
/// backend.on(REFRESH).nth(1).throttle(5);
/// backend.on(REFRESH).nth(2).lose();
/// let later = Gate::closed();
/// backend.on("/orders").nth(3).hold(&later);
/// ```
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
        self.effects([Effect::Stall(gate.clone())]);
    }

    /// Hangs: the request is read and never looked at, and the connection stays open.
    pub fn hang(self) {
        self.stall(&Gate::closed());
    }

    /// Decides at once, but gives the answer only when the gate opens.
    pub fn hold(self, gate: &Gate) {
        self.effects([Effect::Hold(gate.clone())]);
    }

    /// Answers with this, whatever the application would say.
    pub fn answer(self, answer: Canned) {
        self.effects([Effect::Answer(answer)]);
    }

    /// Answers 401, "the access token has expired", whatever token it is.
    pub fn deny(self) {
        let answer = self.backend.convention().expired();
        self.answer(answer);
    }

    /// Answers 401 late: not before the gate opens.
    pub fn deny_late(self, gate: &Gate) {
        let answer = self.backend.convention().expired();
        self.effects([Effect::Answer(answer), Effect::Hold(gate.clone())]);
    }

    /// Answers 402, "the session is over", whatever token it is.
    pub fn over(self) {
        let answer = self.backend.convention().over();
        self.answer(answer);
    }

    /// Answers 429 with `Retry-After` in seconds, and spends no token.
    pub fn throttle(self, seconds: u64) {
        self.answer(Canned::status(429).header("retry-after", &seconds.to_string()));
    }

    /// Answers 503, as during a deployment, and spends no token.
    pub fn unavailable(self) {
        self.answer(Canned::status(503));
    }

    /// Answers with an HTML page, as a proxy in front of the back end does; spends no token.
    pub fn html(self, status: u16) {
        self.answer(Canned::html(status));
    }

    /// Closes the connection before the request was looked at.
    pub fn ignore(self) {
        self.effects([Effect::Ignore]);
    }

    /// Loses the response: does what was asked, then closes the connection without an answer.
    pub fn lose(self) {
        self.effects([Effect::Lose]);
    }

    /// Tears the response: does what was asked, sends half of the answer's body, then closes the
    /// connection.
    pub fn tear(self) {
        self.effects([Effect::Tear]);
    }

    /// Closes a connection that was kept alive under the request that comes on it.
    pub fn refuse_kept_alive(self) {
        self.when(|request| request.turn > 1).ignore();
    }

    fn effects(self, effects: impl Into<Vec<Effect>>) {
        self.backend.add(Rule {
            path: self.path,
            conditions: self.conditions,
            which: self.which,
            seen: 0,
            effects: effects.into(),
        });
    }
}

impl fmt::Debug for On<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("On")
            .field("path", &self.path)
            .field("which", &self.which)
            .finish_non_exhaustive()
    }
}
