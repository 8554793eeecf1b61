//! Which endpoints have taken which pair: noted for each answer, so without a lock.

use std::{
    array,
    sync::atomic::{AtomicU64, Ordering},
};

/// As many as an API's busy endpoints; two may share a place.
const PLACES: usize = 64;

/// Who refuses a pair that it took before refuses it because the pair has ended (rule 2).
///
/// Whoever loses its place to another endpoint counts as one that never took the pair, which is
/// what the rule supposes of everybody.
pub(super) struct Taken([AtomicU64; PLACES]);

impl Default for Taken {
    fn default() -> Self {
        Self(array::from_fn(|_| AtomicU64::new(0)))
    }
}

impl Taken {
    /// Notes that the endpoint took the pair of this generation.
    pub(super) fn note(&self, endpoint: usize, generation: u64) {
        let (place, stamp) = self.place(endpoint, generation);
        // Written once for each pair: cores that only read do not wait for each other.
        if place.load(Ordering::Relaxed) != stamp {
            place.store(stamp, Ordering::Relaxed);
        }
    }

    /// Whether that was noted last of those that share its place.
    pub(super) fn holds(&self, endpoint: usize, generation: u64) -> bool {
        let (place, stamp) = self.place(endpoint, generation);
        place.load(Ordering::Relaxed) == stamp
    }

    fn place(&self, endpoint: usize, generation: u64) -> (&AtomicU64, u64) {
        // Fibonacci hashing: the upper bits of the product depend on all of the address.
        let hash = (endpoint as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = (hash >> 58) as usize % PLACES;
        (&self.0[place], hash.wrapping_add(generation).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_a_place_is_kept() {
        let taken = Taken::default();
        assert!(!taken.holds(7, 1));
        taken.note(7, 1);
        assert!(taken.holds(7, 1));
        assert!(!taken.holds(7, 2), "another pair");
        assert!(!taken.holds(8, 1), "another endpoint");
        let shares = |other: &usize| {
            let (of, with) = (taken.place(7, 1).0, taken.place(*other, 1).0);
            std::ptr::eq(of, with)
        };
        let other = (8..10_000).find(shares).unwrap();
        taken.note(other, 1);
        assert!(taken.holds(other, 1) && !taken.holds(7, 1));
    }
}
