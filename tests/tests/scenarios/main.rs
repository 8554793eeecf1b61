//! The scenarios of the session protocol, against a real server on loopback.
//!
//! Each test asserts on the back end's ledger. Order comes from gates, from the clock that the
//! test moves and from waiting for ledger entries, never from sleeping.

mod back_end;
mod clocks;
mod conventions;
mod grants;
mod guards;
mod identity;
mod late;
mod leaks;
mod limits;
mod outcomes;
mod proactive;
mod redirects;
mod reentrance;
mod replays;
mod retries;
mod reuse;
mod runtimes;
mod schemes;
mod secrets;
mod shop;
mod single_flight;
mod uncertain;
mod verdicts;
mod wire;
