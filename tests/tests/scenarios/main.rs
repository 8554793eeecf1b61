//! The scenarios of the session protocol, against a real server on loopback.
//!
//! Each test asserts on the back end's ledger. Order comes from gates and from waiting for ledger
//! entries, never from sleeping.

mod back_end;
