//! How a request is authenticated: where a credential goes, whose it is, and who is to blame when
//! it is refused.

mod basic;
mod challenge;
mod choice;
mod credentials;
mod join;
mod part;
mod scheme;
mod sessions;

pub(crate) use basic::basic;
pub(crate) use choice::Choice;
pub(crate) use credentials::{Blame, Credentials};
pub(crate) use part::Fault;
pub use scheme::Scheme;
pub(crate) use scheme::{Place, Unfit};
pub(crate) use sessions::Sessions;
