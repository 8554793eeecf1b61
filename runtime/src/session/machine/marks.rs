//! Endpoints that refuse whatever token they get.
//!
//! Rule 2: once a new pair was refused after a replay, (endpoint, generation) is remembered, and
//! the endpoint's further 401s start no flight. The mark falls when the endpoint accepts that
//! generation, and otherwise after five minutes, doubling each time it is confirmed.

use super::{Machine, Moment};
use std::{collections::HashMap, time::Duration};

const FIRST: Duration = Duration::from_secs(5 * 60);

#[derive(Clone, Debug, Default)]
pub(super) struct Marks(HashMap<usize, Mark>);

#[derive(Clone, Copy, Debug)]
struct Mark {
    generation: u64,
    until: Duration,
    span: Duration,
}

impl Marks {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Rule 2: the mark falls when the endpoint accepts that generation, or a later one.
    pub(super) fn accept(&mut self, endpoint: usize, generation: u64) {
        if self
            .0
            .get(&endpoint)
            .is_some_and(|mark| mark.generation <= generation)
        {
            self.0.remove(&endpoint);
        }
    }

    fn confirm(&mut self, endpoint: usize, generation: u64, now: Duration) {
        let span = match self.0.get(&endpoint) {
            // Several calls that waited for one flight confirm nothing to each other.
            Some(mark) if mark.generation == generation && now < mark.until => return,
            // Rule 2: the time doubles with each confirmation.
            Some(mark) => mark.span.saturating_mul(2),
            None => FIRST,
        };
        self.0.insert(
            endpoint,
            Mark {
                generation,
                until: now.saturating_add(span),
                span,
            },
        );
    }
}

impl Machine {
    /// The endpoint refused a pair that was fetched because it had refused the one before.
    pub(super) fn mark(&mut self, endpoint: usize, generation: u64, now: &Moment) {
        // A pair that is not the current one any more, or has ended meanwhile, proves nothing.
        if generation == self.generation && !self.is_over(Duration::ZERO, now) {
            self.marks.confirm(endpoint, generation, now.monotonic);
        }
    }

    /// Whether the endpoint's refusal of the current pair is its own.
    pub(super) fn is_marked(&self, endpoint: usize, now: &Moment) -> bool {
        let Some(mark) = self.marks.0.get(&endpoint) else {
            return false;
        };
        // Two such endpoints would else renew the pair for each other, each taking the other's
        // new generation for a new chance: a pair that is young still counts as the marked one.
        let young = self
            .pair
            .as_ref()
            .and_then(|pair| pair.access.as_ref())
            .is_some_and(|held| held.is_young(FIRST, now));
        now.monotonic < mark.until && (mark.generation == self.generation || young)
    }
}
