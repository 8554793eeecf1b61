//! Every order of events, within bounds: processes that share a store, their calls, a server that
//! rotates refresh tokens and ends the family when it sees a spent one, and what may go wrong.
//!
//! Everything the machine is told is a step of its own, and so is everything done outside: whatever
//! can come between two steps does. Time passes only where nothing else can happen, or as an accident
//! (`Pause`), and then up to any deadline there is; so every step can be late, and every lease lapse.
//! The bounds are those of [`setting`]: so many calls, so many processes, and at most so many accidents
//! in one run, of any of the kinds named there. A request that the server has not seen by its deadline
//! it never sees: what a network delays for longer no client can know.
//!
//! | | checked here | where |
//! |---|---|---|
//! | I1 | one refresh outstanding per sign-in, over all processes | `server::presents` |
//! | I2 | no token twice but under `reuse` or `suspect_retries`, and not while an earlier one may be answered | `server::presents` |
//! | I3 | a parked call has a flight or its end; nothing waits for ever; one end per flight | `calls`, `invariants`, `moves`, `world` |
//! | I4 | no third send | `calls::carry` |
//! | I5 | generations grow; older pairs never displace newer ones, in memory or in the store; nothing across epochs | `invariants`, `store`, `server` |
//! | I6 | a call is sent again as whom it was sent first | `calls::carry` |
//! | I7 | an error takes no valid token away; only the server or a person ends a session | `invariants` |
//! | I8 | a waiter's deadline is its own; its going away fails no other call | `calls`, `invariants::denied` |
//!
//! I9 (callbacks and wakers outside of locks) and I10 (no secrets in what is printed) are no matters
//! of the machine: `tests/schedules` and the tests of secrets see to them.

mod accidents;
mod calls;
mod fingerprint;
mod invariants;
mod moves;
mod search;
mod server;
mod setting;
mod store;
mod tasks;
mod world;

use super::super::{FlightId, Machine, Moment, State, Verdict, flight::Flight};
use setting::Setting;
use std::time::{Instant, SystemTime};

/// What the calendar says when the monotonic clock says zero.
const BASE: SystemTime = SystemTime::UNIX_EPOCH;

/// Explores `settings` and prints how large they are; answers how many states there are.
fn explore(settings: impl Iterator<Item = &'static Setting>) -> usize {
    let (mut all, mut faults) = (0, 0);
    for setting in settings {
        let start = Instant::now();
        let found = search::explore(setting);
        let seconds = start.elapsed().as_secs_f32();
        match found {
            Ok(states) => {
                println!("{states:>10} states in {seconds:>6.1} s: {}", setting.name);
                all += states;
            }
            Err(example) => {
                println!(
                    "a counter-example of {} steps: {}",
                    example.steps.len(),
                    setting.name
                );
                println!("{example}");
                faults += 1;
            }
        }
    }
    println!("{all:>10} states in all");
    assert_eq!(faults, 0, "counter-examples were found");
    all
}

#[test]
fn every_order_within_small_bounds() {
    assert!(explore(setting::BOUNDED.iter()) > 10_000);
}

/// Far bounds take minutes, and a release build: `just explore`. The variable holds `near`, `middle`,
/// `all`, or a part of the names of those that are to be explored.
#[test]
fn every_order_within_far_bounds() {
    let Ok(wanted) = std::env::var("PERENNIAL_EXPLORE") else {
        println!("skipped every_order_within_far_bounds: needs PERENNIAL_EXPLORE (just explore)");
        return;
    };
    let (near, middle) = (setting::BOUNDED.iter(), setting::MIDDLE.iter());
    match wanted.as_str() {
        "near" => explore(near),
        "middle" => explore(middle),
        _ => {
            let all = near.chain(middle).chain(setting::WHOLE);
            explore(all.filter(|setting| wanted == "all" || setting.name.contains(&wanted)))
        }
    };
}
