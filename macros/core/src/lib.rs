//! The model of an API: its parser, rules, printer and expansion.

pub mod api;
pub mod check;
pub mod derive;
pub mod expand;
mod mistake;
pub mod parse;
pub mod print;
mod shape;
mod suggest;

pub use mistake::{Mistake, Mistakes};
