//! What a session has been through, for a bug report.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// How many transitions are kept.
const KEPT: usize = 64;

/// The name of a session's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StateName {
    /// Nobody is signed in.
    SignedOut,
    /// Signed in.
    Active,
    /// A refresh is under way.
    Refreshing,
    /// The last refresh failed and the next one is not due yet.
    Backoff,
    /// Only signing in helps.
    Expired,
}

impl StateName {
    /// The name as traces, spans and metrics have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Active => "active",
            Self::Refreshing => "refreshing",
            Self::Backoff => "backoff",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for StateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One change of a session's state; it holds no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transition {
    /// When, by the calendar of the session's clock.
    pub at: SystemTime,
    /// What the session was doing.
    pub from: StateName,
    /// What it is doing since.
    pub to: StateName,
    /// What made it change, in a word or two.
    pub why: &'static str,
    /// The refresh that begins or ends with it, counted from 1.
    pub flight: Option<u64>,
    /// The sign-in, counted from 1; a sign-out counts, too.
    pub epoch: u64,
    /// The pair of tokens, counted from 1 over all sign-ins.
    pub generation: u64,
}

/// The last 64 transitions of a session, oldest first; from [`Session::trace`](super::Session::trace).
///
/// Its `Display` is made for a bug report. There is no token in it, and no name of anybody.
///
/// ```
/// use perennial::{Session, Tokens};
///
/// let session = Session::new(Tokens::new("access").refresh_token("refresh"));
/// session.sign_out();
/// let trace = session.trace();
/// assert_eq!(trace.transitions().len(), 2);
/// assert!(trace.to_string().contains("active → signed_out"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct SessionTrace {
    transitions: Vec<Transition>,
    forgotten: u64,
}

impl SessionTrace {
    /// The transitions, oldest first.
    pub fn transitions(&self) -> &[Transition] {
        &self.transitions
    }

    /// How many there were before these.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }
}

impl fmt::Display for SessionTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = self.transitions.first() else {
            return f.write_str("the session has not changed its state");
        };
        let since = first.at.duration_since(UNIX_EPOCH).unwrap_or_default();
        write!(
            f,
            "session trace, from {}.{:03} s (Unix time)",
            since.as_secs(),
            since.subsec_millis()
        )?;
        if self.forgotten > 0 {
            write!(f, ", {} earlier transitions forgotten", self.forgotten)?;
        }
        for moved in &self.transitions {
            let (sign, since) = match moved.at.duration_since(first.at) {
                Ok(since) => ('+', since),
                // The calendar was set back meanwhile.
                Err(before) => ('-', before.duration()),
            };
            let Transition {
                from,
                to,
                why,
                epoch,
                generation,
                ..
            } = moved;
            write!(
                f,
                "\n{sign}{:.3} s  {from} → {to}: {why}",
                since.as_secs_f64()
            )?;
            if let Some(flight) = moved.flight {
                write!(f, ", flight {flight}")?;
            }
            write!(f, ", sign-in {epoch}, tokens {generation}")?;
        }
        Ok(())
    }
}

/// A transition as the machine knows it, which has no calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) from: StateName,
    pub(crate) to: StateName,
    pub(crate) why: &'static str,
    pub(crate) flight: Option<u64>,
    pub(crate) epoch: u64,
    pub(crate) generation: u64,
}

impl Moved {
    pub(super) fn at(self, at: SystemTime) -> Transition {
        let Self {
            from,
            to,
            why,
            flight,
            epoch,
            generation,
        } = self;
        Transition {
            at,
            from,
            to,
            why,
            flight,
            epoch,
            generation,
        }
    }
}

/// Keeps the last transitions. They come numbered, since two threads may bring theirs in another
/// order than that in which they happened.
#[derive(Default)]
pub(super) struct Ring(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    last: VecDeque<(u64, Transition)>,
    /// When the refresh under way began, by the monotonic clock.
    began: Option<(u64, Duration)>,
}

impl Ring {
    pub(super) fn push(&self, number: u64, transition: Transition) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.last.partition_point(|(other, _)| *other < number);
        kept.last.insert(at, (number, transition));
        if kept.last.len() > KEPT {
            kept.last.pop_front();
        }
    }

    /// Notes that a refresh begins, or answers how long it took.
    pub(super) fn lap(&self, transition: &Transition, now: Duration) -> Option<Duration> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let flight = transition.flight?;
        if transition.to == StateName::Refreshing {
            kept.began = Some((flight, now));
            return None;
        }
        let (_, began) = kept.began.take_if(|(begun, _)| *begun == flight)?;
        Some(now.saturating_sub(began))
    }

    pub(super) fn read(&self) -> SessionTrace {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        SessionTrace {
            transitions: kept
                .last
                .iter()
                .map(|(_, transition)| *transition)
                .collect(),
            forgotten: kept.last.front().map_or(0, |(number, _)| number - 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(number: u64) -> Transition {
        let moved = Moved {
            from: StateName::Active,
            to: StateName::Refreshing,
            why: "401",
            flight: Some(number),
            epoch: 1,
            generation: 1,
        };
        moved.at(UNIX_EPOCH + Duration::from_millis(1500 * number))
    }

    #[test]
    fn the_last_ones_are_kept_in_order() {
        let ring = Ring::default();
        for number in (1..=70).rev() {
            ring.push(number, moved(number));
        }
        let trace = ring.read();
        assert_eq!((trace.transitions().len(), trace.forgotten()), (KEPT, 6));
        assert!(trace.transitions().is_sorted_by_key(|moved| moved.at));
    }

    #[test]
    fn a_report_reads_well() {
        let ring = Ring::default();
        assert_eq!(
            ring.read().to_string(),
            "the session has not changed its state"
        );
        ring.push(1, moved(1));
        ring.push(
            2,
            Transition {
                flight: None,
                to: StateName::Expired,
                ..moved(2)
            },
        );
        assert_eq!(
            ring.read().to_string(),
            "session trace, from 1.500 s (Unix time)\n\
             +0.000 s  active → refreshing: 401, flight 1, sign-in 1, tokens 1\n\
             +1.500 s  active → expired: 401, sign-in 1, tokens 1"
        );
    }
}
